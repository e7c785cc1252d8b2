#!/usr/bin/env python3
"""Builds the wheel, installs it into a new virtual environment as pip and uvx do, and runs the program.

usage: packaging/wheel/check.py PROGRAM [TARGET]

PROGRAM must be a release build in the target folder, which maturin then uses instead of building one. Needs
maturin, and tries uvx if uv is installed. Nothing is downloaded.
"""

import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import project  # noqa: E402
from comparison import check_runs, expect, run  # noqa: E402


def build(folder: Path, target: str | None) -> Path:
    """Builds the wheel, and returns its path."""
    command = ["maturin", "build", "--quiet", "--release", "--locked", "--out", folder]
    for known in project.targets():
        if known["target"] == target:
            command += ["--target", target]
            command += [f"--compatibility={tag}" for tag in known["wheel"].split()]
    subprocess.run(command, cwd=project.ROOT, check=True)
    return next(folder.glob("*.whl"))


def check_contents(wheel: Path, program: Path) -> None:
    """Checks what a wheel contains and states."""
    with zipfile.ZipFile(wheel) as opened:
        info = f"mewshook-{project.version()}.dist-info"
        script = f"mewshook-{project.version()}.data/scripts/mewshook"
        metadata = Parser().parsestr(opened.read(f"{info}/METADATA").decode())
        names = {name for name in opened.namelist() if not name.startswith(info)}
        data = opened.read(script)
    expect("the wheel has the version of Cargo.toml", metadata["Version"], project.version())
    expect("and its licence", metadata["License-Expression"], project.manifest()["license"])
    expect("and its description", metadata["Summary"], project.manifest()["description"])
    expect("it contains the program and nothing else", names, {script})
    expect("which is the one that was given", data == program.read_bytes(), True)


def check_pip(folder: Path, wheel: Path, program: Path) -> None:
    """Installs the wheel into a new virtual environment, and removes it again."""
    venv.create(folder, with_pip=True)
    pip = [folder / "bin" / "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-index", wheel], check=True)
    command = folder / "bin" / "mewshook"
    check_runs(program, [command])
    subprocess.run([*pip, "uninstall", "--yes", "mewshook"], check=True)
    expect("pip uninstall removes it", command.exists(), False)


def check_uvx(folder: Path, wheel: Path) -> None:
    """Runs the program with uvx, if uv is installed."""
    uvx = shutil.which("uvx")
    if uvx is None:
        print("  skipped: uvx, since uv is not installed")
        return
    options = ["--quiet", "--offline", "--cache-dir", folder, "--from", wheel]
    version = f"mewshook {project.version()}\n".encode()
    found = run([uvx, *options, "mewshook", "--version"])
    expect("uvx runs it", found, (0, version, b""))


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder / "wheel", sys.argv[2] if len(sys.argv) == 3 else None)
        print(f"  {wheel.name}")
        check_contents(wheel, program)
        check_pip(folder / "venv", wheel, program)
        check_uvx(folder / "uv", wheel)


if __name__ == "__main__":
    main()
