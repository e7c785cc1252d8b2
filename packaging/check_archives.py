#!/usr/bin/env python3
"""Checks the archives of a release, and what is derived from their names and checksums.

usage: packaging/archive_check.py PROGRAM

Archives are made for all platforms, from the program and from a made-up one. The Homebrew formula is evaluated for
each system if Ruby is installed, with a stand-in for Homebrew. The metadata for cargo-binstall is compared with the
names of the archives.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import archive
import homebrew
import project
from comparison import check_runs, expect

REPOSITORY = "https://example.invalid/owner/repository"


def check_archives(folder: Path, program: Path) -> dict[str, str]:
    """Packs the archives of all platforms, unpacks them, and returns their checksums."""
    sums = {}
    for target in (each["target"] for each in project.targets()):
        path = archive.pack(target, program, folder / "archives")
        again = archive.pack(target, program, folder / "again")
        expect(f"{path.name} is reproducible", path.read_bytes(), again.read_bytes())
        shutil.unpack_archive(path, folder / target)
        files = {file.name for file in (folder / target / project.archive_stem(target)).iterdir()}
        expected = {project.binary_name(target), *archive.DOCUMENTS}
        expect("and has the program, its licences and documents", files, expected)
        sums[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    target = "x86_64-unknown-linux-musl"
    check_runs(program, [folder / target / project.archive_stem(target) / "mewshook"])
    return sums


def check_binstall() -> None:
    """Compares the metadata for cargo-binstall with the names of the archives."""
    metadata = project.manifest()["metadata"]["binstall"]
    for target in (each["target"] for each in project.targets()):
        chosen = metadata | metadata.get("overrides", {}).get(target, {})
        known = {
            "repo": REPOSITORY,
            "name": project.NAME,
            "bin": project.NAME,
            "version": project.version(),
            "target": target,
            "archive-suffix": {"tgz": ".tar.gz", "zip": ".zip"}[chosen["pkg-fmt"]],
            "binary-ext": ".exe" if "windows" in target else "",
        }
        url, path = chosen["pkg-url"], chosen["bin-dir"]
        for name, value in known.items():
            url = url.replace(f"{{ {name} }}", value)
            path = path.replace(f"{{ {name} }}", value)
        expected = project.release_url(REPOSITORY, project.archive_name(target))
        expect(f"cargo binstall: archive for {target}", url, expected)
        expected = f"{project.archive_stem(target)}/{project.binary_name(target)}"
        expect("and the program in it", path, expected)


def check_homebrew(folder: Path, sums: dict[str, str]) -> None:
    """Checks the formula for each system that Homebrew runs on."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    (folder / "SHA256SUMS").write_text(lines, "utf-8")
    text = homebrew.formula(REPOSITORY, homebrew.checksums(folder / "SHA256SUMS"))
    (folder / "mewshook.rb").write_text(text, "utf-8")
    ruby = shutil.which("ruby")
    if ruby is None:
        print("  skipped: the Homebrew formula, since ruby is not installed")
        return
    stand_in = Path(__file__).with_name("homebrew_stand_in.rb")
    for target in project.targets():
        if target["brew"] is None:
            continue
        command = [ruby, stand_in, folder / "mewshook.rb", *target["brew"]]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        name = project.archive_name(target["target"])
        expected = f"{project.release_url(REPOSITORY, name)} {sums[name]} {project.version()}\n"
        expect(f"Homebrew on {' '.join(target['brew'])}", done.stdout, expected)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        sums = check_archives(Path(name), program)
        check_binstall()
        check_homebrew(Path(name), sums)


if __name__ == "__main__":
    main()
