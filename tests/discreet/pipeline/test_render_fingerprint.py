"""Anything that changes a picture changes its mark, and that of no other; what only changes the sound changes none."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from discreet.config.settings import Settings
from discreet.pipeline import Faces
from discreet.pipeline.render import RenderPlan
from discreet.pipeline.render_fingerprint import FINGERPRINT, RenderFingerprint, render_fingerprint
from timeline import FaceTrack, Redaction, Segment
from vision import MouthPlan
from voice import VoicePlan
from voice.resynthesis import SILENT_ROOM

TIMES = np.arange(0, 2, 0.5)
BOXES = np.tile(np.array([10, 10, 20, 20], np.float32), (4, 1))
TRACK = FaceTrack("t1", TIMES, BOXES, shown=np.ones(4, np.bool_))
PLAN = RenderPlan(Faces([TRACK], TIMES), VoicePlan([], SILENT_ROOM), mouths=MouthPlan([TRACK], []))
SOURCE: Any = SimpleNamespace(sha256="ab" * 32, info=SimpleNamespace(width=64, height=48, fps=2.0, sar=1.0))


def gone(operator: str) -> Redaction:
    return Redaction(id="w1", kind="word", start=0.4, end=0.8, operator=operator, reason="x")


def marks(plan: RenderPlan = PLAN, source: Any = SOURCE) -> RenderFingerprint:
    return render_fingerprint(source, Settings(), plan)


def changed(plan: RenderPlan, source: Any = SOURCE) -> list[bool] | None:
    found = marks(plan, source).changed(marks())
    return None if found is None else found.tolist()


def test_what_only_changes_the_sound_changes_no_picture() -> None:
    assert changed(replace(PLAN, redactions=[gone("beep")], clips={})) == [False] * 4


def test_a_covered_mouth_changes_the_pictures_that_it_is_covered_in() -> None:
    assert changed(replace(PLAN, mouths=MouthPlan([TRACK], [(Segment(0.4, 1.2), ["t1"])]))) == [
        False,
        True,
        True,
        False,
    ]


def test_a_masked_face_changes_every_picture_near_it() -> None:
    hidden = replace(TRACK, shown=np.array([True, True, True, False]))
    found = changed(replace(PLAN, faces=Faces([hidden], TIMES)))
    assert found is not None
    assert found[3]
    assert not found[0]


@pytest.mark.parametrize(
    "plan", [replace(PLAN, faces=Faces([TRACK], TIMES[:3])), replace(PLAN, redactions=[gone("remove")])]
)
def test_with_another_number_of_pictures_nothing_can_be_compared(plan: RenderPlan) -> None:
    assert changed(plan) is None


def test_nor_can_another_recording() -> None:
    assert changed(PLAN, SimpleNamespace(sha256="cd" * 32, info=SOURCE.info)) is None


def test_the_digest_is_that_of_everything() -> None:
    whole = replace(marks(), sound=b"12345678")
    moved = replace(PLAN, faces=Faces([replace(TRACK, shown=np.zeros(4, np.bool_))], TIMES))
    others = [marks(), marks(moved), replace(whole, sound=b"87654321"), replace(whole, facts="other")]
    assert len({whole.digest, *(each.digest for each in others)}) == 5


def test_marks_come_back_from_bytes() -> None:
    whole = replace(marks(), sound=b"12345678")
    assert FINGERPRINT.decode(FINGERPRINT.encode(whole)).digest == whole.digest
    with pytest.raises((ValueError, KeyError)):
        FINGERPRINT.decode(b"no marks")
