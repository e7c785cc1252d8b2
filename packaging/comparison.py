"""Compares an installed program with the one that it was packed from."""

import subprocess
import sys
from pathlib import Path

import project

PAYLOAD = (
    b'{"Action": "IntegrationEnabled", "Data": {"Integration": '
    b'{"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Caf\xc3\xa9 \xf0\x9f\x8f\xa8"}}}\n'
)


def expect(what: str, found: object, expected: object) -> None:
    """Ends the check, unless two values are equal."""
    if found != expected:
        sys.exit(f"failed: {what}: expected {expected!r}, found {found!r}")
    print(f"  {what}")


def run(command: list, data: bytes = b"") -> tuple[int, bytes, bytes]:
    """Runs a command, and returns its exit status, output and errors."""
    done = subprocess.run(command, input=data, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def check_runs(program: Path, command: list) -> None:
    """Compares runs of an installed command with runs of the program."""
    cases = {
        "valid": (["validate"], PAYLOAD, 0),
        "card": (["--color", "always"], PAYLOAD, 0),
        "invalid": (["validate"], b'{"Action": 1}', 1),
        "wrong usage": (["--unknown option", "", "a'b\"c $HOME *"], b"", 2),
        "a file that is missing": (["validate", "not here.json"], b"", 3),
        "no payload": (["validate"], b"", 3),
        "ten thousand payloads": (["--format", "ndjson"], PAYLOAD * 10_000, 0),
    }
    for name, (arguments, data, status) in cases.items():
        expected = run([program, *arguments], data)
        expect(f"{name}: exit status {status}", expected[0], status)
        if run([*command, *arguments], data) != expected:
            sys.exit(f"failed: {name}: the installed command differs from the program")
    version = f"mewshook {project.version()}\n".encode()
    expect("--version is that of Cargo.toml", run([*command, "--version"])[1], version)
