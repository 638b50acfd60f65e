"""The plan covers every masked face at every time, with a margin, and shows a face only where it may be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline import FaceTrack
from vision.masking.plan import MaskPlan, head
from vision.settings import MaskSettings

SIZE = (1280, 720)
PLAIN = MaskSettings()


def track(times: np.ndarray, boxes: np.ndarray, shown: np.ndarray | None = None, id: str = "t1") -> FaceTrack:
    return FaceTrack(
        id,
        times.astype(np.float64),
        boxes.astype(np.float32),
        shown=np.zeros(len(times), bool) if shown is None else shown,
    )


def steady(start: float, end: float, box: tuple[float, ...], shown: bool = False, id: str = "t1") -> FaceTrack:
    times = np.arange(start, end, 0.04)
    return track(times, np.tile(box, (len(times), 1)), np.full(len(times), shown), id)


def covers(regions: np.ndarray, box: np.ndarray) -> bool:
    """Whether the part of ``box`` within the picture lies in one of the regions."""
    low, high = np.clip(box[:2], 0, SIZE), np.clip(box[:2] + box[2:], 0, SIZE)
    if (high <= low).any():
        return True
    return bool(((regions[:, :2] <= low + 0.01) & (regions[:, :2] + regions[:, 2:] >= high - 0.01)).all(axis=1).any())


walk = st.lists(st.tuples(st.floats(-40, 40), st.floats(-40, 40), st.floats(0.9, 1.1)), min_size=2, max_size=40)


@given(walk, st.floats(0, 1), st.sampled_from([12.0, 25.0, 29.97, 60.0]))
@settings(deadline=None)
def test_every_masked_face_is_covered_with_a_margin_at_every_time(
    steps: list[tuple[float, float, float]], at: float, fps: float
) -> None:
    boxes = [np.array([600.0, 300.0, 80.0, 100.0])]
    for dx, dy, grow in steps:
        boxes.append(boxes[-1] * [1, 1, grow, grow] + [dx, dy, 0, 0])
    times = np.arange(len(boxes)) / fps + 1.0
    plan = MaskPlan([track(times, np.stack(boxes))], SIZE, PLAIN)
    t = times[0] + at * (times[-1] - times[0])
    regions = plan.boxes(t)
    now = np.array([np.interp(t, times, np.stack(boxes)[:, i]) for i in range(4)])
    wide = head(now[None].astype(np.float32), PLAIN)[0]
    assert covers(regions, now)
    assert covers(regions, wide)
    assert wide[2] >= 1.6 * now[2]
    assert wide[3] >= 1.6 * now[3]


@given(st.floats(0.001, PLAIN.before - 0.01), st.floats(0.001, PLAIN.after - 0.01))
def test_a_face_is_masked_before_its_first_and_after_its_last_sighting(before: float, after: float) -> None:
    box = (500.0, 300.0, 80.0, 100.0)
    face = steady(2.0, 4.0, box)
    plan = MaskPlan([face], SIZE, PLAIN)
    assert covers(plan.boxes(2.0 - before), np.array(box))
    assert covers(plan.boxes(face.end + after), np.array(box))
    assert len(plan.boxes(2.0 - PLAIN.before - 0.2)) == 0
    assert len(plan.boxes(face.end + PLAIN.after + 0.2)) == 0


def test_a_lost_face_is_masked_where_it_was_heading() -> None:
    times = np.arange(0, 1, 0.04)
    boxes = np.stack(
        [300 + 200 * times, np.full(len(times), 300), np.full(len(times), 80), np.full(len(times), 100)], 1
    )
    regions = MaskPlan([track(times, boxes)], SIZE, PLAIN).boxes(times[-1] + 0.4)
    assert covers(regions, np.array([300 + 200 * (times[-1] + 0.4), 300, 80, 100]))


def test_masks_only_grow_away_from_a_sighting() -> None:
    face = steady(2.0, 4.0, (500, 300, 80, 100))
    plan = MaskPlan([face], SIZE, PLAIN)
    areas = [float(np.prod(plan.boxes(face.end + d)[0, 2:])) for d in np.arange(0.05, PLAIN.after, 0.1)]
    assert areas == sorted(areas)


def test_a_shown_face_is_not_masked_and_has_no_margin_in_time() -> None:
    plan = MaskPlan([steady(2.0, 4.0, (500, 300, 80, 100), shown=True)], SIZE, PLAIN)
    for t in (1.8, 2.0, 3.0, 3.96, 4.2):
        assert len(plan.boxes(t)) == 0


def test_where_a_shown_face_and_a_stranger_overlap_the_mask_wins() -> None:
    mine = steady(0, 2, (500, 300, 100, 120), shown=True)
    stranger = steady(0, 2, (560, 310, 100, 120), id="t2")
    assert covers(MaskPlan([mine, stranger], SIZE, PLAIN).boxes(1.0), np.array([560, 310, 100, 120.0]))


def test_a_guess_about_a_stranger_does_not_hide_a_face_seen_in_that_place() -> None:
    """At a cut in an active-speaker view a stranger's margin in time falls onto the enrolled face that stood there."""
    mine = steady(0, 2, (500, 300, 100, 120), shown=True)
    stranger = steady(2, 4, (505, 298, 100, 120), id="t2")
    plan = MaskPlan([mine, stranger], SIZE, PLAIN)
    assert len(plan.boxes(1.5)) == 0
    assert covers(plan.boxes(2.0), np.array([505, 298, 100, 120.0]))


