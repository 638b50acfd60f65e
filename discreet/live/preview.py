"""``--preview``: a window with what is recorded. It only ever gets pictures that are already written."""

from __future__ import annotations

import contextlib
import math
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

import cv2
import numpy as np

from capture import Image
from discreet.live.preview_window import HEAD
from timeline import DeviceError

TITLE = "Discreet: what is being recorded"
WIDTH = 640
"""Width of the window, px; smaller pictures are shown as they are."""
RATE = 15.0
"""Most pictures per second."""
OPENING = 10.0
"""Seconds that a window may take to open."""
CLOSING = 2.0
REMEDY = "leave out --preview; it needs a screen, and on Debian the package python3-tk"


def window_command() -> list[str]:
    """The command of the process that shows the window."""
    return [sys.executable, "-m", "discreet.live.preview_window", TITLE]


class Preview:
    """A window in its own process, fed by its own thread.

    :meth:`show` never waits: if the window is too slow, only the newest picture is kept. If the window is closed or its
    process dies, the recording continues without it.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """Open the window.

        Raises:
            DeviceError: there is no screen, no tkinter, or it took longer than ``OPENING``.
        """
        self._child = subprocess.Popen(
            list(command or window_command()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._newest: Image | None = None
        self._over = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._feed, name="preview", daemon=True)
        self._await_window()
        self._thread.start()

    @property
    def open(self) -> bool:
        """Whether the window is still open."""
        return not self._over and self._child.poll() is None

    def show(self, picture: Image) -> None:
        """Show ``picture``, BGR ``[H, W, 3]``, which must not be changed any more. Returns at once."""
        with self._wake:
            self._newest = picture
            self._wake.notify()

    def close(self) -> None:
        """Close the window. May be called twice."""
        with self._wake:
            self._over = True
            self._wake.notify()
        self._thread.join(CLOSING)
        self._end()

    def __enter__(self) -> Preview:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _await_window(self) -> None:
        out = self._child.stdout
        assert out is not None
        if select.select([out], [], [], OPENING)[0] and out.readline().strip() == b"ready":
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(0.5)
        said = b""
        if self._child.poll() is not None and self._child.stderr is not None:
            said = self._child.stderr.read(500)
        self._end()
        reason = said.decode(errors="replace").strip().splitlines()
        raise DeviceError(f"no window can be opened: {reason[-1] if reason else 'it did not open in time'}", REMEDY)

    def _feed(self) -> None:
        pipe = self._child.stdin
        assert pipe is not None
        due = -math.inf
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._newest is not None or self._over)
                if self._over:
                    return
            time.sleep(max(0.0, due - time.monotonic()))
            with self._wake:
                picture, self._newest = self._newest, None
            if picture is None:
                continue
            due = time.monotonic() + 1.0 / RATE
            try:
                small = fitted(picture)
                pipe.write(HEAD.pack(small.shape[1], small.shape[0]) + small.tobytes())
                pipe.flush()
            except (OSError, ValueError):  # the window is closed
                self._over = True
                return

    def _end(self) -> None:
        child = self._child
        if self._thread.is_alive():  # it waits for a window that reads nothing; closing the pipe would wait, too
            child.kill()
        with contextlib.suppress(OSError, ValueError):
            assert child.stdin is not None
            child.stdin.close()
        try:
            child.wait(CLOSING)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for pipe in (child.stdout, child.stderr):
            assert pipe is not None
            pipe.close()


def fitted(picture: Image) -> Image:
    """``picture`` (BGR ``[H, W, 3]``) as RGB, at most ``WIDTH`` px wide."""
    height, width = picture.shape[:2]
    if width > WIDTH:
        picture = np.asarray(cv2.resize(picture, (WIDTH, max(1, round(height * WIDTH / width)))), np.uint8)
    return np.ascontiguousarray(picture[:, :, ::-1])
