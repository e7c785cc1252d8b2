"""Writes ../expected.json: what must be found in each capture.

It reads the captures by Python's own libraries and by the declarations below, so that the program is
held against something else than itself. `docs/json.md` describes what is compared, and
`tests/captures.rs` compares it.
"""

import base64
import datetime
import json
import re

from payloads import BODIES, TARGET, TEXTS, VALUES

UTC = datetime.timezone.utc
FILES = {}
INVALID = {4: "not-a-uuid-1", 5: "not-a-uuid-2"}
FILE_NAMES = sorted(path.name for path in (TARGET / "payloads").iterdir())
EVENTS = [
    ("integration", "IntegrationCreated"),
    ("general", None),
    ("integration", "IntegrationEnabled"),
    ("pos", "order.state.updated"),
    ("general", "ResourceUpdated"),
    ("integration", "IntegrationDisabled"),
]


def read(name):
    return (TARGET / name).read_bytes()


def utc(moment):
    """Returns a time as RFC 3339 in UTC: of a text with an offset, of milliseconds, or of a datetime."""
    if isinstance(moment, (int, float)):
        moment = datetime.datetime.fromtimestamp(moment / 1000, UTC)
    if isinstance(moment, str):
        moment = datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", moment).replace("Z", "+00:00"))
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def in_string(text, depth):
    """Returns a text as it stands in strings inside strings of JSON."""
    for _ in range(depth):
        text = json.dumps(text, ensure_ascii=False)[1:-1]
    return text


