"""What decisions are applied to: the findings of a run, and what is needed to change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from diarization import Fusion
from discreet.pipeline import Faces, RedactionPlan
from discreet.review.decision_kinds import Span
from discreet.review.rules import ReviewRules
from redaction import RedactionSettings
from timeline import Segment, TimeMap


@dataclass(frozen=True, slots=True)
class Draft:
    """Findings on the way from what a run found to what people decided.

    Attributes:
        faces: every face over time.
        people: the people and their turns.
        plan: what must not be heard or read.
        added: ids of redactions in ``plan`` that nobody has listened to yet.
    """

    faces: Faces
    people: Fusion
    plan: RedactionPlan
    added: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReviewScene:
    """What does not change while decisions are applied.

    Attributes:
        ground: the results that the decisions are about.
        settings: operators and margins.
        cuts: what was cut out of the recording; times of decisions are those after it.
        speech: where somebody speaks, s.
        size: of the picture, px.
    """

    ground: ReviewRules
    settings: RedactionSettings = field(repr=False)
    cuts: TimeMap = field(default_factory=lambda: TimeMap(()))
    speech: Sequence[Segment] = ()
    size: tuple[int, int] = (0, 0)

    def spans(self, spans: Sequence[Span]) -> list[Segment]:
        """The spans in the time of the recording itself."""
        return [
            Segment(time_before_cuts(self.cuts, span.start), time_before_cuts(self.cuts, span.end)) for span in spans
        ]


def time_before_cuts(cuts: TimeMap, t: float) -> float:
    """Where the instant ``t`` (s) of a recording lay before ``cuts`` were taken out of it."""
    removed = 0.0
    for cut in cuts.cuts:
        if t <= cut.start - removed:
            break
        removed += cut.duration
    return round(t + removed, 6)
