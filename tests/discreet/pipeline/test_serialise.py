"""Kept stages say the same after they were kept."""

import numpy as np

from diarization import Diarization, Subsegments
from discreet.pipeline.serialise import (
    Faces,
    decode_diarization,
    decode_faces,
    decode_proof,
    encode_diarization,
    encode_faces,
    encode_proof,
)
from redaction import Verification
from timeline import FaceTrack, Redaction, Segment, Turn


def test_faces_come_back_with_what_was_looked_at() -> None:
    track = FaceTrack("t1", np.array([0.04, 0.08]), np.ones((2, 4), np.float32), shown=np.array([True, False]))
    faces = decode_faces(encode_faces(Faces([track], np.array([0.0, 0.04, 0.08, 0.12]))))
    assert faces.times.tolist() == [0.0, 0.04, 0.08, 0.12]
    assert faces.tracks[0].times.tolist() == [0.04, 0.08]
    assert faces.tracks[0].shown.tolist() == [True, False]
    assert faces.tracks[0].embedding is None


def test_a_diarization_comes_back_with_its_pieces() -> None:
    turn = Turn(start=0.5, end=2.0, person="S1", confidence=0.9)
    pieces = Subsegments(np.array([[0.5, 2.0]]), np.ones((1, 3), np.float32), np.array([True]))
    for given in (pieces, None):
        whole = Diarization([turn], {"S1": np.ones(3, np.float32)}, [Segment(0.5, 2.0)], "v", given, (), (turn,))
        back = decode_diarization(encode_diarization(whole))
        assert (back.turns, back.speech, back.model) == (whole.turns, whole.speech, "v")
        assert back.possible == (turn,)
        if given is None:
            assert back.pieces is None
        else:
            assert back.pieces is not None
            assert back.pieces.spans.tolist() == [[0.5, 2.0]]
            assert back.pieces.vectors.tolist() == [[1.0, 1.0, 1.0]]
            assert back.pieces.double.tolist() == [True]


def test_a_proof_survives() -> None:
    cut = Redaction(id="w1", kind="word", start=1, end=2, entity="PERSON", operator="beep", reason="name")
    proof = Verification([cut], 6.5, 1, 0)
    assert decode_proof(encode_proof(proof)) == proof
