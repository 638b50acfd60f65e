"""Finding the mark: the levels of all bands over time, compared with the pattern at every place it may begin.

Chance has a scale of its own in each window, for the pattern is compared at 256 places and at most one is right: the
score of a window is that of the best place in standard deviations of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from timeline import FloatArray, Segment, union
from voice.watermark.pattern import Numbers, band_of, contrast, pattern
from voice.watermark.settings import (
    BANDS,
    CHIP_FRAMES,
    CLIP,
    EVERY,
    FADE,
    FLOOR_BELOW,
    FLOOR_SHARE,
    HOP,
    LENGTHS,
    PART,
    QUIET,
    RATE,
    ROWS,
    STEP,
    SURE,
    THRESHOLD,
)

_CHIP = round(CHIP_FRAMES * HOP / STEP)
"""Steps of one row of the pattern."""
_SIZE = round(CHIP_FRAMES * HOP * RATE)
_STEP = round(STEP * RATE)
_OVERLAP = max(LENGTHS)
_NOTHING = -200.0
"""dB: the level where there is no sound at all."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much a window is like marked speech: its times (s), and a score; from :data:`THRESHOLD` on it is marked."""

    start: float
    end: float
    score: float

    @property
    def marked(self) -> bool:
        """Whether it is taken for marked."""
        return self.score >= THRESHOLD


def scan(blocks: Iterable[FloatArray], lengths: tuple[float, ...] = LENGTHS) -> Iterator[Evidence]:
    """The evidence of every window of a sound; each twice where parts overlap.

    Args:
        blocks: samples ``[n]`` at 16 kHz, one block after the other.
        lengths: of windows, s.
    """
    for start, sound in _parts(blocks):
        yield from _windows(sound, start, lengths)


def marked_parts(blocks: Iterable[FloatArray]) -> list[Segment]:
    """When marked speech is heard: sorted and disjoint, exact to about a second.

    Args:
        blocks: samples ``[n]`` at 16 kHz, one block after the other.
    """
    found = [each for each in scan(blocks) if each.marked]
    # A long window tells that there is a mark in it, a short one where: where both speak, the short one is believed.
    out: list[Segment] = []
    for length in sorted(LENGTHS):
        here = [Segment(each.start, each.end) for each in found if abs(each.end - each.start - length) < 1e-6]
        out = union([*out, *(span for span in here if not any(_meet(span, other) for other in out))])
    return out


def _meet(one: Segment, other: Segment) -> bool:
    return one.start < other.end and other.start < one.end


def _parts(blocks: Iterable[FloatArray]) -> Iterator[tuple[float, FloatArray]]:
    """Pieces of a minute, the last seconds of each again in the next; with the time at which each begins."""
    held, start, fresh = np.zeros(0, np.float32), 0, False
    for block in blocks:
        held, fresh = np.concatenate([held, np.asarray(block, np.float32)]), True
        while len(held) >= round((PART + _OVERLAP) * RATE):
            size = round((PART + _OVERLAP) * RATE)
            yield start / RATE, held[:size]
            held, start, fresh = held[round(PART * RATE) :], start + round(PART * RATE), size < len(held)
    if fresh:
        yield start / RATE, held


def _windows(sound: FloatArray, start: float, lengths: tuple[float, ...]) -> Iterator[Evidence]:
    levels = _levels(sound)
    cells = contrast(levels, _CHIP)
    cells = np.clip(cells, -CLIP, CLIP) * _weights(levels)
    count = len(cells) // _CHIP
    if not count:
        return
    # By phase: which of the steps of a row the pattern begins at.
    rows = cells[: count * _CHIP].reshape(count, _CHIP, BANDS).transpose(1, 0, 2)
    sums = _running(_matches(rows))
    power = _running((rows**2).sum(axis=2)[:, :, None])
    for length in lengths:
        size, every = round(length / STEP) // _CHIP, max(1, round(EVERY / STEP / _CHIP))
        for at in range(0, count - size + 1, every):
            found = (sums[:, at + size] - sums[:, at]) / np.sqrt(power[:, at + size] - power[:, at] + 1e-9)
            scale = float(np.median(np.abs(found))) / 0.6745
            begin = start + at * _CHIP * STEP
            yield Evidence(begin, begin + length, float(found.max()) / scale if scale > 1e-9 else 0.0)


def _levels(sound: FloatArray) -> Numbers:
    """dB of each band, every step: ``[n, BANDS]``."""
    padded = np.concatenate([np.asarray(sound, np.float64), np.zeros(_SIZE)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[::_STEP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_SIZE), axis=1)) ** 2
    band = band_of(np.fft.rfftfreq(_SIZE, 1.0 / RATE))
    inside = (band[:, None] == np.arange(BANDS)).astype(np.float64)
    return np.asarray(10.0 * np.log10(power @ (inside / inside.sum(axis=0)) + 1e-10))


def _weights(levels: Numbers) -> Numbers:
    """0..1: how far each cell stands out from the noise."""
    loudest = float(levels.max(initial=_NOTHING))
    floor = np.minimum(np.quantile(levels, FLOOR_SHARE, axis=0), np.quantile(levels, 0.97) - FLOOR_BELOW)
    above = np.clip((levels - floor - SURE) / FADE, 0.0, 1.0)
    return np.asarray(above * np.clip((levels - loudest + QUIET) / 10.0, 0.0, 1.0))


def _matches(rows: Numbers) -> Numbers:
    """``[phase, row, place]``: the part of row ``row`` in the correlation with the pattern begun at ``place``."""
    chips = pattern()
    sharp = chips - 0.5 * (np.roll(chips, 1, axis=0) + np.roll(chips, -1, axis=0))
    sharp = sharp - 0.5 * (np.roll(sharp, 1, axis=1) + np.roll(sharp, -1, axis=1))
    against = rows @ sharp.T
    place = (np.arange(rows.shape[1])[:, None] + np.arange(ROWS)) % ROWS
    return np.take_along_axis(against, np.broadcast_to(place, (len(rows), *place.shape)), axis=2)


def _running(values: Numbers) -> Numbers:
    """Sums over axis 1 up to each row, a zero before."""
    return np.concatenate([np.zeros_like(values[:, :1]), np.cumsum(values, axis=1)], axis=1)
