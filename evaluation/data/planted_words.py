"""A small clean result, and leaks to plant in it: names in boxes, chunks, tags, captions and file names.

:data:`PLANTS` gives the file and the method of each leak; :data:`ENCODINGS` how the name is written.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from capture import CaptureSettings, Picture, SafeWriter
from sharing import Gate, Terms
from timeline import Timeline

NAME = "Gareth Llewellyn"
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "utf-16": lambda text: text.encode("utf-16-le"),
    "base64": lambda text: base64.b64encode(text.encode()),
    "deflate": lambda text: zlib.compress(text.encode()),
}
Plant = Callable[[Path, bytes], object]


def document(seed: int = 0) -> Timeline:
    """A document in which one person says a word and a redacted name; the seed changes the times."""
    shift = seed / 100
    words = [
        {"start": 0.1 + shift, "end": 0.3 + shift, "text": "Hello", "person": "p1"},
        {"start": 0.3 + shift, "end": 0.6 + shift, "text": "[PERSON]", "person": "p1", "redaction": "r1"},
    ]
    redaction = {"id": "r1", "kind": "word", "start": 0.3 + shift, "end": 0.6 + shift, "entity": "PERSON"}
    return Timeline.model_validate(
        {
            "recording": {"duration": 1.0, "width": 64, "height": 48, "fps": 10.0, "sample_rate": 16000},
            "people": [{"id": "p1", "pseudonym": "Speaker 1"}],
            "turns": [{"start": 0.1 + shift, "end": 0.6 + shift, "person": "p1", "confidence": 0.9}],
            "words": words,
            "redactions": [redaction | {"operator": "beep", "reason": "a name"}],
        }
    )


def captions(timeline: Timeline) -> str:
    """Captions in WebVTT, one per word."""
    cues = (f"00:00:{word.start:06.3f} --> 00:00:{word.end:06.3f}\n{word.text}\n" for word in timeline.words)
    return "\n".join(["WEBVTT\n", *cues])


def write_clean(folder: Path, seed: int = 0) -> None:
    """Write a result as the program does: recording, document, captions."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    tone = rng.uniform(5, 9)
    with SafeWriter(folder / "safe.mp4", Picture(64, 48, 10.0), 16000, 1, CaptureSettings(preset="ultrafast")) as out:
        for n in range(10):
            out.write_frame(n / 10, np.full((48, 64, 3), 20 * n + seed % 20, np.uint8))
            out.write_audio(np.sin(np.arange(1600) / tone).astype(np.float32)[:, None] * 0.1)
    timeline = document(seed)
    (folder / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
    (folder / "transcript.vtt").write_text(captions(timeline), encoding="utf-8")


def clean_gate() -> Gate:
    """A gate that knows the files of that result, and the name that must not appear anywhere."""
    media = frozenset({"safe.mp4", "talk.wav", "people/p1.jpg", "people/p1.png"})
    return Gate({"transcript.vtt": captions}, media, Terms([NAME]))


def box(kind: bytes, content: bytes) -> bytes:
    """An MP4 box."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def append(path: Path, content: bytes) -> None:
    """Append bytes to a file."""
    path.write_bytes(path.read_bytes() + content)


def into_moov(path: Path, content: bytes) -> None:
    """Insert boxes at the end of ``moov``; the media data after it moves, and the chunk offsets with it."""
    data = bytearray(path.read_bytes())
    at = data.index(b"moov") - 4
    (size,) = struct.unpack(">I", data[at : at + 4])
    data[at : at + 4] = struct.pack(">I", size + len(content))
    start = 0
    while (start := data.find(b"stco", start + 1)) >= 0:
        (count,) = struct.unpack(">I", data[start + 8 : start + 12])
        for n in range(count):
            place = start + 12 + 4 * n
            (offset,) = struct.unpack(">I", data[place : place + 4])
            data[place : place + 4] = struct.pack(">I", offset + len(content))
    data[at + size : at + size] = content
    path.write_bytes(data)


def second_track(folder: Path, _: bytes = b"") -> None:
    """Write the same recording with its sound twice."""
    path, out = folder / "safe.mp4", folder / "more.mp4"
    with av.open(str(path)) as source, av.open(str(out), "w") as target:
        sound = source.streams.audio[0]
        copies = [target.add_stream_from_template(sound) for _ in range(2)]
        for packet in source.demux(sound):
            if packet.dts is not None:
                for copy in copies:
                    packet.stream = copy
                    target.mux(packet)
    out.replace(path)


def sei(folder: Path, content: bytes) -> None:
    """Write into the encoder's own message, whose size stays the same."""
    path = folder / "safe.mp4"
    data = path.read_bytes()
    at = data.index(b"x264 - core")
    path.write_bytes(data[:at] + content + data[at + len(content) :])


def jpeg(marker: int) -> Plant:
    """Write a picture with an extra part."""

    def plant(folder: Path, content: bytes) -> None:
        (folder / "people").mkdir()
        part = bytes([0xFF, marker]) + struct.pack(">H", 2 + len(content)) + content
        (folder / "people" / "p1.jpg").write_bytes(b"\xff\xd8" + part + b"\xff\xd9")

    return plant


def wav(folder: Path, chunks: bytes, behind: bytes = b"") -> None:
    """Write a WAV file with extra chunks, and bytes after its end."""
    body = b"WAVE" + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16000, 32000, 2, 16) + b"data" + bytes(4) + chunks
    (folder / "talk.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body + behind)


def riff(kind: bytes, content: bytes) -> bytes:
    """A RIFF chunk."""
    return struct.pack("<4sI", kind, len(content)) + content + b"\0" * (len(content) % 2)


def write(name: str) -> Plant:
    """Write another file."""
    return lambda folder, content: (folder / name).write_bytes(content)


PLANTS: dict[str, tuple[str, Plant]] = {
    "free box": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"free", c))),
    "skip box": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"skip", c))),
    "uuid box": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"uuid", bytes(16) + c))),
    "unknown box": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"note", c))),
    "user data": ("safe.mp4", lambda f, c: into_moov(f / "safe.mp4", box(b"udta", box(b"\xa9nam", c)))),
    "free box in moov": ("safe.mp4", lambda f, c: into_moov(f / "safe.mp4", box(b"free", c))),
    "second media data": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"mdat", c))),
    "bytes behind the end": ("safe.mp4", lambda f, c: append(f / "safe.mp4", c)),
    "message of the encoder": ("safe.mp4", sei),
    "EXIF": ("people/p1.jpg", jpeg(0xE1)),
    "JPEG comment": ("people/p1.jpg", jpeg(0xFE)),
    "WAV list": ("talk.wav", lambda f, c: wav(f, riff(b"LIST", b"INFOINAM" + c))),
    "WAV behind the end": ("talk.wav", lambda f, c: wav(f, b"", c)),
    "note in captions": ("transcript.vtt", lambda f, c: append(f / "transcript.vtt", b"\n\nNOTE\n" + c + b"\n")),
    "another file": ("notes.txt", write("notes.txt")),
    "hidden file": (".notes", write(".notes")),
}
"""Plant -> the file that holds it, and the function that writes it."""
