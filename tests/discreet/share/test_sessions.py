"""Sessions of an export: one a result, with its recording where the level has one and consent allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.share.inclusion import Asked
from discreet.share.request import ExportRequest
from discreet.share.sessions import collect, read_timeline
from tests.discreet.share.conftest import Place, timeline
from timeline import InputError


def collected(place: Place, level: str) -> list[Path | None]:
    request = ExportRequest(place.folders, Asked("partner", "researcher", "study"), level, place.out / "out")
    sessions, left_out = collect(place.reopened(), request, place.settings, place.out)
    assert len({session.token for session in sessions}) == len(left_out) == 2
    return [session.recording for session in sessions]


def test_only_levels_with_a_recording_have_one_and_it_is_made_anew_where_somebody_is_left_out(place: Place) -> None:
    assert collected(place, "transcript") == [None, None]
    assert not set(collected(place, "deidentified")) & {folder / "safe.mp4" for folder in place.folders}


def test_a_result_is_read_or_told(place: Place) -> None:
    assert read_timeline(place.folders[0]) == timeline(1)
    with pytest.raises(InputError):
        read_timeline(place.out / "none")
