"""The margins that are measured: a wider one never lets more through."""

from __future__ import annotations

import numpy as np

from diarization import Fusion
from evaluation.runs.safety_margins import FPS, lost, strangers, swaying
from vision import MaskSettings


def test_faces_sway_within_the_picture() -> None:
    films = list(swaying())
    assert len(films) > 10
    for boxes in films:
        assert len(boxes) == 6 * FPS
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, :2] + boxes[:, 2:] <= [1280, 720]).all()


def test_more_growth_masks_more_of_a_lost_face() -> None:
    fastest = list(swaying())[-1]
    shares = [
        np.array(list(lost(fastest, MaskSettings.model_construct(growth=growth)))).mean(axis=0) for growth in (0.0, 0.6)
    ]
    assert shares[0][0] < shares[1][0] <= 1
    assert shares[0][1] < shares[1][1]


def test_a_face_that_rests_stays_masked() -> None:
    still = np.tile(np.array([600, 300, 100, 130], np.float32), (100, 1))
    assert min(share for share, _ in lost(still, MaskSettings.model_construct(growth=0.0))) == 1


def test_only_the_speech_of_people_who_may_not_be_heard_counts() -> None:
    found = Fusion(people=[], turns=[], track_person={}, enrolled={"p1": "ann"})
    assert strangers(((0.0, 2.0, "ann"), (2.0, 5.0, "bob")), found) == 3
