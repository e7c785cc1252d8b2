"""Counts the payloads of many captures with Spark, and prints the statistics of all.

    python examples/spark/stats.py 'captures/*.ndjson.gz' > stats.json

The output is the same, byte for byte, as that of one run of `mewshook stats --format json` over all captures.
"""

import argparse
import subprocess
import sys

from session import paths, start


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("captures", nargs="+", help="globs of files that every node can read")
    arguments.add_argument("--mewshook", default="mewshook", help="the program, on every node")
    arguments.add_argument("--partitions", type=int, default=8)
    arguments.add_argument(
        "--lines",
        action="store_true",
        help="let Spark read the files, for storage that only Spark can reach",
    )
    options = arguments.parse_args()

    # An invalid payload and a partition without captures are no failures. All else is: `checkCode` makes Spark
    # fail then, which otherwise goes on without that partition.
    count = f"{options.mewshook} stats --format json --distinct --exit-zero --allow-empty"
    context = start("mewshook stats").sparkContext
    if options.lines:
        lines = context.textFile(",".join(options.captures), options.partitions)
        counted = lines.pipe(f"{count} --label part -", checkCode=True)
    else:
        names = paths(context, options.captures, options.partitions)
        counted = names.pipe(f"{count} --files-from -", checkCode=True)

    def merge(left, right):
        """Merges two statistics, each of them a line."""
        command = [options.mewshook, "stats", "--merge", "--format", "json", "--exit-zero"]
        merged = subprocess.run(
            command, input=f"{left}\n{right}\n", encoding="utf-8", stdout=subprocess.PIPE, check=True
        )
        return merged.stdout.rstrip("\n")

    sys.stdout.write(counted.treeReduce(merge) + "\n")


if __name__ == "__main__":
    main()
