"""How AAVID's thresholds move acceptance, on scores that are cached: no model runs here."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization import Diarization, EnrolledPerson, FusionSettings, fuse
from diarization import DiarizationSettings as Settings
from diarization.fusion import identify
from discreet.aavid import voice_threshold
from evaluation.runs.aavid_acceptance import Accepted, _named_frames, cases, monotone, of_speech, sweep, table
from registered import Answers
from timeline import Turn
from vision import RecogniseSettings
from vision.recognition import EnrolledFaces
from vision.recognition import identify as identify_face
from weights import Store

NAMES = ("ann", "ben")
YES = Answers(True, True, True, True)
UNIT = st.floats(0, 1)


class Cached:
    """A gallery that gives the cosines to ann and to ben that the voice itself holds."""

    model, ids = "cached", NAMES

    def similarity(self, embedding: np.ndarray) -> np.ndarray:
        return embedding[:2]


def heard(scores: list[tuple[float, float]]) -> Diarization:
    """One voice for each row of cosines, which talks for three seconds."""
    turns = [Turn(start=4 * i, end=4 * i + 3, person=f"v{i}", confidence=0.9) for i in range(len(scores))]
    embeddings = {f"v{i}": np.array([*row, i], np.float32) for i, row in enumerate(scores)}
    return Diarization(turns, embeddings, [], "cached")


@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=4), UNIT, UNIT)
def test_stage_3_names_no_more_voices_at_a_higher_threshold(
    scores: list[tuple[float, float]], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    people = {name: EnrolledPerson(name, YES) for name in NAMES}
    truth = [(4.0 * i, 4.0 * i + 3, "ann") for i in range(len(scores))]

    def named(wanted: float) -> float:
        rules = Settings(fusion=FusionSettings(name_similarity=voice_threshold(wanted)[0]))
        return sum(of_speech(fuse(heard(scores), [], Cached(), people, rules), truth, 4.0 * len(scores)))

    assert named(high) <= named(low) + 1e-9


def test_a_stranger_is_named_at_no_threshold_and_everybody_else_up_to_their_likeness() -> None:
    people = {name: EnrolledPerson(name, YES) for name in NAMES}
    scores = [(0.62, 0.1), (0.40, 0.1)]  # ann, and the most like her of 2040 strangers
    truth = [(0.0, 3.0, "ann"), (4.0, 7.0, "stranger")]
    for wanted, right in ((0.0, 0.5), (0.5, 0.5), (0.7, 0.0)):
        rules = Settings(fusion=FusionSettings(name_similarity=voice_threshold(wanted)[0]))
        found = of_speech(fuse(heard(scores), [], Cached(), people, rules), truth, 8.0)
        assert found == pytest.approx((right, 0.0), abs=0.01)


@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=4), UNIT, UNIT)
def test_whom_a_voice_is_taken_for_does_not_change_with_the_threshold(
    scores: list[tuple[float, float]], one: float, other: float
) -> None:
    low, high = (FusionSettings(name_similarity=voice_threshold(x)[0]) for x in sorted((one, other)))
    for row in scores:
        strict = identify(np.array(row, np.float32), 3.0, Cached(), high).match
        assert strict in (None, identify(np.array(row, np.float32), 3.0, Cached(), low).match)


@given(st.integers(0, 10_000), UNIT, UNIT)
def test_stage_2_names_no_more_faces_at_a_higher_threshold(seed: int, one: float, other: float) -> None:
    rng = np.random.default_rng(seed)
    mean = rng.normal(size=8)
    crops = mean + rng.uniform(0, 0.6) * rng.normal(size=(6, 8))
    crops = (crops / np.linalg.norm(crops, axis=1, keepdims=True)).astype(np.float32)
    own = (mean + rng.uniform(0, 1) * rng.normal(size=(2, 8))).astype(np.float32)
    known = EnrolledFaces(NAMES, own / np.linalg.norm(own, axis=1, keepdims=True), np.array([2, 2]))
    low, high = (RecogniseSettings(track=max(0.05, x * 0.9)) for x in sorted((one, other)))
    strict, lax = (identify_face(crops, np.ones(6, np.float32), known, rules).person for rules in (high, low))
    assert strict in (None, lax)


def test_more_names_at_a_higher_threshold_are_told() -> None:
    falling = [Accepted(0.4, 0.41, 0.9, 0.1), Accepted(0.6, 0.6, 0.9, 0.0), Accepted(0.8, 0.8, 0.2, 0.0)]
    assert monotone(falling)
    assert "never more" in next(table("voices", falling))
    assert not monotone([*falling, Accepted(0.9, 0.9, 0.3, 0.0)])
    assert not monotone([Accepted(0.4, 0.4, 0.9, 0.0), Accepted(0.5, 0.5, 0.8, 0.1)])


def test_the_named_share_of_frames_is_read_from_label_scores() -> None:
    text = "Ann Lee\n  frames: [0, 1, 2]\n  scores: [0.1, 0.2, 0.3]\n\nUnknown\n  frames: [4]\n  scores: [1.0]\n\n"
    assert _named_frames(text) == 0.75
    assert _named_frames("") == 1.0


@pytest.mark.slow
@pytest.mark.media
def test_on_a_recording_acceptance_falls_with_the_threshold_and_no_stranger_is_named(
    store: Store, needs: Callable[..., None], media: Path
) -> None:
    needs(store, "yunet", "sface", "silero-vad", "segmentation-3.0", "ecapa", "campplus")
    for case in cases("dev_gallery2", store, 12.0):
        found = sweep(case, store)
        for what, rows in found.items():
            print("\n".join(table(f"{', '.join(case.enrolled)} enrolled, {what}", rows)))
            assert monotone(rows)
            assert all(row.wrong == 0 for row in rows)
        assert found["voices"][0].right > found["voices"][-1].right == 0
        assert found["faces"][0].right > found["faces"][-1].right == 0
