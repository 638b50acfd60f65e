"""Face finders and voice embedders that do what a test tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from registered import Clip, FoundFace
from timeline import ArrayAudio, Audio, FloatArray, Segment

Image = npt.NDArray[np.uint8]
RATE = 16000
FRONT = np.array([[70, 80], [130, 80], [100, 115], [76, 150], [124, 150]], np.float32)


def identity(number: int, size: int = 32) -> FloatArray:
    """Embeddings of two numbers are orthogonal."""
    out = np.zeros(size, np.float32)
    out[number] = 1.0
    return out


def face(number: int, x: float = 40, y: float = 40, side: float = 140, turned: float = 0.0) -> FoundFace:
    scale = side / 140
    landmarks = (FRONT - 40) * np.float32(scale) + np.array([x, y], np.float32)
    landmarks[2, 0] += 60 * scale * turned
    return FoundFace((x, y, side, side), landmarks.astype(np.float32), 0.95, identity(number))


def picture(key: int, seed: int = 0, dark: float = 1.0, blur: float = 0.0, add: float = 0.0) -> Image:
    """A picture of rough texture whose first pixel tells :class:`Faces` what it shows."""
    rng = np.random.default_rng(seed)
    # Large shapes and fine ones, as faces have.
    texture = 0.7 * cv2.resize(rng.uniform(30, 230, (6, 6, 3)).astype(np.float32), (240, 240))
    texture += 0.3 * cv2.resize(rng.uniform(0, 255, (60, 60, 3)).astype(np.float32), (240, 240))
    texture += rng.normal(0, 6, texture.shape).astype(np.float32)
    if blur:
        texture = cv2.GaussianBlur(texture, (0, 0), blur)
    image = np.clip(texture * dark + add, 0, 255).astype(np.uint8)
    image[0, 0] = key
    return image


@dataclass
class Faces:
    """A FaceFinder: the first pixel of a picture says which entry of ``shown`` is found in it."""

    shown: dict[int, list[FoundFace]] = field(default_factory=lambda: {n: [face(n)] for n in range(30)})
    model: str = "fake-face"
    same: float = 0.5

    def __call__(self, image: Image) -> Sequence[FoundFace]:
        return self.shown[int(image[0, 0, 0])]


@dataclass
class Photos:
    """Writes pictures to files."""

    folder: Path

    def __call__(self, name: str, image: Image) -> Path:
        path = self.folder / name
        cv2.imencode(path.suffix, image)[1].tofile(path)
        return path


def talk(
    seconds: float, pitch: float = 150.0, level: float = 0.1, noise: float = 0.0005, seed: int = 0, rate: int = RATE
) -> FloatArray:
    """A buzz in syllables with pauses: "speech" of one pitch, which is its identity to :class:`Voices`."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in range(1, 5))
    syllables = (np.sin(2 * np.pi * 2.0 * t) > -0.4).astype(np.float64)
    out = level * buzz * syllables + rng.normal(0, noise, len(t))
    return out.astype(np.float32)


def clip(source: str, samples: FloatArray, rate: int = RATE) -> Clip:
    return Clip(source, ArrayAudio(samples, rate))


@dataclass
class Voices:
    """A VoiceEmbedder: pitches of more than some 10 Hz difference are orthogonal voices."""

    model: str = "fake-voice"
    same: float = 0.5

    def __call__(self, samples: FloatArray) -> FloatArray:
        power = np.abs(np.fft.rfft(samples, 1 << 16)) ** 2
        hertz = np.fft.rfftfreq(1 << 16, 1 / RATE)
        inside = (hertz > 80) & (hertz < 400)
        bands = np.array_split(power[inside], 32)
        rows = np.array([b.sum() for b in bands])
        return (rows / rows.sum()).astype(np.float32)


def speech(audio: Audio) -> list[Segment]:
    """A SpeechFinder: everything louder than -55 dB, in pieces of 20 ms."""
    out: list[Segment] = []
    for number, block in enumerate(audio.blocks(0.02)):
        if float(np.mean(block.astype(np.float64) ** 2)) > 10**-5.5:
            out.append(Segment(number * 0.02, number * 0.02 + len(block) / audio.sample_rate))
    return out


__all__ = [
    "FRONT",
    "Faces",
    "Image",
    "Photos",
    "Voices",
    "clip",
    "face",
    "identity",
    "picture",
    "replace",
    "speech",
    "talk",
]
