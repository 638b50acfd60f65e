"""Moves the formants: redraws the spectral envelope along a warped frequency axis.

The envelope of a short-time Fourier frame is the low-quefrency part of its log spectrum (cepstral smoothing, Oppenheim
and Schafer). Each frame is filtered by (wanted envelope) / (own envelope), which keeps the fine structure, pitch and
breath. The filter is real and positive: it changes no phase and makes no click.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, next_fast_len, rfft

from voice.dsp.settings import BEYOND_EDGE, FLOOR, FRAME, HOPS, LIFTER, LIMIT, SPEECH

Samples = npt.NDArray[np.float64]


def loudness_weights(frequency: Samples) -> Samples:
    """How much power at each frequency (Hz) counts towards loudness: ITU-R BS.1770's two filters, as smooth curves."""
    high = (frequency / 1500.0) ** 2
    shelf = (1.0 + 10 ** (4.0 / 10) * high**2) / (1.0 + high**2)
    return np.asarray(shelf * frequency**4 / (frequency**4 + 60.0**4))


class EnvelopeWarper:
    """Redraws the envelope of a stream, and keeps the loudness of each frame.

    ``lead`` samples of output come before the first sample of the stream.

    Args:
        rate: samples per second.
        source: maps output frequencies ``[K]`` (Hz) and a time (s) to the input frequencies ``[K]`` (Hz) from which the
            envelope is taken.
        tilt: gain in nepers for each frequency ``[K]``, added to the wanted envelope.
        contrast: height of the wanted envelope's peaks and valleys relative to the input's.
        edge: Hz above which the sound is empty because its pitch was lowered; noise fills the envelope there.
    """

    def __init__(
        self,
        rate: int,
        source: Callable[[Samples, float], Samples],
        tilt: Samples | None = None,
        contrast: float = 1.0,
        edge: float = float("inf"),
    ) -> None:
        self._rate, self._source = rate, source
        self._hop = round(FRAME * rate / HOPS)
        self._frame = self._hop * HOPS
        self._size = next_fast_len(2 * self._frame, real=True)
        self.delay = self._frame
        self.lead = self._frame - self._hop
        at = np.arange(self._frame) + 0.5
        self._window = np.sin(np.pi * at / self._frame)
        self._scale = 2.0 / HOPS
        self.frequency = self.bins(rate)
        self._bins = np.arange(len(self.frequency), dtype=np.float64)
        self._tilt = np.zeros(len(self.frequency)) if tilt is None else tilt
        self._contrast = contrast
        speech = (self.frequency > SPEECH[0]) & (self.frequency < SPEECH[1])
        self._flat = speech / speech.sum()
        self._weights = loudness_weights(self.frequency)
        self._full = int(np.searchsorted(self.frequency, edge))
        noise = np.random.default_rng(0).normal(0.0, np.sqrt(0.5), (2, 4096 + len(self.frequency)))
        self._noise = (noise[0] + 1j * noise[1]) * np.exp(0.5 * np.euler_gamma)
        quefrency = np.arange(self._size)
        quefrency = np.minimum(quefrency, self._size - quefrency)
        edge = LIFTER * rate
        self._lifter = np.where(quefrency < edge, 0.5 + 0.5 * np.cos(np.pi * quefrency / edge), 0.0) ** 0.5
        self.reset()

    @staticmethod
    def bins(rate: int) -> Samples:
        """The frequencies ``[K]`` in Hz at which the envelope is sampled."""
        size = next_fast_len(2 * HOPS * round(FRAME * rate / HOPS), real=True)
        return np.asarray(np.fft.rfftfreq(size, 1.0 / rate), np.float64)

    def reset(self) -> None:
        """Forget the stream."""
        self._buffer = np.zeros(self.lead)
        self._tail = np.zeros(self._frame)
        self._count = 0

    def __call__(self, block: Samples) -> Samples:
        """Take ``[n]`` samples and return those that are final (any length)."""
        self._buffer = np.concatenate([self._buffer, block])
        out: list[Samples] = []
        at = 0
        while at + self._frame <= len(self._buffer):
            out.append(self._next(self._buffer[at : at + self._frame]))
            at += self._hop
        self._buffer = self._buffer[at:].copy()
        return np.concatenate(out) if out else np.zeros(0)

    def _next(self, frame: Samples) -> Samples:
        spectrum = rfft(frame * self._window, self._size)
        power = spectrum.real**2 + spectrum.imag**2
        loud = float(power @ self._weights)
        if loud > 0.0:
            # The floor keeps empty bins (above a telephone's band) from being lifted.
            level = 0.5 * np.log(power + FLOOR * power.max() + 1e-30)
            full = self._full
            if full < len(level):
                # A cliff would ring in the cepstrum, so the level just below the edge is continued beyond it.
                level[full:] = level[max(0, full - BEYOND_EDGE) : full].mean()
            envelope = rfft(irfft(level, self._size) * self._lifter).real
            seconds = self._count * self._hop / self._rate
            place = self._source(self.frequency, seconds) * (self._size / self._rate)
            wanted = np.interp(place, self._bins, envelope)
            mean = float(wanted @ self._flat)
            wanted = mean + self._contrast * (wanted - mean) + self._tilt
            if full < len(level):
                at = self._count * 997 % 4096
                spectrum[full:] = np.exp(envelope[full:]) * self._noise[at : at + len(level) - full]
                power[full:] = spectrum.real[full:] ** 2 + spectrum.imag[full:] ** 2
            gain = np.exp(np.clip(wanted - envelope, -LIMIT, LIMIT))
            now = float((power * gain * gain) @ self._weights)
            spectrum *= gain * np.sqrt(loud / now)
        done = irfft(spectrum, self._size)[: self._frame] * self._window * self._scale
        self._count += 1
        self._tail[: self._frame] += done
        ready = self._tail[: self._hop].copy()
        self._tail[: -self._hop] = self._tail[self._hop :]
        self._tail[-self._hop :] = 0.0
        return ready
