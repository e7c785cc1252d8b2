#!/usr/bin/env python3
"""Packs the npm packages, installs them as a user does, and runs the program through its launcher.

usage: packaging/npm/check.py PROGRAM [TARGET]

Everything is compared with the program itself: output, errors, exit status, and what signals do. The packages of
other platforms hold a made-up program; npm must not install them.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import termios
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import archive  # noqa: E402
import project  # noqa: E402
from comparison import PAYLOAD, check_runs, expect, run  # noqa: E402
from registry import Registry, read_manifest  # noqa: E402

TIME_LIMIT = 300


def pack(folder: Path, program: Path, target: str) -> list[Path]:
    """Packs the packages of all platforms, and returns their paths."""
    made_up = folder / "made-up"
    made_up.write_text("not a program\n", "utf-8")
    pairs = []
    for other in (each["target"] for each in project.targets()):
        source = program if other == target else made_up
        pairs.append(f"{other}={archive.pack(other, source, folder / 'archives')}")
    packages = folder / "packages"
    subprocess.run([sys.executable, HERE / "packages.py", packages, *pairs], check=True)
    packed = folder / "packed"
    packed.mkdir()
    command = ["npm", "pack", "--silent", "--pack-destination", packed, *packages.iterdir()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(packed.iterdir())


def check_packed(packed: list[Path]) -> None:
    """Checks the names, versions and files of the packed packages."""
    names = [f"@mewshook/{target['npm']['name']}" for target in project.targets()]
    manifests = {path: read_manifest(path) for path in packed}
    found = sorted(manifest["name"] for manifest in manifests.values())
    expect("one package for each platform, and the launcher", found, sorted([*names, "mewshook"]))
    versions = {manifest["version"] for manifest in manifests.values()}
    expect("all have the version of Cargo.toml", versions, {project.version()})
    for path, manifest in manifests.items():
        with tarfile.open(path) as opened:
            modes = {entry.name.removeprefix("package/"): entry.mode for entry in opened}
        file = manifest["files"][0]
        others = {"package.json", "README.md", "LICENSE-APACHE", "LICENSE-MIT"}
        expect(f"files of {manifest['name']}", set(modes), {file, *others})
        expect(f"{file} can be run", modes[file] & 0o111, 0o111)


def install(folder: Path, registry: Registry, *options: str) -> Path:
    """Installs the package in a new folder, and returns the path of the command."""
    folder.mkdir()
    (folder / "package.json").write_text('{"private": true}\n', "utf-8")
    (folder / ".npmrc").write_text(
        f"registry={registry.address}\ncache={folder}/.cache\nupdate-notifier=false\n", "utf-8"
    )
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", *options, "mewshook"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "node_modules" / ".bin" / "mewshook"


class Session:
    """A running command in a session of its own, on a terminal or not."""

    def __init__(self, command: list, terminal: bool) -> None:
        self.descriptor, writer = os.openpty() if terminal else os.pipe()

        def set_terminal() -> None:
            fcntl.ioctl(writer, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=writer,
            stderr=writer,
            start_new_session=True,
            preexec_fn=set_terminal if terminal else None,
        )
        os.close(writer)
        self.output = b""

    def write(self, data: bytes) -> None:
        """Writes to standard input."""
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def press(self, key: bytes) -> None:
        """Presses a key on the terminal."""
        os.write(self.descriptor, key)

    def read_until(self, text: bytes) -> None:
        """Reads the output up to a text."""
        while text not in self.output:
            self.output += os.read(self.descriptor, 65536)

    def end(self) -> tuple[int, bytes]:
        """Reads the rest of the output, and returns the exit status and all output.

        The output ends when the last process that has it open ends, so none outlives the launcher.
        """
        while True:
            try:
                data = os.read(self.descriptor, 65536)
            except OSError:
                # What Linux reports for a terminal that nobody has open any more.
                break
            if not data:
                break
            self.output += data
        self.process.stdin.close()
        status = self.process.wait()
        os.close(self.descriptor)
        return status, self.output.replace(b"^C", b"").replace(b"^\\", b"")


def follow(command: list, number: signal.Signals, key: bytes = b"") -> tuple[int, bytes]:
    """Follows standard input, and sends a signal after the first row, by a key if there is one."""
    session = Session([*command, "--follow", "--color", "never"], terminal=bool(key))
    session.write(PAYLOAD)
    session.read_until(b"IntegrationEnabled")
    if key:
        session.press(key)
    else:
        session.process.send_signal(number)
    return session.end()


def check_signals(program: Path, command: list) -> None:
    """Compares what signals do to the launcher and to the program."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        found = follow(command, number)
        expect(f"{number.name} to the launcher", found, follow([program], number))
    for number, key in ((signal.SIGINT, b"\x03"), (signal.SIGQUIT, b"\x1c")):
        found = follow(command, number, key)
        expect(f"{number.name} by its key", found, follow([program], number, key))


