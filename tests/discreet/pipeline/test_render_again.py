"""What did not change stays as it was, pixel for pixel and sample for sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from capture import SafeWriter, UnspliceableError, VideoFile
from capture.media_info import Picture
from discreet.config.settings import Settings
from discreet.pipeline import Faces, Source, open_source
from discreet.pipeline.render import RenderPlan, render
from discreet.pipeline.render_again import Earlier, RenderAgain
from discreet.pipeline.render_fingerprint import RenderFingerprint, render_fingerprint
from timeline import FaceTrack, Redaction, Segment, silent
from vision import MouthPlan
from voice import VoicePlan, VoiceSpan
from voice.resynthesis import SILENT_ROOM

RATE, FPS, SECONDS = 16000, 10, 8
SETTINGS = Settings()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    path, rng = tmp_path_factory.mktemp("again") / "source.mp4", np.random.default_rng(1)
    tone = np.sin(np.arange(SECONDS * RATE) / 9) * rng.uniform(0.1, 0.3, SECONDS * RATE)
    ground = np.kron(rng.integers(0, 255, (6, 8, 3), np.uint8), np.ones((16, 16, 1), np.uint8))
    with SafeWriter(path, Picture(128, 96, FPS), RATE, 1) as writer:
        for number in range(SECONDS * FPS):
            writer.write_audio(np.asarray(tone[number * RATE // FPS :][: RATE // FPS], np.float32))
            writer.write_frame(number / FPS, np.roll(ground, number, axis=1))
    return open_source(path, SETTINGS.capture)


def plan(source: Source, spans: Sequence[tuple[float, float]]) -> RenderPlan:
    """Somebody shown and heard, from whom these spans are taken."""
    times = np.array([t for t, _ in VideoFile(source.path)])
    box = np.tile(np.array([40, 20, 30, 40], np.float32), (len(times), 1))
    track = FaceTrack("t1", times, box, shown=np.ones(len(times), np.bool_))
    beeps = [
        Redaction(id=f"w{n}", kind="word", start=a, end=b, operator="silence", reason="x")
        for n, (a, b) in enumerate(spans)
    ]
    mouths = MouthPlan([track], [(Segment(a, b), ["t1"]) for a, b in spans])
    voices = VoicePlan([VoiceSpan(0.0, SECONDS + 1.0, None)], SILENT_ROOM)
    return RenderPlan(Faces([track], times), voices, beeps, mouths=mouths)


@pytest.fixture(scope="module")
def earlier(source: Source) -> Earlier:
    path, given = source.path.with_name("earlier.mp4"), plan(source, [(1.0, 1.5)])
    written = render(source, path, SETTINGS, given, silent)
    return Earlier(path, replace(render_fingerprint(source, SETTINGS, given), sound=written.sound))


def made(source: Source, earlier: Earlier, given: RenderPlan, target: Path) -> RenderFingerprint:
    return RenderAgain(source, SETTINGS, given, earlier, render_fingerprint(source, SETTINGS, given))(target, silent)


def frames(path: Path) -> list[npt.NDArray[np.uint8]]:
    with av.open(str(path)) as file:
        return [np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in file.decode(video=0)]


def sound(path: Path) -> npt.NDArray[np.float32]:
    with av.open(str(path)) as file:
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])


def test_one_more_word_changes_only_what_is_near_it(source: Source, earlier: Earlier, tmp_path: Path) -> None:
    more = plan(source, [(1.0, 1.5), (4.5, 5.0)])
    marks = made(source, earlier, more, tmp_path / "new.mp4")
    before, after = frames(earlier.path), frames(tmp_path / "new.mp4")
    differ = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if not np.array_equal(a, b)]
    assert set(range(45, 50)) <= set(differ) <= set(range(40, 60))
    # The mouth is covered: below the middle of the face.
    assert np.abs(after[47][42:64, 40:70].astype(int) - before[47][42:64, 40:70]).mean() > 20
    old, new = sound(earlier.path), sound(tmp_path / "new.mp4")
    assert np.array_equal(old[: 4 * RATE], new[: 4 * RATE])
    assert np.array_equal(old[round(5.5 * RATE) :], new[round(5.5 * RATE) :])
    assert np.abs(new[round(4.6 * RATE) : round(4.9 * RATE)]).max() < 0.02 < np.abs(old).max()
    whole = render(source, tmp_path / "whole.mp4", SETTINGS, more, silent)
    assert marks.sound == whole.sound
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.mp4", "whole.mp4"]


def test_nothing_changed_gives_the_same(source: Source, earlier: Earlier, tmp_path: Path) -> None:
    marks = made(source, earlier, plan(source, [(1.0, 1.5)]), tmp_path / "new.mp4")
    assert marks.digest == earlier.marks.digest
    assert np.array_equal(frames(earlier.path), frames(tmp_path / "new.mp4"))
    assert np.array_equal(sound(earlier.path), sound(tmp_path / "new.mp4"))


def test_sound_that_does_not_fit_is_coded_as_a_whole(source: Source, earlier: Earlier, tmp_path: Path) -> None:
    other = replace(earlier, marks=replace(earlier.marks, sound=b"too few."))
    marks = made(source, other, plan(source, [(1.0, 1.5)]), tmp_path / "new.mp4")
    assert marks.sound == earlier.marks.sound
    assert np.array_equal(frames(earlier.path), frames(tmp_path / "new.mp4"))
    assert [path.name for path in tmp_path.iterdir()] == ["new.mp4"]


def test_other_pictures_are_refused_and_leave_nothing(source: Source, earlier: Earlier, tmp_path: Path) -> None:
    whole = plan(source, [(1.0, 1.5)])
    shorter = replace(whole, faces=replace(whole.faces, times=whole.faces.times[:-1]))
    unseen = replace(whole, redactions=[r.model_copy(update={"operator": "remove"}) for r in whole.redactions])
    for given in (shorter, unseen):
        with pytest.raises(UnspliceableError):
            made(source, earlier, given, tmp_path / "new.mp4")
    assert list(tmp_path.iterdir()) == []
