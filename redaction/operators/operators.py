"""What is done to the sound of a private word: one small class each, same protocol.

An operator works on blocks of a stream and keeps no state: the result depends on the absolute time of each sample
alone, so cutting the stream elsewhere gives the same samples. Inside a span nothing of the original is left; the
fades lie outside of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from redaction.operators.kokoro import SURROGATE, Clip
from redaction.settings import RedactionSettings
from redaction.text.spans import inaudible
from timeline import REMOVE, Audio, FloatArray, Redaction, Segment, TimeMap, UnsafeError

_SHORT = 0.1
"""A rest between two spans that is shorter holds no word, only a stutter of beeps: it goes, too (s)."""


@runtime_checkable
class Operator(Protocol):
    """Makes spans of a stream inaudible."""

    def apply(self, block: FloatArray, start: float, rate: int, spans: Sequence[Segment]) -> FloatArray:
        """The block with ``spans`` made inaudible.

        Args:
            block: float32 ``[n]`` or ``[n, channels]``; it is not changed.
            start: time of its first sample in seconds from the recording's start.
            rate: samples per second.
            spans: disjoint spans in seconds, in ascending order.
        """
        ...


@dataclass(frozen=True)
class Silence:
    """Nothing is heard. ``fade``: seconds of the fade before and after the span."""

    fade: float = 0.008

    def apply(self, block: FloatArray, start: float, rate: int, spans: Sequence[Segment]) -> FloatArray:
        """See :meth:`Operator.apply`."""
        index = round(start * rate)
        cover = coverage(index, len(block), rate, spans, self.fade)
        if cover is None:
            return block
        return _mix(block, cover, None)


@dataclass(frozen=True)
class Remove(Silence):
    """Nothing is left: the span is silent, and whoever writes the recording cuts it out, see :func:`cuts_of`."""


@dataclass(frozen=True)
class Surrogate(Silence):
    """Another name is heard. ``clips``: what is said in each span's place, see :mod:`redaction.operators.kokoro`."""

    clips: Sequence[Clip] = ()

    def apply(self, block: FloatArray, start: float, rate: int, spans: Sequence[Segment]) -> FloatArray:
        """See :meth:`Operator.apply`."""
        out = super().apply(block, start, rate, spans)
        index = round(start * rate)
        for clip in self.clips:
            if clip.start > start + len(block) / rate or clip.end < start:
                continue
            first, samples = clip.at(rate)
            low, high = max(first, index), min(first + len(samples), index + len(block))
            if low < high:
                out = out.copy() if out is block else out
                part = samples[low - first : high - first]
                out[low - index : high - index] += part[:, None] if out.ndim == 2 else part
        return out


@dataclass(frozen=True)
class Beep:
    """A sine is heard. ``hz``: its frequency; ``level``: its RMS; ``fade``: seconds of the fades outside the span."""

    hz: float = 1000.0
    level: float = 0.06
    fade: float = 0.008

    def apply(self, block: FloatArray, start: float, rate: int, spans: Sequence[Segment]) -> FloatArray:
        """See :meth:`Operator.apply`."""
        index = round(start * rate)
        cover = coverage(index, len(block), rate, spans, self.fade)
        if cover is None:
            return block
        # The phase repeats each second where the frequency is whole; taking the index modulo the rate keeps
        # the sine exact after hours.
        seconds = (index + np.arange(len(block))) / rate
        phase = 2 * np.pi * np.mod(self.hz * seconds, 1.0)
        return _mix(block, cover, self.level * np.sqrt(2.0) * np.sin(phase))


def coverage(
    index: int, count: int, rate: int, spans: Sequence[Segment], fade: float
) -> npt.NDArray[np.float64] | None:
    """How much of each of ``count`` samples from sample ``index`` on is taken out: 1 in a span, 0 outside of its fades.

    The fades are halves of a raised cosine. None where no sample is touched.
    """
    cover: npt.NDArray[np.float64] | None = None
    width = max(1, round(fade * rate))
    for span in spans:
        # floor and ceil: a sample that lies partly in the span is gone.
        first, last = int(np.floor(span.start * rate)), int(np.ceil(span.end * rate))
        if last + width <= index or first - width >= index + count or last <= first:
            continue
        if cover is None:
            cover = np.zeros(count)
        at = np.arange(max(0, first - width - index), min(count, last + width - index))
        absolute = at + index
        distance = np.maximum(np.maximum(first - absolute, absolute - (last - 1)), 0) / width
        ramp = 0.5 * (1.0 + np.cos(np.pi * np.minimum(distance, 1.0)))
        cover[at] = np.maximum(cover[at], ramp)
    return cover


