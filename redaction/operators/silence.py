"""Silence in place of a private word, optionally with its time cut out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redaction.operators.base import coverage, fade
from timeline import FloatArray, Segment


@dataclass(frozen=True)
class Silence:
    """Replaces speech by silence. ``fade``: seconds of the fade before and after the span."""

    fade: float = 0.008

    def apply(self, block: FloatArray, start: float, rate: int, spans: Sequence[Segment]) -> FloatArray:
        """See :meth:`Operator.apply`."""
        index = round(start * rate)
        cover = coverage(index, len(block), rate, spans, self.fade)
        if cover is None:
            return block
        return fade(block, cover, None)


@dataclass(frozen=True)
class Remove(Silence):
    """Silences the span; the writer of the recording then cuts it out, see
    :func:`redaction.operators.redactor.cuts_of`.
    """
