#!/usr/bin/env python3
"""Prints the Homebrew formula of a release, from the checksums of its archives.

usage: packaging/homebrew.py REPOSITORY SHA256SUMS > mewshook.rb

REPOSITORY is the address of the repository, such as the workflow has in its variables. A formula
belongs into a tap: a repository named homebrew-mewshook, in the folder Formula.
"""

import re
import sys
from pathlib import Path

import project

FORMULA = """\
class Mewshook < Formula
  desc "{description}"
  homepage "{repository}"
  version "{version}"
  license any_of: [{licenses}]

{systems}
  def install
    bin.install "mewshook"
    generate_completions_from_executable(bin/"mewshook", "completions")
    (man1/"mewshook.1").write Utils.safe_popen_read(bin/"mewshook", "man")
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/mewshook --version")
    sample = shell_output("#{{bin}}/mewshook sample general")
    assert_match "1 valid", pipe_output("#{{bin}}/mewshook validate", sample, 0)
  end
end
"""


def checksums(path: Path) -> dict[str, str]:
    """Reads the output of sha256sum: the checksum of each file name."""
    found = {}
    for line in path.read_text("utf-8").splitlines():
        match = re.fullmatch(r"([0-9a-f]{64}) [ *](\S+)", line)
        if match is None:
            sys.exit(f"{path}: expected lines of sha256sum, found {line!r}")
        found[match[2]] = match[1]
    return found


def system(name: str, repository: str, sums: dict[str, str]) -> str:
    """Returns the block of a system: an address and a checksum for each processor."""
    lines = [f"  on_{name} do"]
    for target in project.targets():
        if target["brew"] is None or target["brew"][0] != name:
            continue
        archive = project.archive_name(target["target"])
        if archive not in sums:
            sys.exit(f"no checksum of {archive}: expected one in the list of checksums")
        lines += [
            f"    on_{target['brew'][1]} do",
            f'      url "{project.release_url(repository, archive)}"',
            f'      sha256 "{sums[archive]}"',
            "    end",
        ]
    return "\n".join([*lines, "  end", ""])


def formula(repository: str, sums: dict[str, str]) -> str:
    """Returns the formula."""
    package = project.manifest()
    return FORMULA.format(
        description=package["description"],
        repository=repository,
        version=package["version"],
        licenses=", ".join(f'"{name}"' for name in package["license"].split(" OR ")),
        systems="\n".join(system(name, repository, sums) for name in ("macos", "linux")),
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.stdout.write(formula(sys.argv[1], checksums(Path(sys.argv[2]))))
