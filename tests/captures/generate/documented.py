"""Captures of services and tools that don't run here, in the form that their documentation gives.

README.md names the pages.
"""

import base64
import gzip
import json

from xml.sax.saxutils import escape, quoteattr

import zstandard

from payloads import BODIES, TEXTS, VALUES, write

START = 1795892678799
UTC = [f"2026-11-28T19:04:3{index}.123Z" for index in range(9)]
PATH = "/webhooks/mews?token=placeholder"


def pretty(value):
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def encoded(body):
    return base64.b64encode(body).decode()


def ngrok():
    requests = []
    for index, body in enumerate(BODIES):
        head = f"POST {PATH} HTTP/1.1\r\nHost: hooks.example.com\r\nUser-Agent: sender/1\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\nX-Forwarded-Proto: https\r\n\r\n"
        answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
        requests.append({
            "uri": f"/api/requests/http/airt_{index}",
            "id": f"airt_{index}",
            "tunnel_name": "command_line",
            "remote_addr": "203.0.113.7",
            "start": f"2026-11-28T20:04:3{index}+01:00",
            "duration": 3893202 + index,
            "request": {
                "method": "POST",
                "proto": "HTTP/1.1",
                "headers": {"Content-Length": [str(len(body))], "Content-Type": ["application/json"], "User-Agent": ["sender/1"], "X-Forwarded-Proto": ["https"]},
                "uri": PATH,
                "raw": encoded(head.encode() + body),
            },
            "response": {"status": "202 Accepted", "status_code": 202, "proto": "HTTP/1.1", "headers": {"Content-Length": ["0"]}, "raw": encoded(answer.encode())},
        })
    write("ngrok.json", pretty({"uri": "/api/requests/http", "requests": requests}))
    # A body of more than 10 kB, of which ngrok keeps the first part only.
    large = json.loads(TEXTS[1])
    large["Events"] *= 100
    body = compact(large).encode()
    first = dict(requests[0])
    head = f"POST {PATH} HTTP/1.1\r\nHost: hooks.example.com\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\n\r\n"
    first["request"] = dict(first["request"], raw=encoded(head.encode() + body[:10240]), headers={"Content-Length": [str(len(body))], "Content-Type": ["application/json"]})
    write("ngrok-cut.json", pretty({"uri": "/api/requests/http", "requests": [first, requests[2]]}))


def webhook_site():
    data = [
        {
            "uuid": f"00000000-0000-4000-8000-00000000000{index}",
            "type": "web",
            "token_id": "00000000-0000-4000-8000-0000000000ff",
            "ip": "203.0.113.7",
            "hostname": "webhook.site",
            "method": "POST",
            "user_agent": "sender/1",
            "content": text,
            "query": {"token": "placeholder"},
            "headers": {"content-length": [str(len(text.encode()))], "content-type": ["application/json"], "host": ["webhook.site"]},
            "url": "https://webhook.site/00000000-0000-4000-8000-0000000000ff?token=placeholder",
            "created_at": f"2026-11-28 19:04:3{index}",
            "updated_at": f"2026-11-28 19:04:3{index}",
        }
        for index, text in enumerate(TEXTS)
    ]
    write("webhook-site.json", json.dumps({"data": data, "total": len(data), "per_page": 50, "current_page": 1, "is_last_page": True, "from": 1, "to": len(data)}).replace("/", "\\/"))


def gosmee():
    # The server escapes `<`, `>` and `&` and sorts the names, as Go's encoding does.
    lines = [
        compact({"bodyB": encoded(body), "content-length": str(len(body)), "content-type": "application/json", "timestamp": str(START + index), "user-agent": "sender/1", "x-signature": "placeholder"})
        for index, body in enumerate(BODIES)
    ]
    write("gosmee.ndjson", "".join(line + "\n" for line in lines))


