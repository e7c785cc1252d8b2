#!/usr/bin/env python3
"""The facts that all packages share, each read from its only place.

Cargo.toml has the version, the description and the licence; targets.json has the platforms. Run as a
program, it prints the outputs of the first job of the release, after it has compared the tag with the
version: `packaging/project.py v0.1.0`.
"""

import functools
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "mewshook"


@functools.cache
def manifest() -> dict:
    """Returns the package table of Cargo.toml, as cargo reads it."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)["packages"][0]


def version() -> str:
    """Returns the version of Cargo.toml."""
    return manifest()["version"]


def targets() -> list[dict]:
    """Returns the platforms for which the program is built."""
    return json.loads((ROOT / "packaging" / "targets.json").read_text("utf-8"))


def binary_name(target: str) -> str:
    """Returns the file name of the program on a platform."""
    return NAME + (".exe" if "windows" in target else "")


def archive_stem(target: str) -> str:
    """Returns the name of an archive without its extension, and of the folder in it."""
    return f"{NAME}-{version()}-{target}"


def archive_name(target: str) -> str:
    """Returns the file name of the archive of a platform."""
    return archive_stem(target) + (".zip" if "windows" in target else ".tar.gz")


def release_url(repository: str, file: str) -> str:
    """Returns the address of a file of the release, under the address of the repository."""
    return f"{repository.rstrip('/')}/releases/download/v{version()}/{file}"


def main() -> None:
    tag = sys.argv[1]
    if tag != f"v{version()}":
        sys.exit(f"the tag is {tag}, but Cargo.toml has version {version()}: tag v{version()} instead")
    print(f"version={version()}")
    print(f"targets={json.dumps(targets())}")


if __name__ == "__main__":
    main()
