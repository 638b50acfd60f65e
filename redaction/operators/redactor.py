"""Applying all redactions of a recording to its sound, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from redaction.operators.factory import operator
from redaction.operators.settings import SHORT_REST
from redaction.operators.surrogate import SURROGATE, Clip, Surrogate
from redaction.settings import RedactionSettings
from redaction.text.private_spans import inaudible
from timeline import BLOCK_SECONDS, REMOVE, FloatArray, Redaction, SameTimes, Segment, TimeMap


class Redactor:
    """Makes everything inaudible that redactions of kind ``word`` cover, block by block.

    Raises:
        UnsafeError: a redaction names an operator that does not exist.
    """

    def __init__(
        self, redactions: Sequence[Redaction], settings: RedactionSettings, clips: Mapping[str, Clip] | None = None
    ) -> None:
        clips = clips or {}
        # A surrogate without a clip becomes a beep.
        unsaid = [r.operator == SURROGATE and r.id not in clips for r in redactions]
        redactions = [
            r.model_copy(update={"operator": "beep"}) if silent else r
            for r, silent in zip(redactions, unsaid, strict=True)
        ]
        spoken = [clips[r.id] for r in redactions if r.operator == SURROGATE]
        spans = inaudible(redactions, SHORT_REST)
        # Silence is applied last: where it overlaps a beep, nothing of a person who must not be quoted is heard.
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
    """The map of the time that is cut out; empty if nothing is."""
    gone = [Segment(r.start, r.end) for r in redactions if r.kind == "word" and r.operator == REMOVE]
    return TimeMap(gone, SHORT_REST)


@dataclass(frozen=True, slots=True)
class RedactedAudio(SameTimes):
    """The sound after redaction, with unchanged times: removed spans are silent."""

    redactions: Sequence[Redaction]
    settings: RedactionSettings = field(repr=False)
    clips: Mapping[str, Clip] = field(default_factory=dict, repr=False)

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Iterator[FloatArray]:
        """Yield a new pass of blocks."""
        redact, at = Redactor(self.redactions, self.settings, self.clips), 0
        for block in self.audio.blocks(seconds):
            yield np.asarray(redact(block, at / self.sample_rate, self.sample_rate), np.float32)
            at += len(block)
