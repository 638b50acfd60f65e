"""How recognisers and detectors are measured: intervals, the rule that chooses a threshold, what counts as found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.data.face_crops import identities
from evaluation.data.face_scenes import HARDER, Scene, mark, resized
from evaluation.metrics.intervals import wilson
from evaluation.metrics.open_set import Trials, choose_threshold
from evaluation.runs.face_thresholds import Faces, compare
from vision import Detections, RecogniseSettings

NONE = np.zeros((0, 4), np.float32)


def test_wilson_s_interval_is_the_published_one() -> None:
    low, high = wilson(81, 263)  # Newcombe, Statistics in Medicine 17 (1998), table I
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 20)[0] == 0.0
    assert round(wilson(0, 20)[1], 4) == 0.1611


@given(st.integers(1, 500), st.integers(0, 500))
def test_an_interval_holds_the_share_and_lies_in_0_to_1(of: int, hits: int) -> None:
    hits = min(hits, of)
    low, high = wilson(hits, of)
    assert 0.0 <= low <= hits / of + 1e-12 <= high + 2e-12 <= 1.0 + 2e-12


def trials(*scores: float) -> Trials:
    return Trials(np.array(scores), np.array(["a b"] * len(scores)))


def test_the_threshold_shuts_strangers_out_and_is_as_strict_as_is_free() -> None:
    strangers = trials(*([0.05] * 3999), 0.305)
    own = trials(*([0.605] * 99), 0.405)
    assert choose_threshold(strangers, own, 0.001) == 0.6  # one in a hundred may be lost
    assert choose_threshold(strangers, trials(*([0.605] * 90), *([0.405] * 10)), 0.001) == 0.4
    with pytest.raises(SystemExit, match="too few"):
        choose_threshold(trials(0.1), own, 0.001)


def test_a_comparison_s_score_is_the_highest_threshold_that_accepts_it() -> None:
    settings = RecogniseSettings()
    person, other = np.eye(2, 8, dtype=np.float32)
    track = np.stack([0.8 * person + 0.6 * other] * 5).astype(np.float32)
    enrolled = [("a", person[None], np.ones(1, np.float32)), ("b", other[None], np.ones(1, np.float32))]
    strange, own = compare(Faces([("a", track, np.ones(5, np.float32))], enrolled), settings, 5)
    assert strange.scores == pytest.approx([0.6 - settings.single])
    assert own.scores == pytest.approx([0.8])


def test_people_of_the_photos_are_told_from_their_pairs(media) -> None:
    person, different = identities(media / "faces")
    assert person["img1.jpg"] == person["img2.jpg"] != person["img12.jpg"]
    assert frozenset((person["img1.jpg"], person["img12.jpg"])) in different


def test_a_face_is_found_by_overlap_and_what_is_unsure_is_nobody_s_fault() -> None:
    scene = Scene(
        np.zeros((100, 200, 3), np.uint8),
        np.array([[10, 10, 20, 20], [100, 10, 20, 20]], np.float32),
        np.array([[150, 50, 20, 20]], np.float32),
    )
    boxes = np.array([[12, 11, 20, 20], [150, 52, 20, 20], [60, 60, 20, 20]], np.float32)
    said = mark(scene, Detections(boxes, np.zeros((3, 5, 2), np.float32), np.array([0.9, 0.8, 0.7], np.float32)))
    assert said.scores.tolist() == pytest.approx([0.9, 0.0])
    assert said.wrong.tolist() == pytest.approx([0.7])


def test_what_is_made_harder_keeps_its_faces_in_place() -> None:
    picture = np.zeros((120, 160, 3), np.uint8)
    picture[40:80, 60:90] = 200
    scene = Scene(picture, np.array([[60, 40, 30, 40]], np.float32), NONE)
    for name, change in HARDER.items():
        harder = change(scene)
        x, y, w, h = harder.faces[0].astype(int)
        inside = harder.picture[y + h // 8 : y + h // 3, x + w // 3 : x + w // 2]
        around = harder.picture[:8, :8]
        assert inside.mean() != around.mean(), name
    small = resized(scene, 15)
    assert small is not None
    assert small.faces[0].tolist() == pytest.approx([30, 20, 15, 20])
    assert resized(scene, 100) is None
