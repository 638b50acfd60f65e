"""Stage 2 on a real clip of two people, one of whom agreed: what is drawn, hidden, heard, written and kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capture import AudioFile, VideoFile, probe
from discreet.aavid.folders import Folders
from discreet.aavid.speakers import SpeakersResult, score_speakers
from discreet.config import load
from discreet.pipeline import EnrolmentFiles, RunContext, comment, enroll, open_source, write_faces
from discreet.pipeline.recording_id import recording_id
from discreet.progress import Quiet
from registered import Answers, Consent, Registry
from timeline import ModelError, Timeline, from_aavid, label_scores
from weights import Store

LISTENER = (60, 35, 45, 60)
"""Where the stranger's face is in the clip, px."""
MASKED = 10.0
"""Mean change of a face's pixels under a mask; encoding alone changes them by about 3."""
Needs = Callable[..., None]


@pytest.fixture(scope="module")
def context(store: Store, needs: Needs, tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    needs(store, "yunet", "sface", "demo-clip", "demo-photos")
    settings = load(options=["vision.speaker.scorer=lips", "process.words=false", "voice.mode=warp"])
    registry = Registry.open(tmp_path_factory.mktemp("people"), "file")
    photos = [store.path("demo-photos") / name for name in ("obama.jpg", "obama2.jpg")]
    enroll(
        registry,
        store,
        settings,
        "Barack Obama",
        EnrolmentFiles(photos),
        consent=Consent.granting(Answers(seen=True, named=True)),
    )
    return RunContext.of(settings, store, registry)


@pytest.fixture(scope="module")
def clip(store: Store, context: RunContext) -> Path:
    return store.path("demo-clip")


@pytest.fixture(scope="module")
def done(clip: Path, context: RunContext, tmp_path_factory: pytest.TempPathFactory) -> SpeakersResult:
    return score_speakers(clip, Folders(tmp_path_factory.mktemp("output") / "clip"), context, Quiet(), mask=False)


def change(clip: Path, made: Path, box: tuple[int, int, int, int]) -> list[float]:
    """Mean absolute change of the pixels in ``box`` of each frame of ``made``, beside the clip at that time."""
    x, y, w, h = box
    pictures = list(VideoFile(clip))
    times = np.array([t for t, _ in pictures])
    out = []
    for t, picture in VideoFile(made):
        before = pictures[int(np.argmin(np.abs(times - t)))][1]
        out.append(float(np.abs(before[y : y + h, x : x + w].astype(int) - picture[y : y + h, x : x + w]).mean()))
    return out


def test_the_video_has_25_frames_a_second_and_hides_the_stranger_in_all_of_them(
    done: SpeakersResult, clip: Path
) -> None:
    video = done.files["video_out.avi"]
    found = probe(video)
    assert (found.container, found.fps) == ("avi", 25)
    assert found.duration == pytest.approx(probe(clip).duration, abs=0.15)
    assert min(change(clip, video, LISTENER)) > MASKED


def test_the_own_voice_is_sealed_and_what_is_written_is_another(
    done: SpeakersResult, clip: Path, context: RunContext
) -> None:
    video = done.files["video_out.avi"]
    own = np.concatenate(list(AudioFile(clip, 16000).blocks()))
    heard = np.concatenate(list(AudioFile(video, 16000).blocks()))
    length = min(len(own), len(heard))
    assert abs(np.corrcoef(own[:length], heard[:length])[0, 1]) < 0.5
    source = open_source(video, context.settings.capture, context.registry.vault)
    kept = np.concatenate(list(source.sound.blocks()))
    assert np.corrcoef(own[: len(kept)], kept[: len(own)])[0, 1] > 0.99
    assert own[:16000].astype("<f4").tobytes()[:64] not in video.with_suffix(".spool").read_bytes()
    assert video.with_suffix(".spool").stat().st_mode & 0o077 == 0


def test_stage_3_is_handed_the_faces_for_every_frame(done: SpeakersResult, context: RunContext) -> None:
    video = done.files["video_out.avi"]
    source = open_source(video, context.settings.capture, context.registry.vault)
    assert source.sidecars is not None
    faces = source.sidecars.faces(context.answers)
    assert faces is not None
    assert [t for t, _ in VideoFile(video)] == pytest.approx(faces.times.tolist(), abs=1e-4)
    assert {track.enrolled for track in faces.tracks if track.ever_shown} == {context.people[0].id}


def test_the_text_files_name_who_agreed_and_nobody_else(done: SpeakersResult) -> None:
    scores = done.files["label_scores.txt"].read_text(encoding="utf-8")
    assert {line for line in scores.splitlines() if line and not line.startswith("  ")} == {"Barack Obama", "Unknown"}
    segments = json.loads(done.files["speaking_segments.json"].read_text(encoding="utf-8"))
    assert segments.keys() == {"Barack Obama", "Unknown"}
    assert label_scores(from_aavid(scores)) == scores
    made = Timeline.from_json(done.files["timeline.json"].read_bytes())
    assert all(not track.boxes for track in made.tracks if track.masked)
    assert [person.name for person in made.people if person.name] == ["Barack Obama"]
    assert done.files["label_scores.txt"].parent.name == "pywork"


@pytest.fixture
def recorded(clip: Path, context: RunContext, done: SpeakersResult, tmp_path: Path) -> Path:
    """The clip as the recorder would have left it: with its tag, and its faces sealed beside it."""
    from evaluation.data.aavid_project import cut

    id = "ab" * 16
    path = tmp_path / "masked.mp4"
    cut(clip, path, 1.0, comment(id))
    source = open_source(done.files["video_out.avi"], context.settings.capture, context.registry.vault)
    assert source.sidecars is not None
    faces = source.sidecars.faces(context.answers)
    assert faces is not None
    write_faces(path, id, faces, context.registry.vault)
    return path


def test_a_recording_that_was_masked_is_masked_again_only_when_asked(
    recorded: Path, context: RunContext, tmp_path: Path
) -> None:
    """The clip stands for one: its stranger is there to be seen whether a mask is drawn."""
    left = score_speakers(recorded, Folders(tmp_path / "left"), context, Quiet(), mask=False)
    again = score_speakers(recorded, Folders(tmp_path / "again"), context, Quiet(), mask=True)
    face = (82, 60, 16, 24)  # within the box that is drawn
    plain, hidden = (np.median(change(recorded, made.files["video_out.avi"], face)) for made in (left, again))
    assert plain < MASKED < hidden
    assert 2 * plain < hidden
    assert recording_id(left.files["video_out.avi"]) == recording_id(recorded)


def test_who_agrees_no_longer_is_masked_in_a_recording_that_shows_them(
    recorded: Path, context: RunContext, tmp_path: Path
) -> None:
    withdrawn = replace(context, answers={id: Answers() for id in context.answers})
    made = score_speakers(recorded, Folders(tmp_path / "none"), withdrawn, Quiet(), mask=False)
    assert min(change(recorded, made.files["video_out.avi"], (185, 25, 35, 45))) > MASKED
    assert "agrees no longer" in made.notes[0]
    assert "Barack" not in made.files["label_scores.txt"].read_text(encoding="utf-8")


def test_all_models_that_are_missing_are_named_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    run = RunContext.of(load(), Store(tmp_path / "weights", local=[]), Registry.open(tmp_path / "people", "file"))
    with pytest.raises(ModelError) as missing:
        score_speakers(tmp_path / "a.mp4", Folders(tmp_path / "a"), run, Quiet(), mask=False)
    for id in ("yunet", "sface", "segmentation-3.0", "ecapa", "whisper-base"):
        assert id in missing.value.remedy
    assert not (tmp_path / "a").exists()
