#!/usr/bin/env python3
"""Makes the npm packages: one with the launcher, and one with the program for each platform.

usage: packaging/npm/packages.py FOLDER [--repository ADDRESS] TARGET=ARCHIVE...

A program is taken from the archive of its platform, as packaging/archive.py packs it. The launcher depends on
the packages of all platforms in targets.json, in this version exactly, and npm installs only the one that fits
`os` and `cpu`. There is no `libc`, since the programs for Linux are linked statically and run on each.
"""

import argparse
import json
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import project  # noqa: E402

SCOPE = "@mewshook"
LICENSES = ["LICENSE-APACHE", "LICENSE-MIT"]


def package_name(target: dict) -> str:
    """Returns the name of the package of a platform."""
    return f"{SCOPE}/{target['npm']['name']}"


def common(name: str, description: str, repository: str | None) -> dict:
    """Returns the properties of package.json that all packages have."""
    manifest = project.manifest()
    properties = {
        "name": name,
        "version": manifest["version"],
        "description": description,
        "license": f"({manifest['license']})",
        "publishConfig": {"access": "public", "provenance": True},
    }
    if repository is not None:
        properties["repository"] = {"type": "git", "url": f"git+{repository}.git"}
    return properties


def write(folder: Path, properties: dict) -> None:
    """Writes package.json and the licences of a package."""
    text = json.dumps(properties, indent=2, ensure_ascii=False) + "\n"
    (folder / "package.json").write_text(text, "utf-8")
    for name in LICENSES:
        shutil.copyfile(project.ROOT / name, folder / name)


def program_of(archive: Path, target: str) -> bytes:
    """Reads the program from the archive of a platform."""
    name = f"{project.archive_stem(target)}/{project.binary_name(target)}"
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            return packed.read(name)
    with tarfile.open(archive) as packed:
        return packed.extractfile(name).read()


def platform(folder: Path, target: dict, archive: Path, repository: str | None) -> None:
    """Makes the package of a platform."""
    name = target["npm"]["name"]
    binary = project.binary_name(target["target"])
    (folder / name / "bin").mkdir(parents=True)
    path = folder / name / "bin" / binary
    path.write_bytes(program_of(archive, target["target"]))
    path.chmod(0o755)
    readme = f"The program for {name} of the package `mewshook`, which depends on this one.\n"
    (folder / name / "README.md").write_text(f"# {package_name(target)}\n\n{readme}", "utf-8")
    properties = common(package_name(target), f"mewshook for {name}", repository)
    properties |= {
        "os": [target["npm"]["os"]],
        "cpu": [target["npm"]["cpu"]],
        "files": [f"bin/{binary}", *LICENSES],
        # Yarn must unpack it, since a program in a zip file can't be run.
        "preferUnplugged": True,
    }
    write(folder / name, properties)


def launcher(folder: Path, repository: str | None) -> None:
    """Makes the package with the launcher."""
    manifest = project.manifest()
    home = folder / project.NAME
    (home / "bin").mkdir(parents=True)
    shutil.copyfile(Path(__file__).with_name("launcher.js"), home / "bin" / "mewshook.js")
    (home / "bin" / "mewshook.js").chmod(0o755)
    shutil.copyfile(project.ROOT / "README.md", home / "README.md")
    properties = common(project.NAME, manifest["description"], repository)
    properties |= {
        "keywords": manifest["keywords"],
        "bin": {project.NAME: "bin/mewshook.js"},
        "files": ["bin/mewshook.js", *LICENSES],
        "engines": {"node": ">=18"},
        "optionalDependencies": {
            package_name(target): manifest["version"] for target in project.targets()
        },
    }
    write(home, properties)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--repository", help="address that package.json states")
    arguments.add_argument("archives", nargs="+", metavar="TARGET=ARCHIVE")
    given = arguments.parse_args()
    targets = {target["target"]: target for target in project.targets()}
    given.folder.mkdir(parents=True)
    for pair in given.archives:
        target, _, archive = pair.partition("=")
        if target not in targets:
            sys.exit(f"{target}: not in targets.json, which has {', '.join(targets)}")
        platform(given.folder, targets[target], Path(archive), given.repository)
    launcher(given.folder, given.repository)


if __name__ == "__main__":
    main()
