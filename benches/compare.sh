#!/usr/bin/env bash
# Runs the program beside other validators, and prints the tables of docs/performance.md.
#
#   benches/compare.sh [RUNS]
#
# The others are installed from their registries into target/peers; captures are made with
# `mewshook sample` in target/captures (1 GB). Needs cargo, Node, Python 3 and ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

peers=$PWD/target/peers
captures=$PWD/target/captures
mkdir -p "$peers" "$captures"

cargo build --release --quiet
[ -x "$peers/bin/jsonschema-cli" ] ||
    cargo install --quiet --locked --version 0.60.0 --root "$peers" jsonschema-cli
[ -d "$peers/node_modules" ] ||
    npm install --silent --prefix "$peers" @sourcemeta/jsonschema@16.11.0 ajv@8 ajv-formats@3
[ -x "$peers/python/bin/check-jsonschema" ] || {
    python3 -m venv "$peers/python"
    "$peers/python/bin/pip" install --quiet jsonschema-rs check-jsonschema
}

mewshook=$PWD/target/release/mewshook
cd "$captures"
[ -f capture.jsonl ] || "$mewshook" sample integration general --count 500000 --events 5 --ndjson > capture.jsonl
[ -f large.json ] || "$mewshook" sample general --events 1000000 --ndjson > large.json
[ -f one.json ] || "$mewshook" sample IntegrationCreated --ndjson > one.json
[ -d files ] || "$mewshook" sample general --count 10000 --events 3 --out-dir files > /dev/null
cd - > /dev/null

exec "$peers/python/bin/python" benches/compare.py "${1:-5}"
