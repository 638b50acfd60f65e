"""Leaks planted in real results: a face that is bare for five pictures, three seconds of somebody's own voice."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from capture import AudioFile, CaptureSettings, Picture, SafeWriter, VideoFile, probe
from timeline import FloatArray

SETTINGS = CaptureSettings(preset="veryfast")
RATE = 16_000


def sound_of(path: Path) -> FloatArray:
    """All the sound of a recording, mono ``[n]`` at 16 kHz."""
    blocks = AudioFile(path, sample_rate=RATE, mono=True).blocks(10.0)
    return np.concatenate([np.zeros(0, np.float32), *(np.asarray(block, np.float32).reshape(-1) for block in blocks)])


def write_cut(source: Path, target: Path, start: float, seconds: float) -> None:
    """A part of a recording, at its own size and rate."""
    info = probe(source)
    sound = sound_of(source)[round(start * RATE) : round((start + seconds) * RATE)]
    pictures = VideoFile(source, info=info).frames(start=start, stop=start + seconds)
    _write(target, info.picture, ((t - start, picture) for t, picture in pictures), sound)


def bare_face(safe: Path, original: Path, first: int, pictures: int, tile: FloatArray) -> None:
    """Put a face back into a safe recording.

    Args:
        safe: the recording; it is written anew.
        original: the recording it was made from, picture for picture.
        first: number of the first picture in which the face is bare.
        pictures: for how many it is.
        tile: where it is, ``[4]`` px x, y, w, h.
    """
    x, y, w, h = (max(0, round(float(v))) for v in tile)
    rows, columns = slice(y, y + h), slice(x, x + w)
    bare = {}
    for n, (_, picture) in enumerate(VideoFile(original)):
        if first <= n < first + pictures:
            bare[n] = picture[rows, columns].copy()

    def changed() -> object:
        for n, (t, picture) in enumerate(VideoFile(safe)):
            if n in bare:
                picture[rows, columns] = bare[n]
            yield t, picture

    _replace(safe, changed(), sound_of(safe))


def own_voice(safe: Path, voice: FloatArray, at: float) -> None:
    """Put ``voice`` ``[n]`` (16 kHz) into a safe recording at ``at`` s instead of what is heard there."""
    sound = sound_of(safe).copy()
    start = round(at * RATE)
    sound[start : start + len(voice)] = voice[: max(0, len(sound) - start)]
    _replace(safe, iter(VideoFile(safe)), sound)


def _replace(path: Path, pictures: object, sound: FloatArray) -> None:
    made = path.with_name(f"planted{path.suffix}")
    _write(made, probe(path).picture, pictures, sound)
    made.replace(path)


def _write(target: Path, picture: Picture | None, pictures: object, sound: FloatArray) -> None:
    if picture is None:
        raise ValueError("a recording without pictures")
    written = 0
    with SafeWriter(target, picture, RATE, 1, SETTINGS) as out:
        for t, image in pictures:  # type: ignore[attr-defined]
            until = min(len(sound), round((t + 1.0) * RATE))
            if until > written:
                out.write_audio(sound[written:until, None])
                written = until
            out.write_frame(
                t, cv2.resize(image, (picture.width, picture.height)) if image.shape[1] != picture.width else image
            )
        if written < len(sound):
            out.write_audio(sound[written:, None])
