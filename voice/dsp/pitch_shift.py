"""Moves the pitch of any sound, without deciding what is voiced.

Waveform-similarity overlap-add (Verhelst and Roelands, 1993) with resampling: each grain is read at ``ratio`` times its
speed, starting near its own time where it best continues the previous grain. Pitch and formants move by ``ratio``
together; the envelope warper then puts the formants in their place. Unlike pitch-synchronous methods this needs no
voicing decision, so no sound slips through unchanged.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from voice.dsp.settings import HOP, HOPS_KEPT, PHASES, REACH, SIMILAR_RATE, TAPS

Samples = npt.NDArray[np.float64]


def _kernels(cutoff: float) -> Samples:
    """Windowed-sinc interpolators ``[phases, taps]``, low-passed at ``cutoff`` of the Nyquist frequency."""
    at = np.arange(TAPS) - (TAPS // 2 - 1) - np.arange(PHASES + 1)[:, None] / PHASES
    kernel = np.sinc(cutoff * at) * np.cos(np.pi * at / (TAPS + 1)) ** 2
    return np.asarray(kernel / kernel.sum(1, keepdims=True))


class PitchShifter:
    """Shifts the pitch of a stream by a ratio that may vary slowly.

    Args:
        rate: samples per second.
        ratio: pitch ratio as a function of the seconds since the stream began.
        highest: the largest value of ``ratio``; it determines the delay.
    """

    def __init__(self, rate: int, ratio: Callable[[float], float], highest: float) -> None:
        self._rate, self._ratio = rate, ratio
        self._hop = round(HOP * rate)
        self._reach = round(REACH * rate)
        self._half = int(np.ceil(highest * self._hop)) + 1
        self._margin = self._reach + self._half + TAPS
        self.delay = self._margin + self._hop
        self._window = np.hanning(2 * self._hop + 1)[:-1]
        self._kernels = _kernels(min(1.0, 1.0 / highest))
        # Rates higher than the similarity search needs are subsampled.
        self._stride = max(1, rate // SIMILAR_RATE)
        self.reset()

    def reset(self) -> None:
        """Forget the stream."""
        # The buffer starts with enough silence for the first grain to look back into.
        self._buffer = np.zeros(self._margin)
        self._start = -self._margin
        self._grain = 0
        self._centre = 0
        self._tail = np.zeros(self._hop)

    def __call__(self, block: Samples) -> Samples:
        """Take ``[n]`` samples and return those that are final (any length)."""
        self._buffer = np.concatenate([self._buffer, block])
        out: list[Samples] = []
        while self._grain * self._hop + self._margin <= self._start + len(self._buffer):
            out.append(self._next())
        keep = self._grain * self._hop - self._margin - 2 * self._half - self._start
        if keep > HOPS_KEPT * self._hop:
            self._buffer, self._start = self._buffer[keep:].copy(), self._start + keep
        return np.concatenate(out) if out else np.zeros(0)

    def _next(self) -> Samples:
        """Process one grain and return the hop of output that ends at its centre."""
        hop, due = self._hop, self._grain * self._hop
        ratio = self._ratio(due / self._rate)
        centre = self._similar(due, ratio) if self._grain else due
        at = centre - self._start + ratio * np.arange(-hop, hop)
        whole = np.floor(at).astype(np.intp)
        phase = np.rint((at - whole) * PHASES).astype(np.intp)
        taps = np.lib.stride_tricks.sliding_window_view(self._buffer, TAPS)[whole - (TAPS // 2 - 1)]
        grain = np.einsum("ij,ij->i", taps, self._kernels[phase]) * self._window
        done = self._tail + grain[:hop]
        self._tail = grain[hop:]
        self._centre = centre
        self._grain += 1
        return done if due else np.zeros(0)

    def _similar(self, due: int, ratio: float) -> int:
        """The sample near ``due``, within reach, at which the sound best continues the previous grain."""
        length = int(ratio * self._hop)
        natural = self._centre - self._start
        if abs(self._centre + length - due) <= self._reach:
            return self._centre + length
        old = self._buffer[natural : natural + length : self._stride]
        first = due - self._reach - length - self._start
        field = self._buffer[first : first + length + 2 * self._reach + 1]
        best = first + self._stride * _best_offset(old, field[:: self._stride])
        if self._stride > 1:
            old = self._buffer[natural : natural + length]
            low = max(first, best - self._stride)
            high = min(first + 2 * self._reach, best + self._stride)
            best = low + _best_offset(old, self._buffer[low : high + length])
        return best + length + self._start


def _best_offset(pattern: Samples, field: Samples) -> int:
    """The offset at which ``field`` best matches ``pattern``, by normalised correlation; the middle for silence."""
    match = np.correlate(field, pattern, "valid")
    energy = np.cumsum(np.concatenate([[0.0], field * field]))
    energy = energy[len(pattern) :] - energy[: -len(pattern)]
    if energy.max() < 1e-12 or not pattern.any():
        return len(match) // 2
    return int(np.argmax(match / np.sqrt(energy + 1e-3 * energy.max())))