def test_a_guess_beside_a_seen_face_still_masks() -> None:
    mine = steady(0, 2, (500, 300, 100, 120), shown=True)
    stranger = steady(2, 4, (640, 300, 100, 120), id="t2")
    assert covers(MaskPlan([mine, stranger], SIZE, PLAIN).boxes(1.8), np.array([640, 300, 100, 120.0]))


def test_masking_begins_before_the_frame_from_which_a_face_is_hidden() -> None:
    times = np.arange(0, 2, 0.04)
    shown = times < 1.0
    plan = MaskPlan([track(times, np.tile((500, 300, 80, 100), (len(times), 1)), shown)], SIZE, PLAIN)
    assert covers(plan.boxes(0.96), np.array([500, 300, 80, 100.0]))
    assert len(plan.boxes(0.5)) == 0


@given(st.floats(-100, 100))
def test_regions_lie_within_the_picture(t: float) -> None:
    plan = MaskPlan([steady(0, 2, (-50, -50, 90, 90)), steady(0, 2, (1250, 690, 90, 90), id="t2")], SIZE, PLAIN)
    regions = plan.boxes(t)
    assert (regions >= 0).all()
    assert (regions[:, :2] + regions[:, 2:] <= np.array(SIZE) + 0.01).all()


@pytest.mark.parametrize("t", [0.0, 5.0])
def test_no_tracks_no_masks(t: float) -> None:
    assert MaskPlan([], SIZE, PLAIN).boxes(t).shape == (0, 4)


def test_a_guess_never_covers_a_shown_face_it_does_not_stand_in_and_masks_both_sides_of_it() -> None:
    """A stranger walks behind somebody who is shown and is lost there."""
    times = np.arange(0, 1, 0.04)
    boxes = np.stack([260 + 150 * times, np.full(25, 300), np.full(25, 80), np.full(25, 100)], 1)
    stranger, mine = track(times, boxes, id="t2"), steady(0, 3, (455, 300, 80, 100), shown=True)
    for away in (0.1, 0.3, 0.5, 0.7):
        t = float(times[-1]) + away
        regions = MaskPlan([stranger, mine], SIZE, PLAIN).boxes(t)
        heading = 260 + 150 * t
        middle = heading + 40
        if 455 <= middle <= 535:
            continue  # where it is heading somebody else was seen
        assert ((regions[:, 0] <= middle) & (regions[:, 0] + regions[:, 2] >= middle)).any(), away
        shares = np.minimum(regions[:, 0] + regions[:, 2], 535) - np.maximum(regions[:, 0], 455)
        assert shares.max(initial=0) <= 8, away


def test_mask_edges_move_as_smoothly_as_the_face() -> None:
    times = np.arange(0, 6, 0.04)
    x, y = 600 + 200 * np.sin(times), 300 + 60 * np.cos(1.3 * times)
    plan = MaskPlan([track(times, np.stack([x, y, np.full(150, 80), np.full(150, 100)], 1))], SIZE, PLAIN)
    rows = []
    for t in np.arange(-0.4, 6.6, 0.04):
        regions = plan.boxes(float(t))
        rows.append([*regions[:, :2].min(axis=0), *(regions[:, :2] + regions[:, 2:]).max(axis=0)])
    edges = np.asarray(rows)
    assert np.abs(np.diff(edges, axis=0)).max() <= 0.04 * (210 + PLAIN.growth * 90 + 5) + 0.5


def test_each_region_knows_whether_its_person_speaks() -> None:
    times = np.arange(0, 2, 0.04)
    loud = steady(0, 2, (200, 300, 80, 100)).with_speaking(times, np.full(50, 0.9))
    quiet = steady(0, 2, (900, 300, 80, 100), id="t2").with_speaking(times, np.where(times < 1, 0.9, 0.1))
    plan = MaskPlan([quiet, loud, steady(0, 2, (500, 300, 80, 100), shown=True, id="t3")], SIZE, PLAIN)
    boxes, speaking = plan.regions(1.5)
    assert {round(float(box[0] / 100)): round(float(score), 1) for box, score in zip(boxes, speaking, strict=True)} == {
        2: 0.9,
        9: 0.1,
    }
