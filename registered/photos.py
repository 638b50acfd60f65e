"""Reading untrusted photos: in a child process, upright, of bounded size."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np

from registered.decode_photo import MAX_PIXELS, TOO_LARGE
from registered.enrolment_problems import Problem
from registered.finder_protocols import Image

MAX_SIDE = 1920
"""px; larger photos are scaled down: enough for every recogniser, and it bounds time and memory."""
MAX_BYTES = 200 << 20
_CHILD = Path(__file__).with_name("decode_photo.py")
_SMALLER = "make it smaller and try again"
_CONVERT = "save it as JPEG or PNG and try again"


def read_photo(path: Path, timeout: float = 60.0) -> Image | Problem:
    """The photo in ``path``, upright, uint8 ``[H, W, 3]`` BGR, at most 1920 px long; or why it cannot be read."""

    def unreadable(message: str, remedy: str) -> Problem:
        return Problem(str(path), "unreadable", message, remedy)

    try:
        if path.is_dir():
            return unreadable("is a folder", "name the photos in it")
        if path.stat().st_size == 0:
            return unreadable("is empty", "choose another photo")
        if path.stat().st_size > MAX_BYTES:
            return unreadable("is over 200 MB large", _CONVERT)
        with path.open("rb"):
            pass
    except FileNotFoundError:
        return unreadable("does not exist", "check the path")
    except OSError as error:
        return unreadable(f"cannot be read: {error.strerror}", "check its permissions")
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(_CHILD), str(path.resolve()), str(MAX_SIDE)],
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return unreadable(f"could not be decoded within {timeout:.0f} s", _CONVERT)
    if child.returncode in (TOO_LARGE, -getattr(signal, "SIGXCPU", 0)):
        return unreadable(f"is larger than {MAX_PIXELS // 1_000_000} megapixels, or takes too long", _SMALLER)
    head, _, body = child.stdout.partition(b"\n")
    try:
        if child.returncode != 0:
            raise ValueError(f"exit code {child.returncode}")
        height, width = (int(number) for number in head.split())
        return np.frombuffer(body, np.uint8).reshape(height, width, 3)
    except ValueError:
        return unreadable("is not a picture that can be read, or is damaged", _CONVERT)
