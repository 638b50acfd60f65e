"""The decision who a face is: a stranger is never accepted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.recognition.identification import EnrolledFaces, identify, unit
from vision.settings import RecogniseSettings

SETTINGS = RecogniseSettings()
DIM = 32


@dataclass
class Gallery:
    ids: tuple[str, ...]
    matrix: npt.NDArray[np.float32]
    owner: npt.NDArray[np.intp]
    quality: npt.NDArray[np.float32]


def gallery(people: int = 3, each: int = 2) -> Gallery:
    """Each person's templates along an axis of their own."""
    rows = [axis(person) for person in range(people) for _ in range(each)]
    owner = np.repeat(np.arange(people), each)
    ids = tuple(f"p-{i}" for i in range(people))
    return Gallery(ids, np.asarray(rows, np.float32).reshape(-1, DIM), owner, np.ones(len(rows), np.float32))


def axis(index: int) -> npt.NDArray[np.float32]:
    return np.eye(DIM, dtype=np.float32)[index]


def crops(cosines: list[float], person: int = 0, seed: int = 0) -> npt.NDArray[np.float32]:
    """Crops with these cosines to ``person``'s template.

    The rest of each lies where nobody is, mostly in one direction.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for cosine in cosines:
        rest = axis(20) * 4 + np.concatenate([np.zeros(10), rng.normal(size=DIM - 10) * 0.3])
        rows.append(cosine * axis(person) + np.sqrt(1 - cosine**2) * unit(rest))
    return np.asarray(rows, np.float32)


def judge(cosines: list[float], quality: float = 0.9, known: EnrolledFaces | None = None, **more: object):
    rows = crops(cosines)
    return identify(
        rows, np.full(len(rows), quality, np.float32), known or EnrolledFaces.of(gallery()), SETTINGS, **more
    )


def test_an_enrolled_person_is_recognised_when_several_crops_agree() -> None:
    verdict = judge([0.6, 0.55, 0.62, 0.58])
    assert verdict.person == "p-0"
    assert verdict.agrees.all()
    assert not verdict.rejects.any()


@given(st.lists(st.floats(-0.9, SETTINGS.track - 0.03), min_size=1, max_size=12), st.floats(0, 1))
def test_a_stranger_below_the_threshold_is_never_accepted(cosines: list[float], quality: float) -> None:
    rows = crops(cosines)
    weights = np.full(len(rows), quality, np.float32)
    mean = unit(rows.sum(axis=0))
    if mean[0] >= SETTINGS.track:  # crops that scatter widely can have a mean nearer than any of them
        return
    assert identify(rows, weights, EnrolledFaces.of(gallery()), SETTINGS).person is None


@given(st.integers(1, SETTINGS.agree - 1))
def test_fewer_crops_than_must_agree_are_not_enough_however_good(count: int) -> None:
    assert judge([0.95] * count).person is None


def test_crops_of_poor_quality_say_nothing() -> None:
    verdict = judge([0.9] * 10, quality=SETTINGS.quality - 0.05)
    assert verdict.person is None
    assert "good enough" in verdict.reason


def test_nobody_is_recognised_without_a_gallery_or_without_crops() -> None:
    assert judge([0.9] * 5, known=EnrolledFaces.of(None)).person is None
    assert (
        identify(np.zeros((0, 1), np.float32), np.zeros(0, np.float32), EnrolledFaces.of(gallery()), SETTINGS).person
        is None
    )


def test_between_two_enrolled_people_nobody_is_chosen() -> None:
    rows = np.tile(unit(axis(0) + 0.95 * axis(1) + 0.2 * axis(9)), (5, 1)).astype(np.float32)
    verdict = identify(rows, np.ones(5, np.float32), EnrolledFaces.of(gallery()), SETTINGS)
    assert verdict.person is None
    assert "too close" in verdict.reason


def test_a_single_template_needs_more_than_the_likest_stranger_of_the_media_has() -> None:
    assert SETTINGS.track + SETTINGS.single > 0.472


def test_a_single_template_needs_more() -> None:
    value = SETTINGS.track + SETTINGS.single / 2
    rows = np.tile(value * axis(0) + np.sqrt(1 - value**2) * axis(20), (5, 1)).astype(np.float32)
    assert identify(rows, np.ones(5, np.float32), EnrolledFaces.of(gallery(each=2)), SETTINGS).person == "p-0"
    assert identify(rows, np.ones(5, np.float32), EnrolledFaces.of(gallery(each=1)), SETTINGS).person is None


def test_a_crop_of_somebody_else_within_the_track_is_rejected() -> None:
    rows = np.concatenate([crops([0.7] * 6), np.tile(axis(8), (2, 1))])
    verdict = identify(rows, np.ones(8, np.float32), EnrolledFaces.of(gallery()), SETTINGS)
    assert verdict.person == "p-0"
    assert verdict.rejects.tolist() == [False] * 6 + [True, True]


def test_after_a_jump_only_the_same_person_is_accepted_with_fewer_crops() -> None:
    assert judge([0.7, 0.7], again="p-0", least=2).person == "p-0"
    assert judge([0.7, 0.7], again="p-1", least=2).person is None


def test_poor_templates_count_less_in_the_mean() -> None:
    matrix = np.stack([axis(0), axis(1)])
    owner = np.zeros(2, np.intp)
    known = EnrolledFaces.of(Gallery(("p-0",), matrix, owner, np.array([1.0, 0.1], np.float32)))
    assert known.similarity(axis(0)[None])[0, 0] > 0.95


def test_the_people_keep_their_ids_when_one_has_no_template() -> None:
    known = EnrolledFaces.of(Gallery(("p-0", "p-1"), axis(4)[None], np.array([1]), np.ones(1, np.float32)))
    assert known.ids == ("p-1",)
    assert known.similarity(axis(4)[None])[0, 0] == pytest.approx(1.0)


def one_record(cosine: float) -> EnrolledFaces:
    """Somebody with two photos of this cosine; the first is along axis 0."""
    rows = np.stack([axis(0), cosine * axis(0) + np.sqrt(1 - cosine**2) * axis(1)]).astype(np.float32)
    return EnrolledFaces.of(Gallery(("p-0",), rows, np.zeros(2, np.intp), np.ones(2, np.float32)))


def test_a_face_like_one_of_two_photos_that_may_be_of_two_people_is_not_recognised() -> None:
    rows = crops([0.75] * 5)
    verdict = identify(rows, np.ones(5, np.float32), one_record(0.1), SETTINGS)
    assert verdict.person is None
    assert "each of the photos" in verdict.reason


def test_a_face_like_both_of_two_such_photos_is_recognised() -> None:
    row = unit(0.5 * axis(0) + 0.5 * axis(1) + 0.6 * axis(20))
    verdict = identify(np.stack([row] * 5), np.ones(5, np.float32), one_record(0.1), SETTINGS)
    assert verdict.person == "p-0"


@pytest.mark.parametrize(("cosine", "looks"), [(0.3, 2), (0.5, 2), (0.6, 1), (0.99, 1)])
def test_photos_that_are_surely_one_person_are_one_look(cosine: float, looks: int) -> None:
    assert len(one_record(cosine).looks) == looks