def hookdeck():
    def event(index, body):
        return {
            "id": f"evt_{index}", "team_id": "tm_1", "webhook_id": "web_1", "source_id": "src_1", "destination_id": "des_1", "event_data_id": f"edt_{index}",
            "request_id": f"req_{index}", "attempts": 2, "last_attempt_at": UTC[index], "next_attempt_at": None, "response_status": 202, "error_code": None,
            "status": "SUCCESSFUL", "successful_at": UTC[index], "cli_id": None, "updated_at": UTC[index], "created_at": UTC[index],
            "data": {
                "url": "https://hkdk.events/placeholder", "method": "POST", "path": "/", "query": "token=placeholder", "parsed_query": {"token": "placeholder"},
                "headers": {"content-type": "application/json", "user-agent": "sender/1"}, "appended_headers": [], "body": body, "is_large_payload": False,
            },
        }
    # Bodies are objects, or strings if Hookdeck could not parse them.
    models = [event(index, VALUES[index] if index % 2 == 0 else TEXTS[index]) for index in range(len(TEXTS))]
    write("hookdeck.json", pretty({"pagination": {"order_by": "created_at", "dir": "desc", "limit": 100}, "count": len(models), "models": models}))
    write("hookdeck-event.json", pretty(event(4, VALUES[4])))


def api_gateway():
    def context_one(index):
        return {"resourcePath": "/webhooks/mews", "httpMethod": "POST", "requestId": f"00000000-0000-4000-8000-00000000000{index}", "requestTime": "28/Nov/2026:19:04:38 +0000", "requestTimeEpoch": START + index, "path": "/prod/webhooks/mews", "accountId": "123456789012", "protocol": "HTTP/1.1", "stage": "prod", "domainName": "placeholder.execute-api.eu-west-1.amazonaws.com", "identity": {"sourceIp": "203.0.113.7", "userAgent": "sender/1"}}

    def one(index, is_base64):
        return {
            "resource": "/webhooks/mews", "path": "/webhooks/mews", "httpMethod": "POST",
            "headers": {"Content-Type": "application/json", "Host": "hooks.example.com", "User-Agent": "sender/1"},
            "multiValueHeaders": {"Content-Type": ["application/json"]},
            "queryStringParameters": {"token": "placeholder"}, "pathParameters": None, "stageVariables": None,
            "requestContext": context_one(index),
            "body": encoded(BODIES[index]) if is_base64 else TEXTS[index], "isBase64Encoded": is_base64,
        }

    def two(index, is_base64):
        return {
            "version": "2.0", "routeKey": "POST /webhooks/mews", "rawPath": "/webhooks/mews", "rawQueryString": "token=placeholder",
            "headers": {"content-type": "application/json", "host": "hooks.example.com", "user-agent": "sender/1"},
            "queryStringParameters": {"token": "placeholder"},
            "requestContext": {
                "accountId": "123456789012", "apiId": "placeholder", "domainName": "placeholder.execute-api.eu-west-1.amazonaws.com", "domainPrefix": "placeholder",
                "http": {"method": "POST", "path": "/webhooks/mews", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "sender/1"},
                "requestId": f"request-{index}", "routeKey": "POST /webhooks/mews", "stage": "$default", "time": "28/Nov/2026:19:04:38 +0000", "timeEpoch": START + index,
            },
            "body": encoded(BODIES[index]) if is_base64 else TEXTS[index], "isBase64Encoded": is_base64,
        }

    def balancer(index, is_base64):
        return {
            "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/hooks/49e9d65c45c6791a"}},
            "httpMethod": "POST", "path": "/webhooks/mews", "queryStringParameters": {"token": "placeholder"},
            "headers": {"content-type": "application/json", "host": "hooks.example.com", "user-agent": "sender/1", "x-amzn-trace-id": "Root=1-5c536348-3d683b8b04734faae651f476"},
            "body": encoded(BODIES[index]) if is_base64 else TEXTS[index], "isBase64Encoded": is_base64,
        }

    for name, make in [("api-gateway-1.ndjson", one), ("api-gateway-2.ndjson", two), ("load-balancer.ndjson", balancer)]:
        write(name, "".join(compact(make(index, index % 2 == 0)) + "\n" for index in range(len(TEXTS))))
    write("api-gateway.json", pretty(two(4, False)))


