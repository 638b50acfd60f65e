"""A face pasted onto another lies within it."""

import numpy as np

from evaluation.runs.pasted_faces import SIDE, PastedFace, pasted


def test_the_pasted_face_lies_within_the_other_and_changes_nothing_far_from_it() -> None:
    dice = np.random.default_rng(3)
    picture = np.full((SIDE, SIDE, 3), 200, np.uint8)
    host = PastedFace("a", picture, np.array([120, 100, 200, 240], np.float32))
    guest = PastedFace("b", np.zeros_like(picture), np.array([150, 150, 100, 120], np.float32))
    for _ in range(10):
        made, box = pasted(host, guest, dice)
        assert (box[:2] >= host.box[:2] - 1).all()
        assert (box[:2] + box[2:] <= host.box[:2] + host.box[2:] + 1).all()
        changed = np.argwhere((made != picture).any(axis=2))
        assert len(changed)
        assert (np.abs(changed[:, ::-1] - box[:2] - box[2:] / 2) <= 0.85 * box[2:]).all()
