"""Runs what docs/big.md describes on generated captures, and compares the results.

    python3 -m venv venv && venv/bin/pip install -r examples/spark/requirements.txt
    cargo build --release
    venv/bin/python examples/spark/check.py --mewshook target/release/mewshook

Spark needs Java. Nothing leaves this machine: Spark listens on the loopback interface. The check ends with the
figures that docs/big.md records, or with an assertion that fails.
"""

import argparse
import collections
import datetime
import gzip
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

import duckdb
import pyspark

FOLDER = pathlib.Path(__file__).resolve().parent
PAGE = FOLDER.parent.parent / "docs" / "big.md"


def run(command, **options):
    """Runs a command, and returns its standard output and the seconds that it took."""
    start = time.monotonic()
    result = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True, **options)
    return result.stdout, time.monotonic() - start


def make_captures(mewshook, folder, payloads, captures):
    """Makes gzip captures: payloads of several hotels, every 50th invalid and every 100th twice. Those with an
    odd number are logs with the time of receipt, and the last one is empty."""
    start = datetime.datetime(2026, 10, 1, tzinfo=datetime.timezone.utc)
    for number in range(captures - 1):
        count = payloads // (captures - 1) // 2
        sample = ["sample", "integration", "general", "--ndjson", "--enterprises", "5", "--seed", number]
        text, _ = run([mewshook, *sample, "--count", count])
        lines = []
        for index, line in enumerate(text.decode().splitlines()):
            if index % 50 == 0:
                line = line.replace("facade", "", 1)
            if number % 2 == 1:
                received = start + datetime.timedelta(minutes=index, hours=number)
                line = json.dumps({"time": received.isoformat(), "msg": "webhook", "body": line})
            lines += [line] * (2 if index % 100 == 7 else 1)
        with gzip.open(folder / f"capture-{number:02}.ndjson.gz", "wt") as file:
            file.writelines(line + "\n" for line in lines)
    gzip.open(folder / f"capture-{captures - 1:02}.ndjson.gz", "wt").close()


def named(statistics, section, count):
    """Returns the counts of a section of statistics, by name."""
    return {entry["name"]: entry[count] for entry in statistics[section]}


def compare_tables(statistics, query, table):
    """Compares a table with the statistics of one run."""
    one = lambda sql: query(sql.format(table=table)).fetchone()[0]
    many = lambda sql: dict(query(sql.format(table=table)).fetchall())
    assert one("select count(*) from {table}") == statistics["payloads"]
    assert one("select count(*) from {table} where not valid") == statistics["invalid"]
    assert one("select sum(bytes) from {table}") == statistics["bytes"]
    assert one("select count(distinct body_sha256) from {table}") == statistics["distinct"]["bodies"]
    assert many("select kind, count(*) from {table} group by all") == named(statistics, "kinds", "payloads")
    events = "select name, count(*) from (select unnest(event_names) as name from {table}) group by all"
    assert many(events) == named(statistics, "events", "events")
    enterprises = "select enterprise_id, count(*) from {table} where enterprise_id is not null group by all"
    assert many(enterprises) == {entry["id"]: entry["payloads"] for entry in statistics["enterprises"]}
    # A code has an entry in the statistics for each diagnostic, and in the table for each payload.
    codes = "select distinct unnest(codes) from {table}"
    found = {code for (code,) in query(codes.format(table=table)).fetchall()}
    assert found == {entry["code"] for entry in statistics["codes"]}, found


def counts_only(statistics):
    """Returns statistics without what depends on the place of a payload in its input."""
    return {
        **statistics,
        "codes": [{**entry, "example": None} for entry in statistics["codes"]],
        # An input without payloads is one for Spark only if it has a partition, so it may be counted.
        "empty": 0,
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--mewshook", type=pathlib.Path, required=True)
    arguments.add_argument("--payloads", type=int, default=20_000)
    arguments.add_argument("--captures", type=int, default=12)
    options = arguments.parse_args()
    mewshook = options.mewshook.resolve()
    figures = collections.OrderedDict()

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_captures(mewshook, folder, options.payloads, options.captures)
        captures = sorted(folder.glob("*.gz"))
        pattern = folder / "capture-*.gz"

        one = ["stats", "--format", "json", "--distinct", "--exit-zero", "--allow-empty"]
        expected, figures["stats, one run"] = run([mewshook, *one, *captures])
        statistics = json.loads(expected)
        assert statistics["payloads"] > 0 and statistics["invalid"] > 0 and statistics["distinct"]["duplicates"] > 0

        spark = lambda script, *words: run([sys.executable, FOLDER / script, "--mewshook", mewshook, *words])
        found, figures["stats, Spark"] = spark("stats.py", pattern)
        assert found == expected, "Spark and one run differ"
        found, figures["stats, Spark, lines"] = spark("stats.py", "--lines", pattern)
        assert counts_only(json.loads(found)) == counts_only(statistics), "Spark with --lines and one run differ"

        ndjson = ["inspect", "--format", "ndjson", "--exit-zero", "--allow-empty"]
        records, figures["records, one run"] = run([mewshook, *ndjson, *captures])
        with gzip.open(folder / "records.ndjson.gz", "wb") as file:
            file.write(records)
        os.chdir(folder)
        database = duckdb.connect()
        statements = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)
        assert len(statements) == 3, "docs/big.md makes a table and asks two questions"
        start = time.monotonic()
        database.execute(statements[0])
        figures["records to Parquet, DuckDB"] = time.monotonic() - start
        compare_tables(statistics, database.execute, "'payloads.parquet'")
        hotels = database.execute(statements[1]).fetchall()
        assert sum(hotel[3] for hotel in hotels) == statistics["invalid"]
        days = database.execute(statements[2]).fetchall()
        assert sum(day[2] for day in days) == sum(entry["events"] for entry in statistics["events"])

        # The pitfall that the page warns of. If this fails, the warning is out of date.
        script = "import duckdb; print(duckdb.sql(\"select count(*) from read_json('/dev/stdin')\").fetchall())"
        found = subprocess.run([sys.executable, "-c", script], input=records, capture_output=True).stdout
        assert found.decode() != f"[({len(records.splitlines())},)]\n", "DuckDB reads JSON from a pipe"

        _, figures["records to Parquet, Spark"] = spark("records.py", pattern, folder / "spark.parquet")
        compare_tables(statistics, database.execute, "'spark.parquet/*.parquet'")
        tables = ["spark.parquet/*.parquet", "payloads.parquet"]
        for left, right in [tables, tables[::-1]]:
            differing = f"select count(*) from (from '{left}' except all from '{right}')"
            assert database.execute(differing).fetchone()[0] == 0, f"{left} has rows that {right} lacks"

        size = sum(path.stat().st_size for path in captures)
        megabytes = statistics["bytes"] / 1e6
        print(f"{datetime.date.today()}: {statistics['payloads']:,} payloads of {megabytes:.1f} MB")
        print(f"in {len(captures)} captures with {size / 1e6:.1f} MB of gzip:")
        print(f"{statistics['invalid']:,} invalid, {statistics['distinct']['duplicates']:,} copies, and all results agree")
        print(f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, Spark {pyspark.__version__},", end=" ")
        print(f"{os.cpu_count()} processors")
        for step, seconds in figures.items():
            print(f"| {step} | {seconds:.1f} s |")


if __name__ == "__main__":
    main()