def google():
    entries = []
    for index, value in enumerate(VALUES):
        entry = {"insertId": f"insert-{index}", "logName": "projects/placeholder/logs/run.googleapis.com%2Fstdout", "receiveTimestamp": UTC[index], "resource": {"labels": {"service_name": "hooks"}, "type": "cloud_run_revision"}, "timestamp": UTC[index]}
        if index % 3 == 0:
            entry["jsonPayload"] = {"message": "webhook received", "payload": value}
        elif index % 3 == 1:
            entry["jsonPayload"] = value
        else:
            entry["textPayload"] = "webhook received: " + TEXTS[index]
        entry["httpRequest"] = {"requestMethod": "POST", "requestUrl": "https://hooks.example.com" + PATH, "status": 202, "latency": "0.012s"}
        entries.append(entry)
    entries.append({"insertId": "insert-9", "severity": "INFO", "textPayload": "Default STARTUP TCP probe succeeded.", "timestamp": UTC[8]})
    write("cloud-logging.json", pretty(entries))
    # `gcloud pubsub subscriptions pull` and push requests.
    push = [
        {"deliveryAttempt": 1 + index, "message": {"attributes": {"source": "hooks"}, "data": encoded(body), "messageId": str(2070443601311540 + index), "message_id": str(2070443601311540 + index), "publishTime": UTC[index], "publish_time": UTC[index]}, "subscription": "projects/placeholder/subscriptions/hooks"}
        for index, body in enumerate(BODIES)
    ]
    write("pubsub-push.ndjson", "".join(compact(request) + "\n" for request in push))


def datadog():
    lines = []
    for index, text in enumerate(TEXTS):
        record = {"_id": f"AQAAAZ{index}", "date": UTC[index], "host": "i-0placeholder", "source": "nodejs", "service": "hooks", "status": "info", "message": "webhook received", "attributes": {}, "tags": ["env:prod"]}
        if index % 2:
            record["message"] = text
        else:
            record["attributes"] = {"payload": VALUES[index], "http": {"method": "POST", "status_code": 202}}
        lines.append(compact(record) + "\n")
    lines.append(compact({"_id": "AQAAAZ9", "date": UTC[8], "host": "i-0placeholder", "source": "nodejs", "service": "hooks", "status": "info", "message": "listening", "attributes": {}, "tags": []}) + "\n")
    write("datadog.ndjson", "".join(lines))
    # Two members, as if two archives were joined.
    write("datadog.json.gz", b"".join(gzip.compress("".join(part).encode(), mtime=0) for part in (lines[:3], lines[3:])))
    write("datadog.json.zst", zstandard.compress("".join(lines).encode()))


def large_general():
    """Returns a general message of more than 16 KiB, with a broken id near its end."""
    value = json.loads(TEXTS[1])
    value["Events"] = [{"Discriminator": "CustomerUpdated", "Value": {"Id": f"35d4b117-4e60-44a3-9580-{index:012x}"}} for index in range(190)]
    value["Events"].append({"Discriminator": "ResourceUpdated", "Value": {"Id": "not-a-uuid-3"}})
    return compact(value)


