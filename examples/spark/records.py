"""Converts many captures with Spark to a table in Parquet, with a row for each payload.

    python examples/spark/records.py 'captures/*.ndjson.gz' payloads.parquet

The columns are those that docs/big.md makes with DuckDB.
"""

import argparse

from pyspark.sql import functions as f

from session import paths, start

# Stating the columns makes the table the same for any captures, and leaves out what it does not need.
RECORD = """
    source struct<path string, line bigint>,
    received string,
    kind string,
    event string,
    valid boolean,
    summary struct<
        enterprise struct<id string, name string>,
        integration struct<id string, name string>,
        events array<struct<name string, id string>>
    >,
    diagnostics array<struct<code string>>,
    bytes bigint,
    body_sha256 string
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("captures", nargs="+", help="globs of files that every node can read")
    arguments.add_argument("table", help="the folder to write")
    arguments.add_argument("--mewshook", default="mewshook", help="the program, on every node")
    arguments.add_argument("--partitions", type=int, default=8)
    options = arguments.parse_args()

    session = start("mewshook records")
    names = paths(session.sparkContext, options.captures, options.partitions)
    command = "inspect --format ndjson --exit-zero --allow-empty --files-from -"
    records = names.pipe(f"{options.mewshook} {command}", checkCode=True)
    table = session.read.schema(RECORD).json(records).select(
        f.col("source.path").alias("path"),
        f.col("source.line").alias("line"),
        f.to_timestamp("received").alias("received"),
        "kind",
        "event",
        f.col("summary.enterprise.id").alias("enterprise_id"),
        f.col("summary.enterprise.name").alias("enterprise_name"),
        f.col("summary.integration.id").alias("integration_id"),
        f.when(f.size("summary.events") > 0, f.col("summary.events.name"))
        .otherwise(f.array("event"))
        .alias("event_names"),
        "valid",
        f.array_sort(f.array_distinct("diagnostics.code")).alias("codes"),
        "bytes",
        "body_sha256",
    )
    table.write.mode("overwrite").parquet(options.table)


if __name__ == "__main__":
    main()
