"""A finding as one line: where, what, and what to do."""

from __future__ import annotations

import pytest

from sharing.gate.finding import Finding


@pytest.mark.parametrize(
    ("place", "remedy", "line"),
    [
        ("", "", "safe.mp4: a tag"),
        ("moov/udta", "", "safe.mp4, moov/udta: a tag"),
        ("moov/udta", "remove it", "safe.mp4, moov/udta: a tag; remove it"),
    ],
)
def test_a_finding_says_where_what_and_what_to_do(place: str, remedy: str, line: str) -> None:
    assert str(Finding(kind="metadata", file="safe.mp4", place=place, reason="a tag", remedy=remedy)) == line


@pytest.mark.parametrize("score", [-0.1, 1.1])
def test_a_score_is_a_share(score: float) -> None:
    with pytest.raises(ValueError, match="score"):
        Finding(kind="face", file="safe.mp4", reason="a face", score=score)
