"""annotated.mp4: what it draws, where, when; and that its pictures and sound are those of the safe recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capture import AudioFile, SafeWriter, VideoFile, probe
from capture.media_info import Picture
from capture.settings import CaptureSettings
from capture.sources import Image
from discreet.results.annotated import COLOURS, NOBODY, Overlay, annotate
from timeline import Person, Recording, Timeline, Track, Turn, Word

W, H = 640, 360


def boxes(x: float) -> list[tuple[float, float, float, float, float]]:
    return [(1.0, x, 100, 60, 80), (2.0, x + 100, 100, 60, 80)]


@pytest.fixture
def meeting() -> Timeline:
    return Timeline(
        recording=Recording(duration=3.0, width=W, height=H, fps=10.0, sample_rate=16000),
        people=[Person(id="p1", pseudonym="Speaker 1", seen=True), Person(id="p2", pseudonym="Zoë Ångström")],
        tracks=[
            Track(id="t1", person="p1", start=1.0, end=2.0, boxes=boxes(100)),
            Track(id="t2", person=None, start=1.0, end=2.0, boxes=boxes(400)),
        ],
        turns=[Turn(start=1.4, end=1.8, person="p1"), Turn(start=2.2, end=2.6, person="p2")],
        words=[
            Word(start=1.4, end=1.6, text="My", person="p1"),
            Word(start=1.6, end=1.8, text="name", person="p1"),
            Word(start=2.2, end=2.6, text="is " + "long " * 60, person="p2"),
        ],
    )


def drawn(overlay: Overlay, t: float) -> Image:
    picture = np.full((H, W, 3), 77, np.uint8)
    overlay.draw(picture, t)
    return picture


def of(picture: Image, colour: tuple[int, int, int], within: int = 0) -> int:
    return int((np.abs(picture.astype(int) - colour).max(axis=2) <= within).sum())


def test_nothing_is_drawn_where_nothing_is(meeting: Timeline) -> None:
    overlay = Overlay(meeting, W, H)
    for t in (0.0, 0.99, 2.1, 2.9):
        assert (drawn(overlay, t) == 77).all()


def test_a_face_has_a_box_in_its_persons_colour_where_the_track_is_and_nobodys_is_grey(meeting: Timeline) -> None:
    picture = drawn(Overlay(meeting, W, H), 1.2)
    for colour, x in ((COLOURS[0], 120), (NOBODY, 420)):
        assert tuple(picture[140, x]) == colour  # its left edge, halfway down
        assert tuple(picture[140, x + 60]) == colour
    assert (picture[140, 130:170] == 77).all()  # and the face itself is left alone


def test_who_speaks_stands_out_and_is_captioned(meeting: Timeline) -> None:
    overlay = Overlay(meeting, W, H)
    assert overlay.speaking(1.5) == ["p1"]
    assert of(drawn(overlay, 1.5), COLOURS[0]) > 1.5 * of(drawn(overlay, 1.2), COLOURS[0])
    assert (drawn(overlay, 1.2)[-30:] == 77).all()
    assert of(drawn(overlay, 1.5)[-30:], COLOURS[0], 70) > 50  # letters in the speaker's colour
    assert drawn(overlay, 1.5)[-2:].mean() < 77


def test_who_speaks_off_screen_is_named_in_the_corner_and_long_captions_stay_on_the_picture(meeting: Timeline) -> None:
    picture = drawn(Overlay(meeting, W, H), 2.4)
    assert of(picture[:40, :300], COLOURS[1]) > 500
    assert (picture[60:220] == 77).all()


def test_its_pictures_and_its_sound_are_those_of_the_safe_recording(meeting: Timeline, tmp_path: Path) -> None:
    safe, target = tmp_path / "safe.mp4", tmp_path / "annotated.mp4"
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(48000) / 16000)).astype(np.float32)
    with SafeWriter(safe, Picture(W, H, 10.0), 16000, 1) as writer:
        for i in range(30):
            writer.write_frame(i / 10, np.full((H, W, 3), 8 * i, np.uint8))
        writer.write_audio(tone)
    shares: list[float] = []
    annotate(safe, meeting, target, CaptureSettings(), shares.append)
    before, after = probe(safe), probe(target)
    assert (after.width, after.height, after.frames, after.sample_rate) == (W, H, before.frames, 16000)
    assert after.audio_end == pytest.approx(before.audio_end, abs=0.07)
    for (t, old), (u, new) in zip(VideoFile(safe), VideoFile(target), strict=True):
        assert t == u
        assert abs(old[250:, :300].mean() - new[250:, :300].mean()) < 4 or t >= 1.4  # below the faces, before captions
    sounds = [np.concatenate(list(AudioFile(path, 16000).blocks())) for path in (safe, target)]
    n = min(map(len, sounds))
    assert np.corrcoef(sounds[0][4000 : n - 4000], sounds[1][4000 : n - 4000])[0, 1] > 0.99
    assert shares == sorted(shares)
