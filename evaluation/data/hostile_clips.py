"""Voice clips with hostile tags, and the decoder that has to open them."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from capture import AudioFile, probe
from evaluation.data.hostile_seeds import INPUT, Reader

TAGS = "TITLE=Ann Lee\nARTIST=Zoë\nCOMMENT=recorded at home\nDATE=2026-01-01\n"


def _tagged(data: bytes) -> bytes:
    """A WAV of a tenth of a second with an INFO list of the lines ``KEY=value``, whatever is in them."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(bytes(3200))
    chunks = b""
    for line in data.split(b"\n"):
        key, _, value = line.partition(b"=")
        chunks += key[:4].ljust(4, b"X") + len(value).to_bytes(4, "little") + value + bytes(len(value) % 2)
    info = b"INFO" + chunks
    whole = sound.getvalue() + b"LIST" + len(info).to_bytes(4, "little") + info
    return whole[:4] + (len(whole) - 8).to_bytes(4, "little") + whole[8:]


def _clip(data: bytes, folder: Path) -> None:
    path = folder / "clip.wav"
    path.write_bytes(_tagged(data))
    probe(path)
    for _ in AudioFile(path).blocks():
        pass


def clip() -> Reader:
    """The reader of voice clips: the decoder, in its process."""
    return Reader(TAGS, _clip, (INPUT,))
