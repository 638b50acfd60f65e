"""Copying a fragmented MP4 into a plain one that starts with its index.

``python -m capture.writing.remux SOURCE TARGET`` copies packets without decoding. It runs in a process of its own: a
file that was cut can crash FFmpeg, and the recording must survive that.
"""

from __future__ import annotations

import contextlib
import io
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

from capture.decoder.settings import MEMORY_BYTES
from capture.mp4_boxes import top_level_boxes
from capture.writing.settings import REMUX_SECONDS

_OPTIONS = {"movflags": "+faststart", "movie_timescale": "90000"}


def bytes_of_whole_fragments(path: Path) -> int:
    """Bytes from the file's start to the end of its last complete fragment; 0 if not even the first is complete."""
    size, end, index = path.stat().st_size, 0, False
    with path.open("rb") as file:
        for kind, start, stop in top_level_boxes(path):
            if stop > size:
                break
            index = index or kind == b"moov"
            if index and kind == b"mdat" and _has_final_length(file, start, stop):
                end = stop
    return end


def _has_final_length(file: Any, start: int, stop: int) -> bool:
    """Whether the box has its final length in the header; one that is being written may still lack it."""
    file.seek(start)
    (length,) = struct.unpack(">I", file.read(4))
    return bool(length == 1 or length == stop - start)


class _Head(io.RawIOBase):
    """The first bytes of a file, as if there were no more."""

    def __init__(self, path: Path, length: int) -> None:
        super().__init__()
        self._file, self._length = path.open("rb"), length

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._length - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_END:
            return self._file.seek(self._length + offset)
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def copy_packets(source: Path, target: Path) -> None:
    """Write ``target`` from the complete fragments of ``source``, in this process."""
    import av

    options: Any = {"options": _OPTIONS, "format": "mp4"}
    head: Any = _Head(source, bytes_of_whole_fragments(source))
    source_file: Any = av.open(head, "r", format="mp4")
    with source_file as inside, av.open(f"file:{target}", "w", **options) as out:
        out.metadata.update(inside.metadata)
        streams = {
            stream.index: out.add_stream_from_template(stream)
            for stream in inside.streams
            if stream.type in ("video", "audio")
        }
        for packet in inside.demux(*(inside.streams[i] for i in streams)):
            if packet.dts is None:
                continue  # the end mark of a stream
            packet.stream = streams[packet.stream.index]
            out.mux(packet)


def read_packet(source: Path) -> None:
    """Read the first packet of ``source``. Raises av.FFmpegError, OSError or StopIteration if there is none."""
    import av

    head: Any = _Head(source, bytes_of_whole_fragments(source))
    opened: Any = av.open(head, "r", format="mp4")
    with opened as inside:
        next(packet for packet in inside.demux() if packet.dts is not None)


def readable(source: Path) -> bool:
    """Whether the complete fragments can be read, tested in a separate process."""
    return _child([str(source)], REMUX_SECONDS, ())


def remux(source: Path, target: Path, timeout: float = REMUX_SECONDS, pass_fd: int | None = None) -> bool:
    """Run :func:`copy_packets` in a separate process; return whether it succeeded.

    ``pass_fd`` stays open there, in case ``target`` names it.
    """
    return _child([str(source), str(target)], timeout, () if pass_fd is None else (pass_fd,))


def _child(paths: list[str], timeout: float, pass_fds: tuple[int, ...]) -> bool:
    root = str(Path(__file__).resolve().parents[2])
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "capture.writing.remux", *paths],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=env,
            timeout=timeout,
            pass_fds=pass_fds,
            start_new_session=True,  # Ctrl-C in the terminal is the parent's to handle
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    if len(sys.argv) > 2:
        copy_packets(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        read_packet(Path(sys.argv[1]))
