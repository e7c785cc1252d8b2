#!/usr/bin/env bash
# What curl and tcpdump show of requests on loopback: `curl --trace-ascii`, `curl -v`, `tcpdump -A`.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
python3 serve.py 18088 & server=$!
trap 'kill $server 2> /dev/null || true' EXIT
sleep 1
tcpdump -i lo -A -s 0 -l -n -w - 'tcp port 18088' > "$work/pcap" 2> /dev/null & dump=$!
sleep 2
for body in ../payloads/*.json; do
    curl -sS -o /dev/null -H 'Content-Type: application/json' -H 'User-Agent: sender/1' \
        --trace-ascii - --data-binary "@$body" 'http://127.0.0.1:18088/webhooks/mews' >> "$work/trace" 2>&1
done
sleep 2
kill -INT $dump
wait $dump || true
tcpdump -A -n -r "$work/pcap" > ../tcpdump.log 2> /dev/null
rm -f ../curl-trace.log
for body in ../payloads/*.json; do
    curl -sS -o /dev/null -H 'Content-Type: application/json' -H 'User-Agent: sender/1' \
        --trace-ascii "$work/one" --data-binary "@$body" 'http://127.0.0.1:18088/webhooks/mews'
    cat "$work/one" >> ../curl-trace.log
done
# The request as it goes over the wire, with nothing around it.
python3 - << 'END' & listener=$!
import socket
server = socket.create_server(("127.0.0.1", 18089))
with open("../http-raw.http", "wb") as out:
    for _ in range(6):
        client, _ = server.accept()
        data = b""
        client.settimeout(0.5)
        try:
            while part := client.recv(65536):
                data += part
        except TimeoutError:
            pass
        out.write(data)
        client.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        client.close()
END
sleep 1
for body in ../payloads/*.json; do
    chunked=()
    case $body in *5-broken*) chunked=(-H 'Transfer-Encoding: chunked') ;; esac
    curl -sS -o /dev/null -H 'Content-Type: application/json' -H 'User-Agent: sender/1' -H 'Authorization: Bearer placeholder' \
        "${chunked[@]}" --data-binary "@$body" 'http://127.0.0.1:18089/webhooks/mews?token=placeholder'
done
wait $listener
rm -r "$work"