def _mix(block: FloatArray, cover: npt.NDArray[np.float64], tone: npt.NDArray[np.float64] | None) -> FloatArray:
    keep, put = 1.0 - cover, cover * tone if tone is not None else np.zeros_like(cover)
    if block.ndim == 2:
        keep, put = keep[:, None], put[:, None]
    # Not-a-number times zero is not zero: damaged samples in a span would live on.
    return np.where(keep > 0.0, np.nan_to_num(block) * keep, 0.0).astype(np.float32) + put.astype(np.float32)


def operator(name: str, settings: RedactionSettings) -> Operator:
    """The operator of that name, made from the settings; others come through entry points ``discreet.operators``.

    Raises:
        UnsafeError: if there is none.
    """
    if name == "beep":
        return Beep(settings.beep_hz, settings.beep_level, settings.fade)
    if name == "silence":
        return Silence(settings.fade)
    if name == REMOVE:
        return Remove(settings.fade)
    from importlib.metadata import entry_points

    for entry in entry_points(group="discreet.operators", name=name):
        made = entry.load()(settings)
        if isinstance(made, Operator):
            return made
    raise UnsafeError(
        f"no operator is called {name}, so the private words cannot be taken out",
        "set the policy to beep or silence, or install the package that brings the operator",
    )


class Redactor:
    """Makes everything inaudible that the redactions of kind ``word`` name, block by block.

    Raises:
        UnsafeError: if a redaction names an operator that does not exist.
    """

    def __init__(
        self, redactions: Sequence[Redaction], settings: RedactionSettings, clips: Mapping[str, Clip] | None = None
    ) -> None:
        clips = clips or {}
        # A surrogate that nobody made is a beep.
        unsaid = [r.operator == SURROGATE and r.id not in clips for r in redactions]
        redactions = [
            r.model_copy(update={"operator": "beep"}) if silent else r
            for r, silent in zip(redactions, unsaid, strict=True)
        ]
        spoken = [clips[r.id] for r in redactions if r.operator == SURROGATE]
        spans = inaudible(redactions, _SHORT)
        # Silence goes last: where it meets a beep, nothing at all is heard of the one who must not be quoted.
        last = ("silence", REMOVE)
        self._work = [
            (Surrogate(settings.fade, spoken) if name == SURROGATE else operator(name, settings), spans[name])
            for name in sorted(spans, key=lambda n: n in last)
        ]

    def __call__(self, block: FloatArray, start: float, rate: int) -> FloatArray:
        """The block (float32 ``[n]`` or ``[n, channels]``, beginning at ``start`` s) without the private words."""
        for work, spans in self._work:
            block = work.apply(block, start, rate, spans)
        return block


def cuts_of(redactions: Sequence[Redaction]) -> TimeMap:
    """Where the time goes that is cut out; an empty map where nothing is."""
    gone = [Segment(r.start, r.end) for r in redactions if r.kind == "word" and r.operator == REMOVE]
    return TimeMap(gone, _SHORT)


def speech_level(audio: Audio, speech: Sequence[Segment]) -> float:
    """RMS of the sound in ``speech``, in one pass; 0.0 where there is none. A level for the beep."""
    power = count = 0.0
    at = 0
    for block in audio.blocks():
        cover = coverage(at, len(block), audio.sample_rate, speech, 1.0 / audio.sample_rate)
        if cover is not None:
            inside = block[cover >= 1.0].astype(np.float64)
            power, count = power + float(np.sum(inside**2)), count + len(inside)
        at += len(block)
    return float(np.sqrt(power / count)) if count else 0.0
