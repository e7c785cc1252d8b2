#!/usr/bin/env bash
# CSV of PostgreSQL and SQLite, and SQLite's JSON and text output. The server of PostgreSQL is started in
# a temporary folder, on a socket there; $PGBIN holds its programs.
set -euo pipefail
cd "$(dirname "$0")"
rows=$(mktemp)
chmod 644 "$rows"
python3 - << 'END' > "$rows"
import sys
sys.dont_write_bytecode = True
from payloads import TEXTS
print("create table webhooks (id integer primary key, received_at text, method text, body text);")
for index, text in enumerate(TEXTS):
    quoted = text.replace("'", "''")
    print(f"insert into webhooks values ({index + 1}, '2026-11-28 19:04:3{index}+00', 'POST', '{quoted}');")
END
sqlite3 -csv -header :memory: ".read $rows" 'select * from webhooks' > ../sqlite.csv
sqlite3 -json :memory: ".read $rows" 'select * from webhooks' > ../sqlite.json
sqlite3 -list :memory: ".read $rows" 'select * from webhooks' > ../sqlite-list.txt
if [ -n "${PGBIN:-}" ]; then
    work=$(mktemp -d)
    chmod 777 "$work"
    as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
    as "$PGBIN/initdb" -D "$work/data" -A trust -E UTF8 --locale C.UTF-8 > /dev/null
    as "$PGBIN/pg_ctl" -D "$work/data" -o "-k $work -c listen_addresses=''" -l "$work/log" -w start > /dev/null
    sed -i 's/received_at text/received_at timestamptz/; s/body text/body json/' "$rows"
    as psql -q -h "$work" -d postgres < "$rows"
    as psql -q -h "$work" -d postgres -c "set timezone to 'UTC'" -c 'copy webhooks to stdout csv header' > ../postgres.csv
    as "$PGBIN/pg_ctl" -D "$work/data" -w stop > /dev/null
    rm -r "$work"
fi
rm "$rows"