def containers():
    limit = 16 * 1024
    docker = [compact({"log": "listening\n", "stream": "stdout", "time": "2026-11-28T19:04:30.000000001Z"})]
    cri = ["2026-11-28T19:04:30.000000001Z stdout F listening"]
    for index, text in enumerate(TEXTS + [large_general()]):
        time = f"2026-11-28T19:04:3{index}.12345678{index}Z"
        line = ("" if index % 2 else "received ").encode() + text.encode() + b"\n"
        # Both cut by bytes.
        pieces = [line[at:at + limit] for at in range(0, len(line), limit)]
        for piece in pieces:
            docker.append(compact({"log": piece.decode(), "stream": "stdout", "time": time}).replace("<", "\\u003c"))
            tag = "F" if piece is pieces[-1] else "P"
            cri.append(f"{time} stdout {tag} {piece.decode().rstrip(chr(10))}")
    cri.append("2026-11-28T19:04:40.000000001Z stderr F panic: no room")
    write("docker-json.log", "".join(line + "\n" for line in docker))
    write("kubernetes-cri.log", "".join(line + "\n" for line in cri))
    # `kubectl logs --timestamps` and `docker logs -t`.
    write("kubectl-timestamps.log", "".join(f"2026-11-28T19:04:3{index}.12345678{index}Z {text}\n" for index, text in enumerate(TEXTS)))
    # `docker compose logs` puts the service's name before each line.
    write("docker-compose.log", "hooks-1  | listening\n" + "".join(f"hooks-1  | {text}\n" for text in TEXTS))
    # journald's export as JSON.
    write("journal.json", "".join(compact({"__REALTIME_TIMESTAMP": str((START + index) * 1000), "_SYSTEMD_UNIT": "hooks.service", "PRIORITY": "6", "MESSAGE": text}) + "\n" for index, text in enumerate(TEXTS)))
    write("journal.log", "".join(f"Nov 28 19:04:3{index} web-1 hooks[4242]: {text}\n" for index, text in enumerate(TEXTS)))


def logfmt():
    # As Go's log/slog prints: a value is quoted by strconv.Quote.
    def go(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    lines = [f"time={UTC[index]} level=INFO msg=\"webhook received\" method=POST path=/webhooks/mews status=202 body={go(text)}\n" for index, text in enumerate(TEXTS)]
    write("slog-text.log", f"time={UTC[8]} level=INFO msg=listening addr=:8080\n" + "".join(lines))


def scripts():
    lines = ["#!/bin/sh", "# Replays the webhooks.", "set -e"]
    for index, text in enumerate(TEXTS):
        if index % 2:
            lines.append(f"curl -X POST http://localhost:8080/webhooks/mews \\\n  -H 'Content-Type: application/json' \\\n  -d '{text}'")
        else:
            lines.append(f"curl http://localhost:8080/webhooks/mews --json @- <<'END'\n{json.dumps(VALUES[index], indent=2, ensure_ascii=False)}\nEND")
    write("curl.sh", "\n".join(lines) + "\n")

    vscode = ["@host = http://localhost:8080", ""]
    for index, text in enumerate(TEXTS):
        vscode.append(f"### {index + 1}\nPOST {{{{host}}}}/webhooks/mews?token=placeholder HTTP/1.1\nContent-Type: application/json\nUser-Agent: sender/1\n\n{json.dumps(VALUES[index], indent=4, ensure_ascii=False)}\n")
    write("rest-client.http", "\n".join(vscode))

    intellij = []
    for index, text in enumerate(TEXTS):
        intellij.append(f"### Webhook {index + 1}\n# @no-log\nPOST https://{{{{host}}}}/webhooks/mews\nContent-Type: application/json\n\n{text}\n\n> {{%\n    client.test(\"accepted\", function () {{ client.assert(response.status === 202); }});\n%}}\n\n<> 2026-11-28T190430.202.json\n")
    write("intellij.http", "\n".join(intellij))


def chunked():
    """Writes requests in chunks, one of which ends inside an id, with their answers between them."""
    out = b""
    for body in BODIES[2:5]:
        half = body.find(b"not-a-uuid") + 7 if b"not-a-uuid" in body else len(body) // 2
        # The cut may be inside a character.
        chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (body[:half], body[half:])) + b"0\r\n\r\n"
        out += f"POST {PATH} HTTP/1.1\r\nHost: hooks.example.com\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunks
        out += b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}"
    write("chunked.http", out)


