#!/usr/bin/env bash
# Captures of mitmproxy: its flow file, and its export as HAR. One payload is sent in chunks.
# $MITMDUMP is the program, which also writes HAR.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
python3 serve.py 18081 & server=$!
"${MITMDUMP:-mitmdump}" -q --set confdir="$work" --mode reverse:http://127.0.0.1:18081 \
    --listen-host 127.0.0.1 --listen-port 18080 -w "$work/flows" --set hardump="$work/flows.har" & proxy=$!
trap 'kill $server 2> /dev/null || true' EXIT
sleep 4
for body in ../payloads/*.json; do
    chunked=()
    case $body in *3-enabled*) chunked=(-H 'Transfer-Encoding: chunked') ;; esac
    curl -sS -o /dev/null -H 'Content-Type: application/json' -H 'Host: hooks.example.com' \
        -H 'User-Agent: sender/1' "${chunked[@]}" --data-binary "@$body" \
        'http://127.0.0.1:18080/webhooks/mews?token=placeholder'
done
sleep 1
kill -INT $proxy
wait $proxy || true
cp "$work/flows" ../mitmproxy.flow
cp "$work/flows.har" ../mitmproxy.har
rm -r "$work"
