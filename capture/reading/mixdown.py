"""Choosing and reading the one sound of a recording: the only sound that is listened to and written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from capture.media_info import MediaInfo
from capture.reading.audio import AudioFile
from capture.reading.channel_mix import ChannelView, Mix, filter_grid, filtered, impulses, mixing_band
from capture.reading.channel_spectra import (
    Complex,
    Real,
    Spectra,
    frequencies,
    power,
    spectra,
    unexplained_by_channel,
    unexplained_by_others,
)
from capture.reading.probe import probe
from capture.reading.settings import (
    ALIKE,
    BELOW_LOUDEST,
    LISTENED_RATE,
    MOST_GAIN,
    NOTHING,
    OWN,
    PEAK,
    SPEECH_SWING,
    SURVEY_BLOCK,
    VIEW_FRAMES,
    VIEW_LOUD,
    VIEW_MARGIN,
    VIEW_OWN,
)
from capture.settings import CaptureSettings
from timeline import BLOCK_SECONDS, FloatArray, Segment, union

_TINY = 1e-20
_LOWEST, _STEPS = -110, 120
"""Lowest level of a level histogram, dB, and number of its steps of 1 dB."""


class Channels(Protocol):
    """All channels of a recording, such as :class:`capture.AudioFile` with ``mono=False``."""

    @property
    def sample_rate(self) -> int:
        """Samples per second."""
        ...

    @property
    def channels(self) -> int:
        """Number of channels."""
        ...

    @property
    def duration(self) -> float:
        """Seconds."""
        ...

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Iterator[FloatArray]:
        """Yield a new pass of consecutive blocks ``[n, channels]``."""
        ...


@dataclass(frozen=True, slots=True)
class MonoSound:
    """The one sound, a mono :class:`timeline.Audio`: all ``channels``, mixed by ``mix``."""

    channels: Channels
    mix: Mix

    @property
    def sample_rate(self) -> int:
        """Samples per second."""
        return self.channels.sample_rate

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.channels.duration

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Iterator[FloatArray]:
        """Yield a new pass of consecutive blocks ``[n]`` of ``seconds`` each, the last one shorter."""
        step = max(1, round(seconds * self.sample_rate))
        held = np.zeros(0, np.float32)
        for block in self.mix(_finite(self.channels, seconds), self.sample_rate):
            held = np.concatenate([held, block])
            while len(held) >= step:
                yield held[:step]
                held = held[step:]
        if len(held):
            yield held

    @property
    def views(self) -> list[ChannelViewSound]:
        """The other combinations of channels to listen to."""
        return [ChannelViewSound(self.channels, view) for view in self.mix.views]

    @property
    def notes(self) -> list[str]:
        """What people should know about the sound."""
        if not self.mix.differs:
            return []
        extra = " Each was listened to as well where it held more than the mix tells." if self.mix.views else ""
        return [
            f"{len(self.mix.used)} of the recording's {len(self.mix.gains)} channels hold different sound: they were"
            f" mixed into one, which was listened to and is all that was written.{extra}"
        ]


@dataclass(frozen=True, slots=True)
class ChannelViewSound:
    """One combination of the channels, silent outside its spans: a :class:`timeline.Audio`."""

    channels: Channels
    view: ChannelView

    @property
    def sample_rate(self) -> int:
        """Samples per second."""
        return self.channels.sample_rate

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.channels.duration

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Iterator[FloatArray]:
        """Yield a new pass of consecutive blocks ``[n]`` of any length."""
        rate = self.sample_rate
        inside = mixing_band(filter_grid(rate), rate).astype(np.complex128)
        filters = impulses(np.multiply.outer(np.asarray(self.view.weights), inside))
        at = 0
        for block in filtered(_finite(self.channels, seconds), filters):
            heard = np.zeros_like(block)
            for span in self.view.spans:
                first, last = round(span.start * rate) - at, round(span.end * rate) - at
                heard[max(0, first) : max(0, last)] = block[max(0, first) : max(0, last)]
            at += len(block)
            yield heard


def mono_sound(
    path: str | os.PathLike[str], info: MediaInfo | None = None, settings: CaptureSettings | None = None
) -> AudioFile | MonoSound:
    """The one sound of a recording at 16 kHz: a single channel unchanged, several channels mixed.

    To decide on the mix, a recording with several channels is read twice.

    Raises:
        InputError: the file cannot be read.
    """
    info = info or probe(path, settings)
    if info.channels <= 1:
        return AudioFile(path, LISTENED_RATE, info=info, settings=settings)
    channels = AudioFile(path, LISTENED_RATE, mono=False, info=info, settings=settings)
    return MonoSound(channels, choose_mix(channels))


def choose_mix(channels: Channels) -> Mix:
    """Decide, in two passes, how to mix ``channels``."""
    rate = channels.sample_rate
    inside = mixing_band(frequencies(rate), rate)
    survey = _Survey(channels.channels)
    for stretch in spectra(_finite(channels, SURVEY_BLOCK), rate, inside):
        survey.add(stretch.cross, stretch.powers)
    mix = survey.mix(rate)
    if not mix.differs:
        return mix
    mix = _without_clipping(mix, channels)
    return replace(mix, views=_channel_views(mix, channels))


class _Survey:
    """What the first pass learns about ``count`` channels."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._heard = np.zeros(count, np.bool_)
        self._alike = np.ones((count, count), np.bool_)
        self._levels = np.zeros((count, _STEPS), np.int64)
        self._cross: Complex | None = None
        self._power = np.zeros(count)
        self._own = np.zeros(count)

    def add(self, cross: Complex, frames: Real) -> None:
        """Take in a stretch: mean cross-spectra ``[F, C, C]`` and powers of its frames ``[T, C]``."""
        self._cross = cross * len(frames) if self._cross is None else self._cross + cross * len(frames)
        steps = np.clip(10 * np.log10(np.maximum(frames, 1e-30)) - _LOWEST, 0, _STEPS - 1).astype(np.intp)
        for channel in range(self._count):
            self._levels[channel] += np.bincount(steps[:, channel], minlength=_STEPS)
            for other in range(self._count):
                whole, left = unexplained_by_channel(cross, channel, other)
                self._heard[channel] |= whole > NOTHING
                self._alike[channel, other] &= left <= ALIKE * whole + NOTHING
            whole, own = unexplained_by_others(cross, channel)
            self._power[channel] += whole * len(frames)
            self._own[channel] += own * len(frames)

    def mix(self, rate: int) -> Mix:
        """The mix, without a peak limit and without views."""
        used: list[int] = []
        for channel in np.argsort(-np.round(10 * np.log10(self._power + _TINY), 1), kind="stable").tolist():
            if self._heard[channel] and not any(self._alike[channel, other] for other in used):
                used.append(channel)
        if len(used) <= 1:
            chosen = used[0] if used else 0
            return Mix(tuple(float(c == chosen) for c in range(self._count)))
        gains = self._gains(sorted(used))
        plain = [Mix(gains, sign, 1.0 / np.sqrt(len(used))) for sign in (1.0, -1.0)]
        return max(plain, key=lambda mix: self._loudness(mix, rate))

    def _loudness(self, mix: Mix, rate: int) -> float:
        responses = mix.responses(frequencies(rate), rate)
        assert self._cross is not None
        return float(np.einsum("cf,fcd,df->", responses, self._cross, responses.conj()).real)

    def _gains(self, used: Sequence[int]) -> tuple[float, ...]:
        levels = {c: self._level(c, 0.95) for c in used}
        swings = {c: levels[c] - self._level(c, 0.10) for c in used}
        loudest = max([levels[c] for c in used if swings[c] >= SPEECH_SWING], default=max(levels.values()))
        gains = [0.0] * self._count
        for channel in used:
            speaks = swings[channel] >= SPEECH_SWING and self._own[channel] >= OWN * self._power[channel]
            raised = np.clip(loudest - BELOW_LOUDEST - levels[channel], 0.0, MOST_GAIN) if speaks else 0.0
            gains[channel] = float(10 ** (raised / 20))
        return tuple(gains)

    def _level(self, channel: int, share: float) -> float:
        """The level in dB that the channel stays below for ``share`` of the time."""
        counts = np.cumsum(self._levels[channel])
        return float(np.searchsorted(counts, share * counts[-1])) + _LOWEST