def xml():
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<log>']
    for index, text in enumerate(TEXTS):
        lines.append(f'  <record time="{UTC[index]}" method="POST">\n    <body>{escape(text, {chr(34): "&quot;"})}</body>\n  </record>')
    write("soap.xml", "\n".join(lines + ["</log>"]) + "\n")
    # In an element, only `&` and `<` have to be escaped; then the quotes stand as they are.
    plain = "\n".join(f"POST /webhooks/mews {text}" for text in TEXTS)
    write("junit.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="hooks" tests="1" failures="0">\n    <testcase name="accepts" classname="hooks" time="0.012"/>\n    <system-out><![CDATA[{plain}]]></system-out>\n  </testsuite>\n</testsuites>\n')
    rows = "".join(f'  <row id="{index}" body={quoteattr(text)}/>\n' for index, text in enumerate(TEXTS))
    write("attributes.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<resultset>\n' + rows + "</resultset>\n")


def markdown():
    parts = ["# Webhooks\n\nThe handler gets these messages. An object such as `{}` or `{\"Id\": 1}` is none of them.\n"]
    for index, value in enumerate(VALUES):
        fence = "```" if index % 2 else "~~~"
        parts.append(f"## Message {index + 1}\n\n{fence}json\n{json.dumps(value, indent=4, ensure_ascii=False)}\n{fence}\n")
    parts.append("| Property | Type |\n| --- | --- |\n| `Action` | string |\n| `Data` | object |\n\n```yaml\nretries: [1, 2, 3]\n```\n")
    write("page.md", "\n".join(parts))


def strings():
    write("json-string.json", "".join(json.dumps(text) + "\n" for text in TEXTS))
    write("json-string-twice.json", json.dumps(json.dumps(TEXTS[4])) + "\n")
    write("array-of-strings.json", json.dumps(TEXTS, ensure_ascii=False, indent=1) + "\n")


def har():
    # An export whose text is UTF-8 that was read as Latin-1: `bodySize` counts the characters.
    def entry(index, text, size):
        return {
            "startedDateTime": UTC[index], "time": 12.5,
            "request": {"method": "POST", "url": "https://hooks.example.com" + PATH, "httpVersion": "HTTP/1.1", "cookies": [], "headers": [{"name": "Content-Type", "value": "application/json"}, {"name": "Authorization", "value": "Bearer placeholder"}], "queryString": [{"name": "token", "value": "placeholder"}], "headersSize": -1, "bodySize": size, "postData": {"mimeType": "application/json", "text": text}},
            "response": {"status": 202, "statusText": "Accepted", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [], "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "", "headersSize": -1, "bodySize": 0},
            "cache": {}, "timings": {"send": 0, "wait": 12.5, "receive": 0},
        }
    def log(entries):
        return pretty({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [], "entries": entries}})
    write("garbled.har", log([entry(0, BODIES[2].decode("latin-1"), len(BODIES[2])), entry(1, TEXTS[4], len(BODIES[4]))]))
    in_base64 = [entry(index, encoded(body), len(body)) for index, body in enumerate(BODIES)]
    for item in in_base64:
        item["request"]["postData"]["encoding"] = "base64"
    write("base64.har", log(in_base64))
    socket = entry(0, "", 0)
    del socket["request"]["postData"]
    socket["request"].update(method="GET", url="wss://ws.example.com/ws?token=placeholder")
    socket["response"]["status"] = 101
    socket["_resourceType"] = "websocket"
    socket["_webSocketMessages"] = [
        {"type": "receive", "time": 1795892678.799 + index, "opcode": 1, "data": data}
        for index, data in enumerate([
            compact({"Events": [{"Type": "Reservation", "Id": "bfee2c44-1f84-4326-a862-5289598f6e2d", "State": "Confirmed", "StartUtc": "2016-02-20T13:00:00Z", "EndUtc": "2016-02-22T11:00:00Z"}]}),
            compact({"Events": [{"Type": "DeviceCommand", "Id": "not-a-uuid-1", "State": "Pending"}]}),
        ])
    ]
    write("websocket.har", log([socket]))


def encodings():
    text = "".join(f"2026-11-28 19:04:3{index} INFO {text}\r\n" for index, text in enumerate(TEXTS))
    write("utf-16.log", b"\xff\xfe" + text.encode("utf-16-le"))
    write("byte-order-mark.log", b"\xef\xbb\xbf" + text.encode())


for make in (ngrok, webhook_site, gosmee, hookdeck, api_gateway, google, datadog, containers, logfmt, scripts, chunked, xml, markdown, strings, har, encodings):
    make()
