"""A registry on this machine that serves packed npm packages, so that npm itself chooses the platform.

It serves only what it was given: any other name is unknown to it, and nothing is asked elsewhere.
"""

import base64
import hashlib
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote


def read_manifest(package: Path) -> dict:
    """Reads package.json from a packed package."""
    with tarfile.open(package) as packed:
        return json.load(packed.extractfile("package/package.json"))


class Registry:
    """A running registry, which ends with its `with` block."""

    def __init__(self, packages: list[Path]) -> None:
        self.documents: dict[str, dict] = {}
        self.files: dict[str, bytes] = {}
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, data = registry.answer(unquote(self.path))
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        for package in packages:
            self.add(package)

    def add(self, package: Path) -> None:
        """Adds a packed package."""
        data = package.read_bytes()
        manifest = read_manifest(package)
        self.files[f"/files/{package.name}"] = data
        digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
        manifest["dist"] = {
            "tarball": f"{self.address}/files/{package.name}",
            "integrity": f"sha512-{digest}",
        }
        self.documents[f"/{manifest['name']}"] = {
            "name": manifest["name"],
            "dist-tags": {"latest": manifest["version"]},
            "versions": {manifest["version"]: manifest},
        }

    def answer(self, path: str) -> tuple[int, bytes]:
        """Returns the status and the body for a path."""
        if path in self.files:
            return 200, self.files[path]
        if path in self.documents:
            return 200, json.dumps(self.documents[path]).encode()
        return 404, b"{}"

    def __enter__(self) -> "Registry":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
