#!/usr/bin/env python3
"""Packs the program of one platform, with its licences, as an archive of the release.

The same program gives the same bytes: the entries are sorted, belong to nobody, and have the time of
SOURCE_DATE_EPOCH, or 1980 as the earliest that a zip file can state.

usage: packaging/archive.py TARGET PROGRAM FOLDER
"""

import gzip
import io
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import project

DOCUMENTS = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"]
EARLIEST = 315532800


def entries(target: str, program: Path) -> list[tuple[str, bytes, int]]:
    """Returns the name, the bytes and the mode of each file of an archive."""
    stem = project.archive_stem(target)
    files = [(project.binary_name(target), program.read_bytes(), 0o755)]
    files += [(name, (project.ROOT / name).read_bytes(), 0o644) for name in DOCUMENTS]
    return sorted((f"{stem}/{name}", data, mode) for name, data, mode in files)


def pack_tar(path: Path, files: list, seconds: int) -> None:
    """Writes a tar archive, compressed with gzip."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=seconds) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for name, data, mode in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(data), mode, seconds
            tar.addfile(entry, io.BytesIO(data))


def pack_zip(path: Path, files: list, seconds: int) -> None:
    """Writes a zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, data, mode in files:
            entry = zipfile.ZipInfo(name, time.gmtime(seconds)[:6])
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, data)


def pack(target: str, program: Path, folder: Path) -> Path:
    """Packs the program of a platform, and returns the path of the archive."""
    seconds = max(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), EARLIEST)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / project.archive_name(target)
    write = pack_zip if path.suffix == ".zip" else pack_tar
    write(path, entries(target, program), seconds)
    return path


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    print(pack(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
