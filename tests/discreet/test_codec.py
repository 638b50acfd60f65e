"""Kept stages say the same after they were kept."""

import numpy as np

from discreet.codec import Faces, decode_faces, encode_faces
from timeline import FaceTrack


def test_faces_come_back_with_what_was_looked_at() -> None:
    track = FaceTrack("t1", np.array([0.04, 0.08]), np.ones((2, 4), np.float32), shown=np.array([True, False]))
    faces = decode_faces(encode_faces(Faces([track], np.array([0.0, 0.04, 0.08, 0.12]))))
    assert faces.times.tolist() == [0.0, 0.04, 0.08, 0.12]
    assert faces.tracks[0].times.tolist() == [0.04, 0.08]
    assert faces.tracks[0].shown.tolist() == [True, False]
    assert faces.tracks[0].embedding is None
