"""The parent's side of the decoding child."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from capture.decoder import protocol
from capture.reading.settings import START_SECONDS
from timeline import InputError


class ChildDiedError(Exception):
    """The child ended without giving a reason: a codec crashed, or somebody killed it."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


@dataclass(slots=True)
class Message:
    """One message of :mod:`capture.decoder.protocol`; ``payload`` is a uint8 array of its own."""

    kind: bytes
    t: float
    a: int
    b: int
    payload: npt.NDArray[np.uint8]

    def json(self) -> dict[str, Any]:
        """The payload as a JSON object."""
        value: dict[str, Any] = json.loads(self.payload.tobytes())
        return value


class Child:
    """A decoding process for one request; a context manager that ends it.

    Args:
        request: ``do`` ("probe", "video" or "audio") and the arguments of that server.
        patience: seconds without any message, heartbeats included, after which the child counts as hung.
    """

    def __init__(self, request: Mapping[str, Any], patience: float) -> None:
        self._patience = patience
        root = str(Path(__file__).resolve().parents[2])
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
            "OMP_NUM_THREADS": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "capture.decoder.main", json.dumps(request)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            bufsize=0,
            start_new_session=True,  # Ctrl-C in the terminal is the parent's to handle
        )
        assert self._process.stdout is not None
        self._fd = self._process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN | select.POLLHUP)
        self._ready = False

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def kill(self) -> None:
        """Kill the child; a reader then gets a ChildDiedError. May be called twice, from any thread."""
        if self._process.poll() is None:
            self._process.kill()

    def close(self) -> None:
        """End the child and wait for it. May be called twice, while nobody is reading."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.kill()
        self._process.wait()

    def _fill(self, view: memoryview) -> None:
        at = 0
        patience = self._patience if self._ready else max(self._patience, START_SECONDS)
        while at < len(view):
            if not self._poll.poll(patience * 1000):
                raise ChildDiedError(f"the decoder has not answered for {self._patience:g} s")
            got = os.readv(self._fd, [view[at:]])
            if not got:
                raise ChildDiedError(self._how())
            at += got

    def _how(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        code = self._process.returncode
        if code is not None and code < 0:
            return f"the decoder crashed (signal {-code})"
        return f"the decoder ended early (code {code})"

    def message(self) -> Message:
        """The next message; heartbeats are skipped.

        Raises:
            ChildDiedError: the child crashed, hung or ended.
            InputError: the child refused the file; the message does not name the file yet.
        """
        while True:
            head = bytearray(protocol.HEADER.size)
            try:
                self._fill(memoryview(head))
            except ChildDiedError as died:
                if not self._ready:
                    raise RuntimeError(f"the decoding process could not start: {died.how}") from died
                raise
            kind, t, a, b, size = protocol.HEADER.unpack(head)
            payload = np.empty(size, np.uint8)
            self._fill(payload.data)
            if kind == protocol.READY:
                self._ready = True
            elif kind == protocol.FAILED:
                said = json.loads(payload.tobytes())
                raise InputError(said["message"], said["remedy"])
            elif kind != protocol.BEAT:
                return Message(kind, t, a, b, payload)
