"""Silence in the place of a private word, and taking its time out as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redaction.operators.base import coverage, covered
from timeline import FloatArray, Segment


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
        return covered(block, cover, None)


@dataclass(frozen=True)
class Remove(Silence):
    """Nothing is left: the span is silent, and whoever writes the recording cuts it out, see
    :func:`redaction.operators.redactor.cuts_of`."""
