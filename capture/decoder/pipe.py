"""How the decoding child sends messages to its parent.

Kept out of ``capture.decoder.main``, which runs as ``__main__``: imported from there, these classes would exist twice.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

from capture.decoder import protocol
from capture.decoder.settings import BEAT_SECONDS

TOO_MUCH = "takes more memory to decode than is allowed"
SMALLER = "Convert it to MP4 (H.264, AAC) of an ordinary size first."


class RefusedError(Exception):
    """The file cannot be used. The arguments are one clear line and a remedy."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class Pipe:
    """Sends messages to the parent."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._last = time.monotonic()

    def send(self, kind: bytes, t: float = 0.0, a: int = 0, b: int = 0, payload: Any = b"") -> None:
        """Send one message; ``payload`` is any object with a contiguous buffer."""
        body = memoryview(payload).cast("B") if len(payload) else memoryview(b"")
        head = protocol.HEADER.pack(kind, t, a, b, body.nbytes)
        sent = os.writev(self._fd, [head, body]) - len(head)
        while sent < body.nbytes:
            sent += os.write(self._fd, body[sent:])
        self._last = time.monotonic()

    def send_json(self, kind: bytes, value: object) -> None:
        """Send a message with a JSON value."""
        self.send(kind, payload=json.dumps(value).encode())

    def beat(self) -> None:
        """Tell the parent, at most twice a second, that the child still works although it has nothing to send."""
        if time.monotonic() - self._last > BEAT_SECONDS:
            self.send(protocol.BEAT)
