"""The turns of each speaker label, and how much of them nobody else talks over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diarization.base import Diarization
from timeline import Segment, Turn, subtract, total


def turns_by_label(diarization: Diarization) -> dict[str, list[Turn]]:
    """The turns of each label that has any."""
    turns = {label: [turn for turn in diarization.turns if turn.person == label] for label in diarization.embeddings}
    return {label: spoken for label, spoken in turns.items() if spoken}


def clean_seconds(turns: Mapping[str, Sequence[Turn]]) -> dict[str, float]:
    """Seconds in which only that label talks, for each label of ``turns``."""
    spans = {label: [Segment(turn.start, turn.end) for turn in spoken] for label, spoken in turns.items()}
    return {
        label: total(subtract(own, [each for other in spans if other != label for each in spans[other]]))
        for label, own in spans.items()
    }
