"""What the decoding child sends to its parent: messages over a pipe, each a fixed header followed by raw bytes.

A pipe rather than shared memory: each side copies a picture once either way, and with a pipe the kernel provides
back-pressure, ends the child when the parent dies, and leaves nothing behind.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct("<cdIII")
"""Kind, time in seconds, two numbers (width and height, or samples and channels), number of bytes that follow."""

READY = b"R"  # the child has started
BEAT = b"B"  # still at work
PICTURE = b"V"  # uint8 BGR [b, a, 3] at t
SMALL = b"v"  # the same picture scaled down, after its PICTURE
SOUND = b"A"  # float32 [a, b]
INFO = b"I"  # JSON: what the file holds
END = b"E"  # JSON: how the pass ended
FAILED = b"X"  # JSON: a clear line and a remedy

PIPE_BYTES = 1 << 20
"""Requested size of the pipe: fewer wake-ups for a picture of some megabytes."""
F_SETPIPE_SZ = 1031
