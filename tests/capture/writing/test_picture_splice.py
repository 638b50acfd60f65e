"""What did not change is the same pixel for pixel; what changed is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture import SafeWriter, join
from capture.media_info import Picture
from capture.settings import CaptureSettings
from capture.sources import Image
from capture.writing.picture_splice import PictureChanges, pieces
from capture.writing.splice_encoder import UnspliceableError

FPS, COUNT = 10.0, 100
PICTURE = Picture(96, 64, FPS)
SETTINGS = CaptureSettings(preset="veryfast")


def picture(number: int, seed: int = 0, level: int = 0) -> Image:
    """Something that moves, so that frames refer to each other in both directions."""
    rng = np.random.default_rng(seed)
    ground = np.kron(rng.integers(40, 200, (8, 12, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
    out = np.roll(ground, number * 3, axis=1)
    if level:
        out[16:48, 32:64] = level
    return np.ascontiguousarray(out, np.uint8)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("earlier") / "safe.mp4"
    with SafeWriter(path, PICTURE, settings=SETTINGS) as writer:
        for number in range(COUNT):
            writer.write_frame(number / FPS, picture(number))
    return path


def frames(path: Path) -> list[tuple[float, Image]]:
    with av.open(str(path)) as file:
        return [(frame.time, np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)) for frame in file.decode(video=0)]


def changes(changed: set[int], seed: int = 0, step: float = 1 / FPS) -> PictureChanges:
    def new(start: int, stop: int) -> Iterator[tuple[float, Image]]:
        for number in range(start, stop):
            yield number * step, picture(number, seed, 255 if number in changed else 0)

    flags = np.isin(np.arange(COUNT), sorted(changed))
    return PictureChanges(flags, new, PICTURE, SETTINGS)


@pytest.mark.parametrize("changed", [set(range(33, 41)), {0}, {99}, {50, 51, 90}, set(range(18, 42))])
def test_only_pictures_from_the_change_to_the_next_key_frame_are_others(
    earlier: Path, tmp_path: Path, changed: set[int]
) -> None:
    join(earlier, None, tmp_path / "new.mp4", changes(changed))
    before, after = frames(earlier), frames(tmp_path / "new.mp4")
    assert [t for t, _ in after] == [t for t, _ in before]
    differ = {n for n, (old, new) in enumerate(zip(before, after, strict=True)) if not np.array_equal(old[1], new[1])}
    assert changed <= differ
    for number in differ:  # none lies behind the group of a change, and few before it
        assert any(-4 <= number - each <= 20 for each in changed), number
    for number in range(COUNT):
        wanted = picture(number, level=255 if number in changed else 0)
        assert np.abs(after[number][1].astype(int) - wanted).mean() < 12


def test_a_recording_can_be_changed_again_and_again(earlier: Path, tmp_path: Path) -> None:
    join(earlier, None, tmp_path / "one.mp4", changes({30, 31}))
    join(tmp_path / "one.mp4", None, tmp_path / "two.mp4", changes({70}))
    once, twice = frames(tmp_path / "one.mp4"), frames(tmp_path / "two.mp4")
    differ = [n for n in range(COUNT) if not np.array_equal(once[n][1], twice[n][1])]
    assert differ
    assert min(differ) >= 66
    assert max(differ) < 80


def test_nothing_changed_copies_every_packet(earlier: Path, tmp_path: Path) -> None:
    join(earlier, None, tmp_path / "new.mp4", changes(set()))
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(frames(earlier), frames(tmp_path / "new.mp4"), strict=True))


def other_times() -> PictureChanges:
    return changes({40}, step=1.01 / FPS)


def too_few() -> PictureChanges:
    whole = changes({40})
    return PictureChanges(whole.changed[:-1], whole.frames, PICTURE, SETTINGS)


def most() -> PictureChanges:
    return changes(set(range(0, COUNT, 10)))


def other_shape() -> PictureChanges:
    whole = changes({40})
    shape = Picture(96, 64, FPS, sar=2.0)
    return PictureChanges(whole.changed, whole.frames, shape, SETTINGS)


@pytest.mark.parametrize("wrong", [other_times, too_few, most, other_shape])
def test_what_does_not_fit_is_refused_and_leaves_nothing(earlier: Path, tmp_path: Path, wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(UnspliceableError):
        join(earlier, None, tmp_path / "new.mp4", wrong())
    assert list(tmp_path.iterdir()) == []


@st.composite
def layouts(draw: st.DrawFn) -> tuple[list[int], list[bool], list[bool]]:
    """Closed groups: a key frame, then P frames, each followed by the B frames shown before it."""
    pts: list[int] = []
    key: list[bool] = []
    for _ in range(draw(st.integers(1, 5))):
        pts.append(len(pts))
        key.append(True)
        for _ in range(draw(st.integers(1, 4))):
            bees, at = draw(st.integers(0, 3)), len(pts)
            pts += [at + bees, *range(at, at + bees)]
            key += [False] * (bees + 1)
    return pts, key, draw(st.lists(st.booleans(), min_size=len(pts), max_size=len(pts)))


@given(layouts())
def test_pieces_hold_every_change_end_at_a_key_frame_and_leave_whole_what_is_before(
    layout: tuple[list[int], list[bool], list[bool]],
) -> None:
    pts, key, changed = (np.array(each) for each in layout)
    found = pieces(pts, key, changed)
    coded = np.zeros(len(pts), bool)
    for start, stop in found:
        coded[start:stop] = True
        assert stop - start >= 2
        assert stop == len(pts) or key[stop]
        assert not start or pts[:start].max() < pts[start:].min()
        group = pts[start:stop]
        assert changed[group].any()
        assert sorted(group) == list(range(start, stop))
    assert not (changed[pts] & ~coded).any()
    assert found == sorted(found)


@pytest.mark.parametrize("pts", [[0, 1, 3, 2], [0, 2, 1, 3]])
def test_open_groups_are_refused(pts: list[int]) -> None:
    with pytest.raises(UnspliceableError):
        pieces(np.array(pts), np.array([True, False, True, False]), np.ones(4, bool))