def in_base64(body, text):
    """Returns the digits that hold a text of a body, and those of its whole groups inside them."""
    start = body.index(text.encode())
    end = start + len(text)
    digits = base64.b64encode(body).decode()
    return {"within": digits[start // 3 * 4:-(-end // 3) * 4], "contains": digits[-(-start // 3) * 4:end // 3 * 4]}


def diagnostic(index, how, body=None):
    """Returns the diagnostic of a broken payload, whose text stands in the capture as `how` says."""
    if index not in INVALID:
        return []
    text = f'"{INVALID[index]}"'
    place = {"code": "invalid-uuid"}
    if how == "base64":
        place |= in_base64(body or BODIES[index], text)
    elif isinstance(how, int):
        place["text"] = in_string(text, how)
    else:
        place["text"] = how(text)
    return [place]


def payload(index, how=0, pointer=None, body=None, **delivery):
    """Returns what must be found of a payload."""
    kind, event = EVENTS[index]
    found = {"file": FILE_NAMES[index], "kind": kind, "event": event, "valid": index not in INVALID, "diagnostics": diagnostic(index, how, body)}
    if pointer is not None:
        found["pointer"] = pointer
    if delivery:
        found["delivery"] = delivery
    return found


def add(name, payloads, capture=None, skipped=None, warnings=(), **more):
    """Adds a file, after a look at each text that it must hold."""
    outer = read(more.get("text_of", name))
    outer = outer.decode("utf-8")
    payloads = list(payloads)
    for found in payloads:
        for place in found["diagnostics"]:
            text = place.get("text") or place.get("within")
            if text is not None:
                assert outer.count(text) == 1, (name, text, outer.count(text))
    FILES[name] = {"capture": capture, "skipped": skipped, "warnings": list(warnings), **more, "payloads": payloads}


def everything(how=0, pointer=None, **delivery):
    return [payload(index, how, pointer, **delivery) for index in range(6)]


def records(name):
    """Returns the values of a stream of JSON, or the items of its array."""
    decoder = json.JSONDecoder()
    text = read(name).decode()
    values, at = [], 0
    while at < len(text.rstrip()):
        while text[at].isspace():
            at += 1
        value, at = decoder.raw_decode(text, at)
        values.append(value)
    return values[0] if len(values) == 1 and isinstance(values[0], list) else values


def which(value):
    """Returns which of the payloads a value or text is."""
    if isinstance(value, (str, bytes)):
        value = json.loads(value)
    return VALUES.index(value)


POST = {"method": "POST", "url": "/webhooks/mews"}

# Loggers that write JSON. The records besides are skipped.
for name in ("pino-object.ndjson", "bunyan.log"):
    key = "payload" if name.startswith("pino") else "body"
    found = [payload(which(record[key]), 0, f"/{key}", time=utc(record["time"]), headers=["host", "content-type"], **POST) for record in records(name) if key in record]
    add(name, found, "log", skipped=len(records(name)) - 6)
add("pino-string.ndjson", [payload(which(record["body"]), 1, "/body", time=utc(record["time"])) for record in records("pino-string.ndjson") if "body" in record], "log", 2)
add("pino-message.log", everything(1, "/msg"), "log", 2)
add("winston-object.log", everything(0, "/payload"), "log", 2)
add("winston-string.log", [payload(which(record["rawBody"]), 1, "/rawBody", time=utc(record["timestamp"]), status=202, **POST) for record in records("winston-string.log") if "rawBody" in record], "log", 2)
add("winston-message.log", [payload(which(record["message"]), 1, "/message", time=utc(record["timestamp"])) for record in records("winston-message.log") if record["message"].startswith("{")], "log", 2)
add("python-json-logger.log", [payload(which(record["event"]), 0, "/event", status=202, duration_ms=12.5) for record in records("python-json-logger.log") if record["message"] != "listening"], "log", 1)
# Python escapes what is not ASCII.
add("structlog.log", [payload(which(record["body"]), 1, "/body", time=utc(record["timestamp"]), method="POST") for record in records("structlog.log") if "body" in record], "log", 2)
add("journal.json", everything(1, "/MESSAGE"), skipped=0)

# Loggers that write text.
for name in (
    "pino-pretty-message.log", "winston-simple.log", "winston-printf.log", "python-logging.log",
    "nginx-none.log", "journal.log", "docker-compose.log", "kubectl-timestamps.log",
):
    add(name, everything(), "text")
# pino-pretty prints the escapes of the last payload as what they stand for, so it is no JSON.
for name in ("pino-pretty.log", "pino-pretty-line.log"):
    add(name, everything()[:5] + [{"valid": False, "diagnostics": [{"code": "json-syntax"}]}], "text")
for name in ("slog-text.log", "structlog-logfmt.log"):
    add(name, everything(1), "JSON string")
# What languages print is no JSON.
add("python-repr.log", [{"valid": False, "diagnostics": [{"code": "json-syntax"}]}] * 3)
add("winston-inspect.log", [], is_unreadable=True)
# curl cuts what it sends into numbered lines of 64 bytes.
add("curl-trace.log", [], is_unreadable=True)

# HTTP.
HEADERS = ["host", "content-type", "user-agent"]
add("http-raw.http", everything(headers=HEADERS + ["authorization"], **POST), "HTTP")
add("smee-posted.http", everything(headers=["host", "content-type", "x-signature"], **POST), "HTTP")
add("rest-client.http", everything(headers=["content-type", "user-agent"], **POST), "HTTP")
add("intellij.http", everything(headers=["content-type"], **POST), "HTTP")
add("chunked.http", [payload(index, lambda text: text[:8] + "\r\na\r\n" + text[8:], headers=["host", "transfer-encoding"], **POST) for index in (2, 3, 4)], "HTTP")
add("curl.sh", everything())
# What is not ASCII is printed as dots.
add("tcpdump.log", everything(), is_garbled=True)

# nginx. The last body was larger than the buffer.
lines = read("nginx-plain.log").decode().splitlines()
found = []
for index, line in enumerate(lines[:6]):
    time = re.search(r"\[(.*?)\]", line)[1]
    time = datetime.datetime.strptime(time, "%d/%b/%Y:%H:%M:%S %z")
    found.append(payload(index, lambda text: text.replace('"', r"\x22"), time=utc(time), status=202, **POST))
# There is nothing to check of a body that is missing.
MISSING = {"is_missing": True, "valid": True, "kind": None, "event": None, "diagnostics": []}
add("nginx-plain.log", found + [MISSING], "nginx", warnings=["truncated-capture"])
add("nginx-json.log", [payload(which(record["body"]), 1, "/body", time=utc(record["time"]), status=202, duration_ms=record["request_time"] * 1000, **POST) for record in records("nginx-json.log")[:6]] + [MISSING], warnings=["truncated-capture"])

# mitmproxy and HAR.
def har(name, key="text", depth=1, **more):
    found = []
    for index, entry in enumerate(records(name)[0]["log"]["entries"]):
        request = entry["request"]
        data = request.get("postData")
        if not data:
            for at, message in enumerate(entry.get("_webSocketMessages", [])):
                value = json.loads(message["data"])
                event = value["Events"][0]
                valid = not event["Id"].startswith("not")
                moment = message["time"] if message["time"] > 1e11 else message["time"] * 1000
                found.append({
                    "kind": "websocket", "event": event["Type"], "valid": valid,
                    "diagnostics": [] if valid else [{"code": "invalid-uuid", "text": in_string(f'"{event["Id"]}"', 1)}],
                    "pointer": f"/log/entries/{index}/_webSocketMessages/{at}/data", "delivery": {"time": utc(moment)},
                })
            continue
        pointer = f"/log/entries/{index}/request/postData/text"
        facts = dict(time=utc(entry["startedDateTime"]), method="POST", url=request["url"].split("?")[0], status=202, duration_ms=entry["time"], headers=[header["name"].lower() for header in request["headers"] if not header["name"].lower().startswith(("sec-", "accept"))])
        if data.get("encoding") == "base64":
            found.append(payload(which(base64.b64decode(data["text"])), "base64", pointer, **facts))
        else:
            value = json.loads(data["text"])
            if value not in VALUES:  # garbled
                value = json.loads(data["text"].encode("latin-1"))
            found.append(payload(which(value), 1, pointer, **facts))
    add(name, found, "HAR", skipped=0, **more)

for name in ("mitmproxy.har", "playwright.har", "base64.har", "websocket.har"):
    har(name)
har("garbled.har", warnings=["garbled-capture"], is_garbled=True)


def tnetstring(data, at=0):
    """Returns a value of mitmproxy's notation, and where it ends."""
    colon = data.index(b":", at)
    start = colon + 1
    end = start + int(data[at:colon])
    inner, kind = data[start:end], data[end:end + 1]
    if kind in b"}]":
        items, place = [], 0
        while place < len(inner):
            item, place = tnetstring(inner, place)
            items.append(item)
        value = items if kind == b"]" else dict(zip(items[::2], items[1::2]))
    else:
        value = {b",": bytes, b";": bytes.decode, b"#": int, b"^": float, b"!": lambda text: text == b"true", b"~": lambda _: None}[kind](inner)
    return value, end + 1


flows, at, data = [], 0, read("mitmproxy.flow")
while at < len(data):
    flow, at = tnetstring(data, at)
    flows.append(flow)
found = []
for flow in flows:
    request, answer = flow["request"], flow["response"]
    found.append(payload(which(request["content"]), 0, time=utc(request["timestamp_start"] * 1000), status=answer["status_code"], headers=[name.decode().lower() for name, _ in request["headers"]], **POST))
add("mitmproxy.flow", found, "mitmproxy")

# Tunnels and inboxes.
found = []
for index, request in enumerate(records("ngrok.json")[0]["requests"]):
    raw = base64.b64decode(request["request"]["raw"])
    body = raw.split(b"\r\n\r\n", 1)[1]
    found.append(payload(which(body), "base64", f"/requests/{index}/request/raw", raw, time=utc(request["start"]), status=202, duration_ms=request["duration"] / 1e6, headers=["host", "content-type", "user-agent"], message_id=request["id"], **POST))
add("ngrok.json", found, "ngrok", 0)
cut = {"valid": False, "diagnostics": [{"code": "json-syntax"}], "pointer": "/requests/0/request/raw"}
add("ngrok-cut.json", [cut, payload(2, pointer="/requests/1/request/raw")], "ngrok", 0, ["truncated-capture"])
add("webhook-site.json", [
    payload(which(item["content"]), 1, f"/data/{index}/content", time=utc(item["created_at"].replace(" ", "T") + "Z"), method="POST", url="https://webhook.site/", headers=["content-type", "host", "content-length"], message_id=item["uuid"])
    for index, item in enumerate(records("webhook-site.json")[0]["data"])
], "webhook.site", 0)
SMEE = ["reserialized-capture"]
found = [payload(which(event["body"]), 0, "/body", time=utc(int(event["timestamp"])), headers=["content-type", "x-signature"]) for event in records("smee.ndjson")]
add("smee.ndjson", found, "smee", 0, SMEE)
add("smee-stream.log", everything(), has_any_warnings=True)
add("gosmee.ndjson", [
    payload(which(base64.b64decode(event["bodyB"])), "base64", "/bodyB", time=utc(int(event["timestamp"])), headers=["content-type", "user-agent", "x-signature"])
    for event in records("gosmee.ndjson")
], "gosmee", 0)


def hookdeck(event, pointer):
    body = event["data"]["body"]
    return payload(which(body), int(isinstance(body, str)), pointer, time=utc(event["created_at"]), method="POST", url="https://hkdk.events/placeholder", status=202, attempt=2, headers=["content-type", "user-agent"], message_id=event["id"])


add("hookdeck.json", [hookdeck(event, f"/models/{index}/data/body") for index, event in enumerate(records("hookdeck.json")[0]["models"])], "Hookdeck", 0, has_any_warnings=True)
add("hookdeck-event.json", [hookdeck(event, "/data/body") for event in records("hookdeck-event.json")], "Hookdeck", 0, has_any_warnings=True)

# AWS.
for name in ("api-gateway-1.ndjson", "api-gateway-2.ndjson", "load-balancer.ndjson", "api-gateway.json"):
    found = []
    for event in records(name):
        body = event["body"]
        is_base64 = event["isBase64Encoded"]
        context = event["requestContext"]
        facts = dict(POST, headers=["content-type", "host", "user-agent"])
        if epoch := context.get("timeEpoch") or context.get("requestTimeEpoch"):
            facts["time"] = utc(epoch)
        found.append(payload(which(base64.b64decode(body) if is_base64 else body), "base64" if is_base64 else 1, "/body", **facts))
    add(name, found, "API Gateway", 0)
for name in ("cloudwatch-get.json", "cloudwatch-filter.json"):
    found = []
    for index, event in enumerate(records(name)[0]["events"]):
        if "{" in event["message"]:
            found.append(payload(which(event["message"][event["message"].index("{"):]), 1, f"/events/{index}/message", time=utc(event["timestamp"])))
    add(name, found, "CloudWatch", 0)
found = everything(pointer="/awslogs/data")
digits = records("cloudwatch-subscription.json")[0]["awslogs"]["data"]
for index, item in enumerate(found):
    item["delivery"] = {"time": utc(1795892678799 + 1 + index)}
    # No digits of a compressed text stand for a part of it.
    item["diagnostics"] = [{"code": place["code"], "within": digits, "contains": ""} for place in item["diagnostics"]]
add("cloudwatch-subscription.json", found, "CloudWatch", 0)


def sns(message):
    return dict(time=utc(message["Timestamp"]), message_id=message["MessageId"])


add("sqs-receive.json", [
    payload(which(message["Body"]), 1, f"/Messages/{index}/Body", time=utc(int(message["Attributes"]["SentTimestamp"])), attempt=1, message_id=message["MessageId"])
    for index, message in enumerate(records("sqs-receive.json")[0]["Messages"])
], "SQS", 0)
add("sns-sqs-receive.json", [
    payload(which(json.loads(message["Body"])["Message"]), 2, f"/Messages/{index}/Body", **sns(json.loads(message["Body"])))
    for index, message in enumerate(records("sns-sqs-receive.json")[0]["Messages"])
], None, 0)
add("sqs-lambda.json", [
    payload(which(json.loads(record["body"])["Message"]), 2, f"/Records/{index}/body", **sns(json.loads(record["body"])))
    for index, record in enumerate(records("sqs-lambda.json")[0]["Records"])
], None, 0)
add("sns-lambda.json", [
    payload(which(record["Sns"]["Message"]), 1, f"/Records/{index}/Sns/Message", **sns(record["Sns"]))
    for index, record in enumerate(records("sns-lambda.json")[0]["Records"])
], "SNS", 0)
add("kinesis-get.json", [
    payload(which(base64.b64decode(record["Data"])), "base64", f"/Records/{index}/Data", time=utc(record["ApproximateArrivalTimestamp"]))
    for index, record in enumerate(records("kinesis-get.json")[0]["Records"])
], "Kinesis", 0)
add("kinesis-lambda.json", [
    payload(which(base64.b64decode(record["kinesis"]["data"])), "base64", f"/Records/{index}/kinesis/data", time=utc(record["kinesis"]["approximateArrivalTimestamp"] * 1000))
    for index, record in enumerate(records("kinesis-lambda.json")[0]["Records"])
], "Kinesis", 0)
add("firehose-lambda.json", [
    payload(which(base64.b64decode(record["data"])), "base64", f"/records/{index}/data", time=utc(record["approximateArrivalTimestamp"]))
    for index, record in enumerate(records("firehose-lambda.json")[0]["records"])
], "Firehose", 0)
# Payloads one after another are no capture of their own.
add("firehose-s3.json", everything(), None, 0)
add("firehose-s3.gz", everything(), None, 0, text_of="firehose-s3.json")

# Google.
found = []
for entry in records("cloud-logging.json")[:6]:
    facts = dict(time=utc(entry["timestamp"]), status=202, duration_ms=12.0, message_id=entry["insertId"], **POST)
    if "textPayload" in entry:
        text = entry["textPayload"]
        found.append(payload(which(text[text.index("{"):]), 1, "/textPayload", **facts))
    elif "payload" in entry["jsonPayload"]:
        found.append(payload(which(entry["jsonPayload"]["payload"]), 0, "/jsonPayload/payload", **facts))
    else:
        found.append(payload(which(entry["jsonPayload"]), 0, "/jsonPayload", **facts))
add("cloud-logging.json", found, "Cloud Logging", 1)
add("pubsub-push.ndjson", [
    payload(which(base64.b64decode(push["message"]["data"])), "base64", "/message/data", time=utc(push["message"]["publishTime"]), attempt=push["deliveryAttempt"], message_id=push["message"]["messageId"])
    for push in records("pubsub-push.ndjson")
], "Pub/Sub", 0)

# Datadog.
found = []
for record in records("datadog.ndjson")[:6]:
    if "payload" in record["attributes"]:
        found.append(payload(which(record["attributes"]["payload"]), 0, "/attributes/payload", time=utc(record["date"]), message_id=record["_id"]))
    else:
        found.append(payload(which(record["message"]), 1, "/message", time=utc(record["date"]), message_id=record["_id"]))
add("datadog.ndjson", found, "Datadog", 1)
add("datadog.json.gz", found, "Datadog", 1, text_of="datadog.ndjson")
add("datadog.json.zst", found, "Datadog", 1, text_of="datadog.ndjson")

# Containers. The last payload is in two pieces.
LARGE = {"kind": "general", "event": None, "valid": False}
lines = records("docker-json.log")
found = [payload(index, 1, time=utc(record["time"])) for index, record in enumerate(lines[1:7])]
found.append(LARGE | {"diagnostics": [{"code": "invalid-uuid", "text": in_string('"not-a-uuid-3"', 1)}], "delivery": {"time": utc(lines[7]["time"])}})
add("docker-json.log", found, "Docker", 1)
lines = read("kubernetes-cri.log").decode().splitlines()
found = [payload(index, 0, time=utc(line.split()[0])) for index, line in enumerate(lines[1:7])]
found.append(LARGE | {"diagnostics": [{"code": "invalid-uuid", "text": '"not-a-uuid-3"'}], "delivery": {"time": utc(lines[7].split()[0])}})
add("kubernetes-cri.log", found, "Kubernetes")

# Databases, pages and documents.
for name in ("postgres.csv", "sqlite.csv"):
    add(name, everything(lambda text: text.replace('"', '""'), method="POST"), "CSV")
add("sqlite.json", everything(1, "/body", method="POST"), None, 0)
add("sqlite-list.txt", everything())
add("soap.xml", everything(lambda text: text.replace('"', "&quot;")))
add("junit.xml", everything())
# An attribute stands between the quotes that its value has not, or has them escaped.
add("attributes.xml", everything(lambda text: next(form for form in (text, text.replace('"', "&quot;")) if form in read("attributes.xml").decode())))
add("page.md", everything(), "text")
add("json-string.json", everything(1, ""), "JSON string", 0)
add("json-string-twice.json", [payload(4, 2, "")], "JSON string", 0)
add("array-of-strings.json", everything(1), "JSON string", 0)

# Encodings.
add("byte-order-mark.log", everything(), "text")
add("utf-16.log", everything(), "text", text_of="byte-order-mark.log")

NO_CAPTURE = {"expected.json"}
missing = {path.name for path in TARGET.iterdir() if path.is_file()} - set(FILES) - NO_CAPTURE
assert not missing, missing
lines = []
for name, expected in sorted(FILES.items()):
    payloads = expected.pop("payloads")
    head = json.dumps(expected, ensure_ascii=False)[1:-1]
    inner = ",\n".join("    " + json.dumps(found, ensure_ascii=False) for found in payloads)
    inner = f"[\n{inner}\n  ]" if payloads else "[]"
    lines.append(f"  {json.dumps(name)}: {{{head}, \"payloads\": {inner}}}")
(TARGET / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
