"""Pictures that change size in the middle: the largest size counts, and each fills it as far as its shape lets it."""

from __future__ import annotations

from pathlib import Path

import media_maker as make
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture import VideoFile, probe
from capture.decoder.picture_sizes import canvas
from capture.decoder.video import fitting
from capture.reading import video
from capture.reading.settings import MAX_PIXELS
from timeline import InputError

SIDE = st.integers(1, 4000)


@given(SIDE, SIDE, SIDE, SIDE)
def test_a_picture_fills_the_frame_in_one_direction_and_keeps_its_shape(w: int, h: int, wide: int, high: int) -> None:
    x, y, fw, fh = fitting(w, h, (wide, high))
    assert 0 <= x <= x + fw <= wide
    assert 0 <= y <= y + fh <= high
    assert fw == wide or fh == high
    assert abs(2 * x + fw - wide) <= 1
    assert abs(2 * y + fh - high) <= 1
    assert abs(fw - w * min(wide / w, high / h)) <= 2
    assert abs(fh - h * min(wide / w, high / h)) <= 2


def test_the_largest_size_counts_and_of_equal_ones_the_first() -> None:
    assert canvas((160, 90), [(1280, 720), (640, 480)]) == (1280, 720)
    assert canvas((720, 1280), [(1280, 720)]) == (720, 1280)
    assert canvas((64, 48), []) == (64, 48)


@pytest.mark.parametrize(
    ("codec", "name"),
    [("libvpx", "a.webm"), ("libvpx-vp9", "a.webm"), ("libx264", "a.ts"), ("mjpeg", "a.mkv"), ("mpeg2video", "a.ts")],
)
def test_every_size_of_a_recording_is_known_before_it_is_decoded(tmp_path: Path, codec: str, name: str) -> None:
    path = make.changing(tmp_path / name, [((160, 96), 8), ((320, 240), 8), ((96, 160), 8)], codec)
    info = probe(path)
    assert (info.width, info.height) == (320, 240)
    assert [note for note in info.notes if "change size" in note] == [
        "its pictures change size: those of 96x160, 160x96 are fitted into 320x240"
    ]
    pictures = [picture for _, picture in VideoFile(path, info)]
    assert len(pictures) >= 22  # the MPEG-2 decoder gives none for the last picture before a change
    assert {picture.shape for picture in pictures} == {(240, 320, 3)}
    wide, full, high = pictures[4], pictures[12], pictures[-4]
    assert wide[:20].max() == wide[-20:].max() == 0  # 320x192 in the middle
    assert wide[120].min() > 20
    assert full[2:-2].mean(axis=2).min() > -1
    assert full[-4:, 4:-4].max() > 50
    assert high[:, :80].max() == high[:, -80:].max() == 0  # 144x240 in the middle
    assert high[200, 160].max() > 50


def test_a_recording_of_one_size_has_no_note(tmp_path: Path) -> None:
    assert probe(make.clip(tmp_path / "a.mp4")).notes == ()


def test_both_passes_see_the_same_pictures(tmp_path: Path) -> None:
    path = make.changing(tmp_path / "a.webm", [((96, 160), 10), ((160, 96), 10)])
    file = VideoFile(path)
    first, again = list(file), list(file.pairs((80, 80)))
    assert [t for t, _ in first] == [t for t, *_ in again]
    assert all(np.array_equal(one, other) for (_, one), (_, other, _) in zip(first, again, strict=True))
    assert file.size == (96, 160)


def test_a_stream_that_grows_beyond_the_limit_is_refused_before_and_while_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make.changing(tmp_path / "a.webm", [((64, 48), 10), ((320, 240), 4)])
    info = probe(path)
    monkeypatch.setattr("capture.reading.probe.MAX_PIXELS", 100 * 100)
    with pytest.raises(InputError, match="320x240, more than can be handled"):
        probe(path)
    monkeypatch.setattr(video, "MAX_PIXELS", 100 * 100)
    with pytest.raises(InputError, match="320x240, more than can be handled"):
        list(VideoFile(path, info))
    assert MAX_PIXELS < 8192 * 8192


def test_the_case_of_a_growing_picture(media: Path) -> None:
    path = media / "cases" / "r_grow.webm"
    info = probe(path)
    assert (info.width, info.height) == (1280, 720)
    assert any("160x90 are fitted into 1280x720" in note for note in info.notes)
    assert {picture.shape for _, picture in VideoFile(path, info)} == {(720, 1280, 3)}
