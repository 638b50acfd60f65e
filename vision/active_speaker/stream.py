"""Scoring tracks as a stream: sound in step with the pictures, overlapping windows, bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from timeline import Audio, FloatArray
from vision.active_speaker.base import SpeakerScorer, samples_for
from vision.active_speaker.face_crops import CROP_RATE
from vision.active_speaker.lip_motion import Scores
from vision.active_speaker.mfcc import RATE
from vision.settings import SpeakerSettings

Grey = npt.NDArray[np.uint8]


class AudioBuffer:
    """Sound that is read once, forwards, and of which only the last seconds are kept."""

    def __init__(self, audio: Audio, keep: float) -> None:
        """Create a buffer that keeps ``keep`` seconds before the newest sound requested.

        Raises:
            ValueError: unless ``audio`` is at 16 kHz.
        """
        if audio.sample_rate != RATE:
            raise ValueError(f"speaking is scored on sound at {RATE} Hz, not {audio.sample_rate}")
        self._blocks: Iterator[FloatArray] = audio.blocks(1.0)
        self._buffer = np.zeros(0, np.float32)
        self._at = 0
        self._keep = round(keep * RATE)

    def read(self, start: int, count: int) -> FloatArray:
        """``count`` samples from sample ``start`` on.

        Sound that was dropped already, or lies after the end, is returned as silence.
        """
        parts = [self._buffer]
        have = self._at + len(self._buffer)
        while have < start + count:
            block = next(self._blocks, None)
            if block is None:
                break
            parts.append(block)
            have += len(block)
        self._buffer = np.concatenate(parts)
        drop = max(0, min(len(self._buffer), have - self._keep - self._at))
        out = np.zeros(count, np.float32)
        low, high = max(start, self._at), min(start + count, have)
        if low < high:
            out[low - start : high - start] = self._buffer[low - self._at : high - self._at]
        self._buffer, self._at = self._buffer[drop:], self._at + drop
        return out


class _Line:
    """A track's crops that wait for a window, and its scores so far."""

    def __init__(self) -> None:
        self.first = 0
        self.crops: deque[Grey] = deque()
        self.scored = 0  # number of crops with a score
        self.times: list[float] = []
        self.scores: list[list[float]] = []  # each with its synchrony


class SpeakingScores:
    """Collects the crops of all tracks and scores them in windows."""

    def __init__(
        self, scorer: SpeakerScorer, audio: Audio, settings: SpeakerSettings, synchrony: SpeakerScorer | None = None
    ) -> None:
        """Create it; without ``synchrony`` all of that is 0."""
        self._scorer, self._settings, self._synchrony = scorer, settings, synchrony
        self._window = round(settings.window * CROP_RATE)
        self._fade = min(round(settings.overlap * CROP_RATE), self._window // 2)
        self._tape = AudioBuffer(audio, 3.0 * settings.window + 4.0)
        self._lines: dict[int, _Line] = {}

    def add(self, number: int, crops: Iterable[tuple[int, Grey]]) -> None:
        """Add crops ``(tick, [112, 112])``, or two that are framed differently, of track ``number``, in order.

        Of two, the scorer sees the first, and synchrony is measured on the second.
        """
        line = self._lines.setdefault(number, _Line())
        for tick, crop in crops:
            if line.crops and tick != line.first + len(line.crops):
                self._score(line)
                line.crops.clear()
            if not line.crops:
                line.first, line.scored = tick, 0
            line.crops.append(crop)
            if len(line.crops) - max(line.scored - self._fade, 0) >= self._window:
                self._score(line)

    def finish(self, number: int) -> tuple[Scores, Scores, Scores]:
        """Times (s), probabilities and synchrony of a track that has ended, each ``[M]``."""
        line = self._lines.pop(number, None)
        if line is None:
            return np.zeros(0), np.zeros(0), np.zeros(0)
        self._score(line)
        scores, synchrony = np.asarray(line.scores, np.float64).reshape(-1, 2).T
        return np.asarray(line.times), scores, synchrony

    def _score(self, line: _Line) -> None:
        """Score the newest window, and cross-fade where it overlaps the last one."""
        new = len(line.crops) - line.scored
        if new <= 0:
            return
        drop = max(0, len(line.crops) - self._window)
        crops = np.stack([line.crops[i] for i in range(drop, len(line.crops))])
        first, old = line.first + drop, len(crops) - new
        sound = self._tape.read(first * RATE // CROP_RATE, samples_for(len(crops)))
        if float(np.sqrt(np.mean(sound**2))) < self._settings.silence:
            scores = np.zeros((len(crops), 2))
        else:
            framed, upright = (crops, crops) if crops.ndim == 3 else (crops[:, 0], crops[:, 1])
            other = self._synchrony(upright, sound) if self._synchrony is not None else np.zeros(len(crops))
            scores = np.stack([self._scorer(framed, sound), other], axis=1)
        fade = min(self._fade, old, len(line.scores))
        if fade:
            share = np.arange(1, fade + 1)[:, None] / (fade + 1)
            before = np.asarray(line.scores[-fade:])
            line.scores[-fade:] = (before * (1 - share) + scores[old - fade : old] * share).tolist()
        line.scores.extend(scores[old:].tolist())
        line.times.extend(((np.arange(new) + first + old) / CROP_RATE).tolist())
        for _ in range(max(0, len(line.crops) - self._window)):
            line.crops.popleft()
            line.first += 1
        line.scored = len(line.crops)