def _without_clipping(mix: Mix, channels: Channels) -> Mix:
    peak = max((float(np.abs(b).max(initial=0.0)) for b in MonoSound(channels, mix).blocks()), default=0.0)
    return replace(mix, scale=mix.scale * min(1.0, PEAK / max(peak, PEAK)))


def _channel_views(mix: Mix, channels: Channels) -> tuple[ChannelView, ...]:
    """The views to listen to: each channel alone and, of two channels, their sum and difference.

    A view is kept only with the spans in which it holds something that the mix does not.
    """
    rate = channels.sample_rate
    inside = frequencies(rate)
    responses = mix.responses(inside, rate)
    alone = np.diag(np.asarray(mix.gains))[list(mix.used)] * mix.scale
    weights = [*alone]
    if len(mix.used) == 2:
        plain = [np.sign(row) * mix.scale * min(g for g in mix.gains if g) for row in alone]
        weights += [plain[0] + plain[1], plain[0] - plain[1]]
    found: list[list[Segment]] = [[] for _ in weights]
    for stretch in spectra(_finite(channels, SURVEY_BLOCK), rate, mixing_band(inside, rate)):
        mixed = np.einsum("ftc,cf->ft", stretch.frames, responses)
        for spans, row in zip(found, weights, strict=True):
            spans += _not_in_mix(stretch, stretch.frames @ row, mixed)
    return tuple(
        ChannelView(tuple(float(w) for w in row), tuple(union(spans)))
        for row, spans in zip(weights, found, strict=True)
        if spans
    )


def _not_in_mix(stretch: Spectra, view: Complex, mixed: Complex) -> list[Segment]:
    """Where ``view`` ``[F, T]`` holds what no filter can produce from ``mixed`` ``[F, T]``, with a margin (s)."""
    told = np.sum(view * mixed.conj(), axis=1) / np.maximum(power(mixed).sum(axis=1), _TINY)
    own, left = _power_around_frames(power(view)), _power_around_frames(power(view - told[:, None] * mixed))
    least = np.maximum(VIEW_LOUD * power(mixed).sum(axis=0).mean(), NOTHING)
    seconds = (stretch.end - stretch.start) / max(1, view.shape[1])
    hits = np.flatnonzero((left >= VIEW_OWN * own) & (left >= least))
    middles = (stretch.start + (hit + 0.5) * seconds for hit in hits.tolist())
    return union(Segment(max(0.0, t - VIEW_MARGIN), t + VIEW_MARGIN) for t in middles)


def _power_around_frames(powers: Real) -> Real:
    """The power ``[T]`` of ``[F, T]``, averaged over the moment around each frame."""
    return np.asarray(np.convolve(powers.sum(axis=0), np.ones(VIEW_FRAMES) / VIEW_FRAMES, "same"))


def _finite(channels: Channels, seconds: float) -> Iterator[FloatArray]:
    for block in channels.blocks(seconds):
        yield np.nan_to_num(block.reshape(len(block), -1), nan=0.0, posinf=1.0, neginf=-1.0)
