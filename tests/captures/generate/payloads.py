"""The payloads that each producer gets, as the bytes that are posted."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent
BODIES = [path.read_bytes() for path in sorted((TARGET / "payloads").iterdir())]
TEXTS = [body.decode() for body in BODIES]
VALUES = [json.loads(text) for text in TEXTS]


def write(name, content):
    """Writes a capture."""
    if isinstance(content, str):
        content = content.encode()
    (TARGET / name).write_bytes(content)
