"""An example plugin: one part of every kind that Discreet can be extended by.

Each maker is called as ``make(store, settings)``: the weights store, and the settings of the part's room. The decorator
says what it makes; Discreet checks that when it loads the plugin. ``discreet_example-1.0.dist-info/entry_points.txt``
registers the makers; in a project of your own, write them into ``pyproject.toml``, see README.md.
"""

from __future__ import annotations

import numpy as np

from diarization import Diarization
from redaction.asr import RecognisedWord
from redaction.text import Entity
from timeline import Segment, Turn, plugin
from vision import Detections


@plugin("detector")
def detector(store, settings):
    """Finds a face in the middle of every picture."""

    def detect(picture, threshold):
        height, width = picture.shape[:2]
        box = np.array([[width / 4, height / 4, width / 2, height / 2]], np.float32)
        spots = np.array([[0.35, 0.4], [0.65, 0.4], [0.5, 0.5], [0.4, 0.65], [0.6, 0.65]], np.float32)
        return Detections(box, spots[None] * (width, height), np.ones(1, np.float32))

    return detect


@plugin("recogniser")
class Recogniser:
    """Describes a face by the mean colours of the picture's quarters. ``id`` is the name of the entry point."""

    id = "example"

    def __init__(self, store, settings):
        pass

    def __call__(self, picture, faces):
        h, w = picture.shape[0] // 2, picture.shape[1] // 2
        quarters = [part.mean((0, 1)) for half in (picture[:h], picture[h:]) for part in (half[:, :w], half[:, w:])]
        row = np.concatenate(quarters).astype(np.float32) + 1
        return np.repeat(row[None] / np.linalg.norm(row), len(faces), axis=0), np.ones(len(faces))


@plugin("scorer")
class Scorer:
    """Takes every face for speaking while there is sound."""

    id = "example"

    def __init__(self, store, settings):
        pass

    def __call__(self, crops, sound):
        return np.full(len(crops), 0.9 if np.abs(sound).max(initial=0.0) > 0.01 else 0.1)


@plugin("embedder")
class Embedder:
    """Describes a voice by its spectrum in 16 bands."""

    model, same = "example", 0.9

    def __init__(self, store, settings):
        pass

    def pieces(self, pieces):
        return np.array([self(piece) for piece in pieces], np.float32).reshape(-1, 16)

    def __call__(self, samples):
        power = np.abs(np.fft.rfft(samples, 16000)[:8000]).reshape(16, -1).sum(axis=1) + 1e-3
        return (power / np.linalg.norm(power)).astype(np.float32)


@plugin("diarizer")
def diarizer(store, settings):
    """Takes everything for one speaker."""

    def diarize(audio, progress=lambda done: None):
        voice = np.full(16, 0.25, np.float32)
        progress(1.0)
        turn = Turn(start=0.0, end=audio.duration, person="S1", confidence=1.0)
        return Diarization([turn], {"S1": voice}, [Segment(0.0, audio.duration)], "example")

    return diarize


@plugin("asr", languages=("en",))
def asr(store, settings):
    """Hears one word in each stretch of speech."""

    def recognise(samples, language):
        return [RecognisedWord(0.0, len(samples) / 16000, "hello", 1.0)], {"en": 1.0}

    return recognise


@plugin("pii", languages=("en",))
def pii(store, settings):
    """Finds the project's code name."""

    def find(utterance):
        at = utterance.text.lower().find("bluebird")
        return [] if at < 0 else [Entity(at, at + len("bluebird"), "CODE_NAME", 0.9, "the project's code name")]

    return find


@plugin("operator")
class Operator:
    """Puts silence in the place of private words, without a fade."""

    def __init__(self, store, settings):
        pass

    def apply(self, block, start, rate, spans):
        times = start + np.arange(len(block)) / rate
        hidden = np.zeros(len(block), bool)
        for span in spans:
            hidden |= (times >= span.start) & (times < span.end)
        return np.where(hidden.reshape(-1, *[1] * (block.ndim - 1)), 0, block).astype(np.float32)


@plugin("converter")
class Converter:
    """Replaces a voice by noise of the same loudness. ``settings`` holds the voice and the sample rate."""

    latency, delay = 0.0, 0

    def __init__(self, store, settings):
        self._dice = np.random.default_rng(1)

    def __call__(self, block):
        loudness = float(np.sqrt(np.mean(np.square(block)))) if len(block) else 0.0
        return (loudness * self._dice.uniform(-1, 1, len(block))).astype(np.float32)

    def flush(self):
        return np.zeros(0, np.float32)
