"""The one sound of a recording with several channels: what everything listens to, and all that is written.

What is written must have been listened to. Of channels with the same sound up to their gain, only the loudest is used,
sample by sample. Other channels are mixed so that no voice cancels out. Two channels are added a quarter turn apart
(the second through a Hilbert transformer): a voice with gains ``a`` and ``b`` of any sign is in the mix with
``sqrt(a*a + b*b)`` at every frequency. More channels get phases that vary with frequency. The filters are the same
from beginning to end. A quieter channel with a voice of its own is amplified first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from capture.reading.channel_spectra import Complex, Real
from capture.reading.settings import (
    BAND,
    BAND_EDGE,
    KNOT_HZ,
    KNOT_TURN,
    SEGMENT,
    TAPS,
)
from timeline import FloatArray, Segment

_HALF = TAPS // 2
_GRID = 4096


@dataclass(frozen=True, slots=True)
class ChannelView:
    """Another way to listen to the channels, for what the mix does not contain.

    Attributes:
        weights: of each channel.
        spans: where there is something that the mix does not contain, seconds.
    """

    weights: tuple[float, ...]
    spans: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Mix:
    """How the channels are mixed into one sound.

    Attributes:
        gains: of each channel; 0 for a channel that is silent or the same sound as another.
        sign: of the quarter turn of the second of two channels.
        scale: of the whole mix.
        views: other ways to listen.
    """

    gains: tuple[float, ...]
    sign: float = 1.0
    scale: float = 1.0
    views: tuple[ChannelView, ...] = ()

    @property
    def used(self) -> tuple[int, ...]:
        """The channels that are mixed."""
        return tuple(c for c, gain in enumerate(self.gains) if gain)

    @property
    def differs(self) -> bool:
        """Whether the channels hold more than one sound."""
        return len(self.used) > 1

    def responses(self, frequency: Real, rate: int) -> Complex:
        """The filters' frequency responses ``[C, F]`` at ``frequency`` (Hz)."""
        out = np.zeros((len(self.gains), len(frequency)), np.complex128)
        inside = mixing_band(frequency, rate)
        for number, channel in enumerate(self.used):
            turn = self.sign * np.pi / 2 * number + np.zeros(len(frequency))
            if len(self.used) > 2:
                turn = _phase_walk(number, frequency, rate)
            out[channel] = self.gains[channel] * self.scale * inside * np.exp(1j * turn)
        return out

    def __call__(self, blocks: Iterable[FloatArray], rate: int) -> Iterator[FloatArray]:
        """Yield the mix ``[n]`` of consecutive blocks ``[n, C]``: the same number of samples, in blocks of any length.

        The samples do not depend on how the sound is split into blocks.
        """
        if not self.differs:
            alone = self.used[0] if self.used else 0
            for block in blocks:
                yield block[:, alone]
            return
        yield from filtered(blocks, impulses(self.responses(filter_grid(rate), rate)))


def filter_grid(rate: int) -> Real:
    """The frequencies ``[F]`` at which filters' responses are sampled, Hz."""
    return np.asarray(np.fft.rfftfreq(_GRID, 1.0 / rate), np.float64)


def mixing_band(frequency: Real, rate: int) -> Real:
    """The gain ``[F]`` of each frequency (Hz) where channels are mixed: 1 inside the band, fading to 0 outside."""
    low = np.clip((frequency - (BAND[0] - BAND_EDGE[0])) / BAND_EDGE[0], 0.0, 1.0)
    top = min(BAND[1], rate / 2 - BAND_EDGE[1])
    high = np.clip((top + BAND_EDGE[1] - frequency) / BAND_EDGE[1], 0.0, 1.0)
    return np.asarray(np.sin(np.pi / 2 * low) ** 2 * np.sin(np.pi / 2 * high) ** 2)


def _phase_walk(number: int, frequency: Real, rate: int) -> Real:
    """The phase ``[F]`` of the mix's channel ``number``: a slow random walk over frequency, the same in every run."""
    if number == 0:
        return np.zeros(len(frequency))
    knots = np.arange(0.0, rate / 2 + KNOT_HZ, KNOT_HZ)
    dice = np.random.default_rng(number)
    walk = dice.uniform(0, 2 * np.pi) + np.cumsum(dice.uniform(-KNOT_TURN, KNOT_TURN, len(knots)))
    return np.asarray(np.interp(frequency, knots, walk))


def impulses(responses: Complex) -> Real:
    """Centred filters ``[C, TAPS]`` for frequency responses ``[C, F]`` at :func:`filter_grid`."""
    whole = np.roll(np.fft.irfft(responses, _GRID, axis=1), _HALF, axis=1)[:, :TAPS]
    return np.asarray(whole * np.hanning(TAPS + 2)[1:-1] ** 0.5)


def filtered(blocks: Iterable[FloatArray], filters: Real) -> Iterator[FloatArray]:
    """Yield the sum ``[n]`` of the channels of ``blocks`` ``[n, C]``, each through its filter of ``[C, TAPS]``; no
    delay.
    """
    size = SEGMENT + TAPS - 1
    spectrum = np.fft.rfft(filters, 2 * SEGMENT, axis=1)
    held: Real | None = None
    count = given = 0

    def segment(samples: Real) -> FloatArray:
        done = np.fft.rfft(samples.T, 2 * SEGMENT, axis=1) * spectrum
        return np.fft.irfft(done.sum(axis=0), 2 * SEGMENT)[TAPS - 1 : size].astype(np.float32)

    for block in blocks:
        if not len(block):
            continue
        if held is None:
            held = np.repeat(block[:1].astype(np.float64), _HALF, axis=0)  # no step where the sound begins
        count += len(block)
        held = np.concatenate([held, block])
        while len(held) >= size:
            yield segment(held[:size])
            held, given = held[SEGMENT:], given + SEGMENT
    while held is not None and given < count:
        last = np.concatenate([held, np.repeat(held[-1:], size, axis=0)])[:size]
        yield segment(last)[: count - given]
        held, given = np.concatenate([held[SEGMENT:], held[-1:]]), given + SEGMENT
