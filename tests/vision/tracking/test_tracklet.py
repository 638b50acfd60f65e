"""Records of sightings: where they are split, and what counts as a face."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vision.geometry import cut_back, shared
from vision.offline.face_scan import _without_better_boxes
from vision.tracking.tracklet import Tracklet, joined, tracklet_segments

BOX = np.array([100, 100, 60, 70], np.float32)


def record(people: list[int], crossing: list[bool] | None = None, times: list[float] | None = None) -> Tracklet:
    """Sighted every 0.1 s, a good crop each time; ``people``: who it is."""
    out = Tracklet(1)
    for i, who in enumerate(people):
        t = times[i] if times else i * 0.1
        out.see(t, BOX, 0.9, bool(crossing and crossing[i]))
        out.recognise(t, np.eye(8, dtype=np.float32)[who], 0.9)
    return out


def spans(made: Tracklet) -> list[tuple[float, float]]:
    return [(round(s.times[0], 2), round(s.times[-1], 2)) for s in tracklet_segments(made, 0.5)]


def test_one_person_is_one_stretch() -> None:
    assert spans(record([0] * 10)) == [(0.0, 0.9)]


def test_another_person_in_the_same_place_begins_another_stretch() -> None:
    assert spans(record([0] * 5 + [1] * 5)) == [(0.0, 0.4), (0.5, 0.9)]


def test_nobody_knows_who_it_was_between_the_two_crops() -> None:
    made = record([0] * 5 + [1] * 5)
    for list_ in (made.crop_times, made.embeddings, made.quality):
        del list_[3:7]  # no crops from 0.3 to 0.6 s: the change happened somewhere there
    made.embeddings[3:] = [np.eye(8, dtype=np.float16)[1]] * 3
    assert spans(made) == [(0.0, 0.2), (0.3, 0.6), (0.7, 0.9)]
    assert [len(s.quality) for s in tracklet_segments(made, 0.5)] == [3, 0, 3]


def test_a_crossing_and_a_gap_split() -> None:
    assert spans(record([0] * 6, [False, False, True, True, False, False])) == [(0.0, 0.1), (0.2, 0.3), (0.4, 0.5)]
    assert spans(record([0] * 4, times=[0.0, 0.1, 1.0, 1.1])) == [(0.0, 0.1), (1.0, 1.1)]


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=25))
def test_no_sighting_is_lost_in_splitting(rows: list[tuple[int, bool]]) -> None:
    made = record([who for who, _ in rows], [crossing for _, crossing in rows])
    times = np.concatenate([s.times for s in tracklet_segments(made, 0.5)])
    assert np.array_equal(times, made.times)


def test_weak_detections_beside_a_better_face_are_no_face_and_alone_they_are() -> None:
    shadow, alone, once = Tracklet(1), Tracklet(2), Tracklet(3)
    for i in range(5):
        shadow.see(i * 0.1, BOX, 0.4, True, shadow=True)
        alone.see(i * 0.1, BOX, 0.4, False)
    once.see(0.0, BOX, 0.9, False)
    assert not shadow.is_face(0.5)
    assert alone.is_face(0.5)
    assert once.is_face(0.5)


box = st.tuples(st.floats(0, 300), st.floats(0, 300), st.floats(5, 200), st.floats(5, 200))


@given(box, st.floats(0, 0.4), st.lists(box, max_size=4))
def test_a_region_gives_way_to_others_but_never_uncovers_what_is_inside(
    outer: tuple[float, ...], share: float, others: list[tuple[float, ...]]
) -> None:
    region = np.asarray(outer, np.float32)
    inner = region + region[[2, 3, 2, 3]] * np.array([share, share, -2 * share, -2 * share], np.float32)
    left, top, w, h = cut_back(region, inner, np.asarray(others, np.float32).reshape(-1, 4))
    assert left <= inner[0] + 0.01
    assert top <= inner[1] + 0.01
    assert left + w >= inner[0] + inner[2] - 0.01
    assert top + h >= inner[1] + inner[3] - 0.01
    assert left >= region[0] - 0.01
    assert left + w <= region[0] + region[2] + 0.01


def test_a_half_face_beside_a_better_one_keeps_only_what_is_beside_it() -> None:
    better = np.array([[140, 90, 100, 120]], np.float32)
    rest = _without_better_boxes(BOX, better)
    assert shared(rest[None], better)[0, 0] == 0
    assert rest[2] * rest[3] >= 0.5 * BOX[2] * BOX[3]


def test_a_face_in_front_of_a_better_one_is_kept_whole() -> None:
    assert np.array_equal(_without_better_boxes(BOX, np.array([[50, 50, 300, 300]], np.float32)), BOX)


def test_a_moment_between_two_crossings_is_part_of_them() -> None:
    flags = [False] * 5 + [True] * 3 + [False] * 3 + [True] * 3 + [False] * 9
    made = tracklet_segments(record([0] * 23, flags), 0.5)
    assert [s.crossing for s in made] == [False, True, False]
    assert len(made[1].times) == 9


def test_stretches_joined_are_the_record_again() -> None:
    whole = record([0] * 6 + [1] * 6)
    parts = tracklet_segments(whole, 0.5)
    assert len(parts) > 1
    one = joined(parts)
    assert one.times.tolist() == whole.times
    assert len(one.embeddings) == len(one.crop_times) == len(one.quality) == 12
