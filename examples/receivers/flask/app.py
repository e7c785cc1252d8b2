"""Receives Mews webhooks with Flask, well or with one of the mistakes that its defaults lead to.

It fetches nothing: ../main.rs shows what to do with a payload. ../README.md lists the options.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import queue
import sys
import threading
import time

import waitress
from flask import Flask, Response, request

LIMIT = 16 * 1024 * 1024

# How long the work for one event takes, in seconds.
WORK = 0.02

MISTAKES = {
    "request-json": "uses request.json",
    "answers-after-work": "answers when the work is done",
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mistake", choices=MISTAKES)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--token-env", metavar="NAME")
    parser.add_argument("--secret-env", metavar="NAME")
    return parser.parse_args()


def variable(name):
    """Returns the value of an environment variable, if a name is given."""
    if name is None:
        return None
    value = os.environ.get(name)
    if not value:
        print(f"error: the environment variable {name} is not set, or empty", file=sys.stderr)
        sys.exit(3)
    return value.encode()


def is_signed(secret, body, header):
    """Returns whether a header is the base64 of the HMAC-SHA256 of the raw body."""
    if secret is None or header is None:
        return False
    expected = base64.b64encode(hmac.digest(secret, body, hashlib.sha256))
    return hmac.compare_digest(expected, header.encode())


def events(payload):
    found = payload.get("Events") if isinstance(payload, dict) else None
    return found if isinstance(found, list) else []


def application(options):
    token = variable(options.token_env)
    secret = variable(options.secret_env)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LIMIT
    # A receiver of your own stores payloads before it answers.
    payloads = queue.Queue()

    @app.post("/mews")
    def receive():
        if token is not None and not hmac.compare_digest(request.args.get("Token", "").encode(), token):
            return Response(status=401)
        body = request.get_data()
        if options.mistake == "request-json":
            # Wrong: answers 415 without `Content-Type: application/json`, and Mews need not send one.
            payload = request.json
        else:
            try:
                payload = json.loads(body.decode())
            except (ValueError, RecursionError):
                return Response(status=400)
        is_pos = isinstance(payload, dict) and "data" in payload and "meta" in payload
        if is_pos and not is_signed(secret, body, request.headers.get("X-Signature")):
            return Response(status=401)
        if options.mistake == "answers-after-work":
            # Wrong: Mews waits for 5 seconds, and a message has hundreds of events.
            work(payload)
        else:
            payloads.put(payload)
        return Response(status=200)

    def work_off():
        while True:
            work(payloads.get())

    threading.Thread(target=work_off, daemon=True).start()
    return app


received = 0


def work(payload):
    global received
    for _ in events(payload):
        time.sleep(WORK)
        received += 1


def main():
    options = arguments()
    if options.list:
        for name, summary in MISTAKES.items():
            print(f"{name:18}  {summary}")
        return
    server = waitress.create_server(application(options), host="127.0.0.1", port=options.port)
    threading.Thread(target=server.run, daemon=True).start()
    print(f"listening on http://127.0.0.1:{server.effective_port}/mews", flush=True)
    sys.stdin.buffer.read()
    print(f"events: {received} received", flush=True)
    # Without waiting for requests that are being answered.
    os._exit(0)


if __name__ == "__main__":
    main()
