"""Times commands in turn and prints a table a task: called by compare.sh."""

import json
import os
import random
import statistics
import subprocess
import sys
import time

RUNS = int(sys.argv[1])
ROOT = os.getcwd()
PEERS = f"{ROOT}/target/peers"
CAPTURES = f"{ROOT}/target/captures"
SCHEMAS = f"{ROOT}/schemas"
REPORT = f"{CAPTURES}/report.ndjson"

MEWSHOOK = f"{ROOT}/target/release/mewshook"
JSONSCHEMA = f"{PEERS}/bin/jsonschema-cli validate --assert-format"
# The binary itself: the script of that name starts Node first.
SOURCEMETA = f"{PEERS}/node_modules/@sourcemeta/jsonschema/build/github-releases/jsonschema-linux-x86_64 validate --fast -F"
PYTHON = f"{PEERS}/python/bin/python"

# One schema for both kinds, since the others tell no kinds.
EITHER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:mewshook:schema:either",
    "if": {"required": ["Action"]},
    "then": {"$ref": "urn:mewshook:schema:integration"},
    "else": {"$ref": "urn:mewshook:schema:general"},
}

JSONSCHEMA_RS = """
import json, sys, jsonschema_rs
load = lambda name: json.load(open(f"{sys.argv[1]}/{name}.schema.json"))
make = lambda name: jsonschema_rs.validator_for(load(name), validate_formats=True)
integration, general = make("integration"), make("general")
for line in open(sys.argv[2]):
    payload = json.loads(line)
    assert (integration if "Action" in payload else general).is_valid(payload)
"""

AJV = """
const fs = require("fs"), readline = require("readline");
const Ajv = require("ajv/dist/2020"), formats = require("ajv-formats");
const ajv = formats(new Ajv({strict: false}));
const make = name => ajv.compile(JSON.parse(fs.readFileSync(`${process.argv[2]}/${name}.schema.json`)));
const integration = make("integration"), general = make("general");
const lines = readline.createInterface({input: fs.createReadStream(process.argv[3])});
lines.on("line", line => {
  const payload = JSON.parse(line);
  if (!("Action" in payload ? integration : general)(payload)) process.exit(1);
});
"""


def prepare():
    """Writes what the peers need beside the captures."""
    with open(f"{PEERS}/either.schema.json", "w") as file:
        json.dump(EITHER, file)
    for name, text in [("rs.py", JSONSCHEMA_RS), ("ajv.js", AJV)]:
        with open(f"{PEERS}/{name}", "w") as file:
            file.write(text)
    write_once("pretty.json", write_pretty)
    write_once("array.json", write_array)
    write_once("shapes.jsonl", write_shapes)
    faulty = f"{CAPTURES}/faulty.jsonl"
    if not os.path.exists(faulty):
        chance = random.Random(1)
        with open(f"{CAPTURES}/capture.jsonl") as clean, open(faulty, "w") as out:
            for line in clean:
                out.write(spoil(line, chance) if chance.random() < 0.1 else line)


def write_once(name, write):
    """Writes a capture that is made of the first one, unless it is there."""
    if not os.path.exists(f"{CAPTURES}/{name}"):
        with open(f"{CAPTURES}/capture.jsonl") as lines, open(f"{CAPTURES}/{name}", "w") as out:
            write(lines, out)


def write_pretty(lines, out):
    """The payloads with line breaks, one after another."""
    for line in lines:
        out.write(json.dumps(json.loads(line), indent=2, ensure_ascii=False) + "\n")


def write_array(lines, out):
    """The payloads as the items of one array."""
    out.write("[" + next(lines).rstrip())
    for line in lines:
        out.write(",\n" + line.rstrip())
    out.write("]\n")


def write_shapes(lines, out):
    """Payloads without findings whose names are words of the contract, so that each shape is new."""
    words = set()

    def collect(schema):
        if isinstance(schema, dict):
            words.update(schema)
        for inner in schema.values() if isinstance(schema, dict) else schema:
            if isinstance(inner, (dict, list)):
                collect(inner)

    for kind in ["integration", "general", "websocket", "pos"]:
        with open(f"{SCHEMAS}/{kind}.schema.json") as file:
            collect(json.load(file))
    words = sorted(words)
    chance = random.Random(1)
    created = next(lines)
    for _ in range(100_000):
        payload = json.loads(created)
        data = payload["Data"]
        for named in [data["Enterprise"], data["Service"], data["Requestor"], data["Integration"]]:
            named["Name"] = chance.choice(words)
        out.write(json.dumps(payload, separators=(",", ":")) + "\n")


