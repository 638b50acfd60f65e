"""Anything that changes the picture changes its mark; what only changes the sound does not."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from discreet.config.settings import Settings
from discreet.pipeline import Faces
from discreet.pipeline.picture_fingerprint import picture_fingerprint
from discreet.pipeline.render import RenderPlan
from timeline import FaceTrack, Redaction, Segment
from vision import MouthPlan
from voice import VoicePlan
from voice.resynthesis import SILENT_ROOM

TIMES = np.arange(0, 2, 0.5)
BOXES = np.tile(np.array([10, 10, 20, 20], np.float32), (4, 1))
TRACK = FaceTrack("t1", TIMES, BOXES, shown=np.zeros(4, np.bool_))
PLAN = RenderPlan(Faces([TRACK], TIMES), VoicePlan([], SILENT_ROOM))
SOURCE: Any = SimpleNamespace(sha256="ab" * 32, info=SimpleNamespace(width=64, height=48, fps=2.0, sar=1.0))


def gone(operator: str) -> Redaction:
    return Redaction(id="w1", kind="word", start=0.4, end=0.8, operator=operator, reason="x")


def mark(plan: RenderPlan = PLAN, source: Any = SOURCE) -> str:
    return picture_fingerprint(source, Settings(), plan)


def test_the_same_picture_has_the_same_mark() -> None:
    assert mark() == mark(replace(PLAN, redactions=[gone("beep")], clips={}))


def test_any_other_picture_has_another() -> None:
    shown = replace(TRACK, shown=np.array([False, True, True, True]))
    moved = replace(TRACK, boxes=BOXES + 1)
    others = [
        replace(PLAN, faces=Faces([shown], TIMES)),
        replace(PLAN, faces=Faces([moved], TIMES)),
        replace(PLAN, faces=Faces([], TIMES)),
        replace(PLAN, faces=Faces([TRACK], TIMES[:3])),
        replace(PLAN, redactions=[gone("remove")]),
        replace(PLAN, faces=Faces([shown], TIMES), mouths=MouthPlan([shown], [(Segment(0.5, 1.0), ["t1"])])),
    ]
    other = SimpleNamespace(sha256="cd" * 32, info=SOURCE.info)
    assert len({mark(), mark(PLAN, other), *(mark(plan) for plan in others)}) == len(others) + 2