COUNTER = """\
#!{python}
import os, signal
count = 0
def interrupt(*_):
    global count
    count += 1
    os.write(1, b"interrupted")
def end(*_):
    os.write(1, b" %d times" % count)
    os._exit(0)
signal.signal(signal.SIGINT, interrupt)
signal.signal(signal.SIGTERM, end)
os.write(1, b"ready ")
while True:
    signal.pause()
"""


def check_interrupted_once(command: Path, program: Path) -> None:
    """Checks that Ctrl-C reaches the program once. `program` is replaced by one that counts."""
    program.write_text(COUNTER.format(python=sys.executable), "utf-8")
    session = Session([command], terminal=True)
    session.read_until(b"ready")
    session.press(b"\x03")
    session.read_until(b"interrupted")
    # The launcher passes signals on in their order, so this one comes after a second SIGINT.
    session.process.send_signal(signal.SIGTERM)
    found = session.end()
    expect("Ctrl-C reaches the program once", found, (0, b"ready interrupted 1 times"))


def check_failures(command: Path, project_folder: Path) -> None:
    """Checks the messages for a platform without a program, and for a program that was not installed."""
    status, output, errors = run([command, "--version"])
    name = "@mewshook/" + next(iter(project_folder.glob("node_modules/@mewshook/*"))).name
    expect("the program runs before it is removed", (status, errors), (0, b""))
    setting = project_folder / "platform.cjs"
    setting.write_text('Object.defineProperty(process, "arch", {value: "riscv64"});\n', "utf-8")
    status, output, errors = run(["node", "--require", setting, command, "--version"])
    expect("an unknown platform has exit status 3", (status, output), (3, b""))
    expect("and is named", b"-riscv64, only for linux-x64, linux-arm64" in errors, True)
    binary = next(iter(project_folder.glob("node_modules/@mewshook/*/bin/mewshook")))
    binary.chmod(0o644)
    status, output, errors = run([command, "--version"])
    binary.chmod(0o755)
    expect("a program that can't be run has exit status 3", (status, output), (3, b""))
    expect("and the reason", b"can't be run: spawn" in errors and b"EACCES" in errors, True)
    check_interrupted_once(command, binary)
    shutil.rmtree(project_folder / "node_modules" / "@mewshook")
    status, output, errors = run([command, "--version"])
    expect("a missing program has exit status 3", (status, output), (3, b""))
    expected = f"error: the npm package {name}@{project.version()} is not installed".encode()
    expect("and says which package", errors.startswith(expected), True)


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    # A signal that is lost would make the check wait for ever.
    signal.alarm(TIME_LIMIT)
    program = Path(sys.argv[1]).resolve()
    target = sys.argv[2] if len(sys.argv) == 3 else "x86_64-unknown-linux-musl"
    host = next(each["npm"]["name"] for each in project.targets() if each["target"] == target)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packed = pack(folder, program, target)
        check_packed(packed)
        with Registry(packed) as registry:
            user = folder / "project"
            command = install(user, registry)
            installed = sorted(path.name for path in (user / "node_modules" / "@mewshook").iterdir())
            expect("only the program of this platform is installed", installed, [host])
            check_runs(program, [command])
            check_signals(program, [command])
            os.chdir(user)
            npx = ["npx", "--offline", "mewshook"]
            expect("npx runs it", run([*npx, "validate"], PAYLOAD), run([program, "validate"], PAYLOAD))
            _, totals = follow([program], signal.SIGINT, b"\x03")
            # npx itself ends by the signal, and may have shown its progress before.
            _, output = follow(npx, signal.SIGINT, b"\x03")
            expect("Ctrl-C on a terminal, with npx", output.endswith(totals), True)
            check_failures(command, user)
            without = install(folder / "without", registry, "--omit=optional")
            status, _, errors = run([without])
            expect("--omit=optional leaves the program out", status, 3)
            expect("and the message says so", b"--omit=optional" in errors, True)


if __name__ == "__main__":
    main()