def spoil(line, chance):
    """The line with a fault: a bad id, a wrong name, a wrong type, a cut or a missing quote."""
    return chance.choice([
        lambda: line.replace("facade", "facadx", 1),
        lambda: line.replace('"Id":', '"ID":', 1),
        lambda: line.replace('"Name":"', '"Name":5,"Alias":"', 1).replace('"Value":{', '"Value":7,"Old":{', 1),
        lambda: line[: len(line) // 2] + "\n",
        lambda: line.replace(':"', ":", 1),
    ])()


def run(command, status):
    """Wall seconds and peak MiB of a command."""
    # Otherwise, the shell would first truncate that of the run before, which takes half a second.
    if os.path.exists(REPORT):
        os.remove(REPORT)
    start = time.perf_counter()
    child = subprocess.Popen(command, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = child.stderr.read()
    _, code, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(code) != status:
        sys.exit(f"{command}\n{complaint.decode()}")
    return seconds, usage.ru_maxrss / 1024


def table(title, commands):
    """Runs commands in turn; the first is what the others are compared with."""
    results = [[] for _ in commands]
    for turn in range(RUNS + 1):
        for (_, command, *status), result in zip(commands, results):
            measured = run(command, *(status or [0]))
            if turn > 0:
                result.append(measured)
    print(f"\n### {title}\n\n| | seconds | MiB | ratio |\n|---|---|---|---|")
    first = statistics.median(seconds for seconds, _ in results[0])
    for (name, *_), result in zip(commands, results):
        seconds, size = (statistics.median(values) for values in zip(*result))
        shown = f"{seconds:.2f}" if seconds >= 0.1 else f"{seconds:.4f}"
        print(f"| {name} | {shown} | {size:.0f} | {seconds / first:.2f} |", flush=True)


prepare()
capture, faulty, large, one, pretty, array, shapes = (
    f"{CAPTURES}/{name}"
    for name in ["capture.jsonl", "faulty.jsonl", "large.json", "one.json", "pretty.json", "array.json", "shapes.jsonl"]
)
table("One payload, whole process", [
    ("mewshook", f"exec {MEWSHOOK} validate {one}"),
    ("jsonschema-cli", f"exec {JSONSCHEMA} {SCHEMAS}/integration.schema.json -i {one}"),
    ("sourcemeta", f"exec {SOURCEMETA} {SCHEMAS}/integration.schema.json {one}"),
    ("mewshook --version", f"exec {MEWSHOOK} --version"),
    ("an empty process", "exec true"),
])
table("NDJSON, 1,000,000 payloads, 385 MB", [
    ("mewshook, from a file", f"exec {MEWSHOOK} validate {capture}"),
    ("mewshook, from a pipe", f"cat {capture} | {MEWSHOOK} validate"),
    ("mewshook, one thread", f"exec {MEWSHOOK} validate --jobs 1 {capture}"),
    ("sourcemeta", f"exec {SOURCEMETA} {PEERS}/either.schema.json {capture} --resolve {SCHEMAS}"),
    ("Python, jsonschema-rs", f"exec {PYTHON} {PEERS}/rs.py {SCHEMAS} {capture}"),
    ("ajv, streaming", f"cd {PEERS} && exec node ajv.js {SCHEMAS} {capture}"),
    ("wc -l", f"exec wc -l {capture}"),
])
table("The same payloads in other layouts", [
    ("one a line", f"exec {MEWSHOOK} validate {capture}"),
    ("pretty-printed, in a row", f"exec {MEWSHOOK} validate {pretty}"),
    ("one array", f"exec {MEWSHOOK} validate {array}"),
])
table(f"Each shape is new, 100,000 payloads, {os.path.getsize(shapes) // 1_000_000} MB, one thread", [
    ("mewshook", f"exec {MEWSHOOK} validate --jobs 1 {shapes}"),
])
table("10,000 files, 420 bytes each, pretty-printed", [
    ("mewshook", f"cd {CAPTURES} && exec {MEWSHOOK} validate files/*"),
    ("jsonschema-cli", f"cd {CAPTURES} && exec {JSONSCHEMA} {SCHEMAS}/general.schema.json -i files/*"),
    ("sourcemeta", f"cd {CAPTURES} && exec {SOURCEMETA} {SCHEMAS}/general.schema.json files"),
    ("check-jsonschema", f"cd {CAPTURES} && exec {PEERS}/python/bin/check-jsonschema --schemafile {SCHEMAS}/general.schema.json files/*"),
])
table("One message of 1,000,000 events, 90 MB in one line", [
    ("mewshook", f"exec {MEWSHOOK} validate {large}"),
    ("jsonschema-cli", f"exec {JSONSCHEMA} {SCHEMAS}/general.schema.json -i {large}"),
    ("sourcemeta", f"exec {SOURCEMETA} {SCHEMAS}/general.schema.json {large}"),
])
table("Reports on the capture", [
    ("validate", f"exec {MEWSHOOK} validate {capture}"),
    ("inspect --format ndjson", f"exec {MEWSHOOK} inspect --format ndjson {capture} > {REPORT}"),
    ("validate --format ndjson", f"exec {MEWSHOOK} validate --format ndjson {capture}"),
    ("the same, 10 % invalid", f"exec {MEWSHOOK} validate --format ndjson {faulty}", 1),
])
