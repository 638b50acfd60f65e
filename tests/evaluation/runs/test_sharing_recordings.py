"""The gate on recordings: which cuts are made, and when a finding counts as the plant's."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.runs.sharing_recordings import PLACES, cases, hit
from sharing import Finding


@pytest.mark.parametrize(
    ("kind", "place", "right"),
    [
        ("face", "1.0 to 1.2 s, 3 x 4 px at 1, 2", True),
        ("face", "3.0 to 3.2 s, 3 x 4 px at 1, 2", False),
        ("voice", "1.0 to 1.2 s", False),
    ],
)
def test_a_finding_counts_for_its_kind_and_time(kind: str, place: str, right: bool) -> None:
    assert hit([Finding(kind=kind, file="safe.mp4", place=place, reason="")], "face", (1.1, 1.3)) == right  # type: ignore[arg-type]


def test_cuts_are_of_each_meeting_in_turn(media: Path, tmp_path: Path) -> None:
    made = list(cases(tmp_path, len(PLACES) + 1))
    assert len({case.meeting.name for case in made}) == len(PLACES)
    assert (made[-1].meeting.name, made[-1].start) == (made[0].meeting.name, 11.0)
    assert all(set(case.hidden) | set(case.meeting.registered()) == set(case.meeting.people) for case in made)
