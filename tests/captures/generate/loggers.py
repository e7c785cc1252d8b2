"""Captures of Python's logging, python-json-logger and structlog."""

import io
import json
import logging

import structlog
from pythonjsonlogger.json import JsonFormatter

from payloads import TEXTS, VALUES, write


def logger(formatter):
    """Returns a logger, and the text that it writes to."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    log = logging.Logger("hooks.mews")
    log.addHandler(handler)
    return log, out


plain = logging.Formatter("%(asctime)s %(levelname)-8s %(name)s: %(message)s")
log, out = logger(plain)
log.info("listening on port %d", 8080)
for text in TEXTS:
    log.info("POST /webhooks/mews body=%s status=%d", text, 202)
try:
    json.loads("{")
except ValueError:
    log.error("failed", exc_info=(ValueError, ValueError("Expecting property name: line 1 column 2 (char 1)"), None))
write("python-logging.log", out.getvalue())

# What Python prints of a dict, which is no JSON.
log, out = logger(plain)
for value in VALUES:
    if "Action" in value:
        log.info("received %s", value)
write("python-repr.log", out.getvalue())

log, out = logger(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields={"asctime": "timestamp", "levelname": "level"}))
log.info("listening")
for value in VALUES:
    log.info("webhook received", extra={"event": value, "status": 202, "duration_ms": 12.5})
write("python-json-logger.log", out.getvalue())

out = io.StringIO()
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ],
    logger_factory=structlog.PrintLoggerFactory(out),
)
log = structlog.get_logger()
log.info("listening", port=8080)
for text in TEXTS:
    log.info("webhook_received", body=text, method="POST", path="/webhooks/mews")
log.warning("queue is slow")
write("structlog.log", out.getvalue())

out = io.StringIO()
structlog.configure(
    processors=[
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.add_log_level,
        structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
    ],
    logger_factory=structlog.PrintLoggerFactory(out),
)
log = structlog.get_logger()
log.info("listening", port=8080)
for text in TEXTS:
    log.info("webhook received", body=text)
write("structlog-logfmt.log", out.getvalue())
