"""What somebody is enrolled from: their face and their voice in the recording, and nobody else's."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture import CaptureSettings, Picture, SafeWriter
from discreet.config.settings import Settings
from discreet.pipeline.enrolment import EnrolmentFiles, EnrolmentSamples, enrol_samples, enroll
from discreet.pipeline.source import open_source
from discreet.review.enrolling import (
    APART,
    MOST_PICTURES,
    MOST_SOUND,
    best_boxes,
    cut_out,
    heard,
    own_turns,
    samples_of,
)
from registered import EnrolmentError, Registry
from timeline import ArrayAudio, InputError, Segment, Timeline, Track
from weights import Store

BOX = (0.0, 40.0, 30.0, 20.0, 20.0)


def made(turns: list[tuple[float, float, str, float]] | None = None, **parts: object) -> Timeline:
    people = [
        {"id": "p1", "name": "Ann", "pseudonym": "Speaker 1", "registered": True},
        {"id": "p2", "pseudonym": "Speaker 2"},
    ]
    rows = [{"start": a, "end": b, "person": p, "confidence": c} for a, b, p, c in turns or []]
    return Timeline.model_validate({"recording": {"duration": 300.0}, "people": people, "turns": rows, **parts})


def test_only_sure_turns_count_in_which_nobody_else_speaks() -> None:
    turns = [(0, 10, "p2", 0.9), (4, 5, "p1", 0.9), (20, 25, "p2", 0.3), (30, 30.5, "p2", 0.9)]
    assert own_turns("p2", made(turns)) == [Segment(0, 4), Segment(5, 10)]


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(0.1, 50), st.sampled_from(["p1", "p2"])), max_size=12))
def test_no_sound_of_anybody_else_is_ever_taken(rows: list[tuple[float, float, str]]) -> None:
    timeline = made([(start, start + length, person, 0.9) for start, length, person in rows])
    chosen = own_turns("p2", timeline)
    others = [turn for turn in timeline.turns if turn.person == "p1"]
    assert all(min(part.end, o.end) - max(part.start, o.start) <= 1e-6 for part in chosen for o in others)
    assert sum(part.duration for part in chosen[:-1]) <= MOST_SOUND + 50


def test_the_longest_turns_come_first_until_there_is_enough() -> None:
    turns = [(n * 10.0, n * 10.0 + 2 + n * 0.1, "p2", 0.9) for n in range(28)]
    chosen = own_turns("p2", made(turns))
    assert MOST_SOUND <= sum(part.duration for part in chosen) < MOST_SOUND + 5
    assert chosen[-1].start == 270.0


def test_sound_is_that_of_the_spans_and_nothing_between() -> None:
    samples = np.arange(16000 * 25, dtype=np.float32)
    sound = heard([Segment(1.0, 2.0), Segment(9.5, 10.5)], ArrayAudio(samples))
    assert np.array_equal(sound.samples, np.concatenate([samples[16000:32000], samples[152000:168000]]))


def test_the_largest_boxes_are_chosen_apart_in_time() -> None:
    rows = [(n / 25, 0.0, 0.0, 10.0 + n % 50, 10.0) for n in range(25 * 30)]
    chosen = best_boxes([Track(id="t", start=0, end=30, boxes=rows)])
    assert len(chosen) <= MOST_PICTURES
    assert all(b[0] - a[0] >= APART - 1e-9 for a, b in itertools.pairwise(chosen))
    assert max(box[3] for box in chosen) == 59.0


def test_other_faces_are_black_in_a_picture_and_the_own_one_is_whole() -> None:
    picture = np.full((100, 100, 3), 200, np.uint8)
    cut = cut_out(picture, BOX, [(0.0, 55.0, 30.0, 20.0, 20.0)])
    assert cut.shape == (30, 30, 3)
    assert (cut[5:25, 5:25] == 200).all(), "the face"
    assert (cut[5:25, 25:30] == 0).all(), "the face beside it"


@given(st.floats(-30, 130), st.floats(-30, 130), st.floats(1, 90))
def test_no_box_leads_out_of_the_picture(x: float, y: float, side: float) -> None:
    cut = cut_out(np.zeros((100, 100, 3), np.uint8), (0.0, x, y, side, side), [(0.0, y, x, side, side)])
    assert cut.shape[0] <= 100
    assert cut.shape[1] <= 100


def test_samples_come_from_the_recording_of_somebody_who_is_not_enrolled(tmp_path: Path) -> None:
    path = tmp_path / "meeting.mp4"
    with SafeWriter(path, Picture(96, 64, 5.0), 16000, 1, CaptureSettings(preset="ultrafast")) as out:
        for n in range(20):
            out.write_frame(n / 5, np.full((64, 96, 3), 100 + n, np.uint8))
            out.write_audio((np.sin(np.arange(3200) * 0.3) * 0.3).astype(np.float32)[:, None])
    before = hashlib.sha256(path.read_bytes()).digest()
    tracks = [
        {"id": "t2", "person": "p2", "start": 0, "end": 3, "boxes": [[1.0, 30, 20, 20, 20], [2.0, 30, 20, 20, 20]]}
    ]
    timeline = made([(0.5, 3.0, "p2", 0.9)], tracks=tracks)
    samples = samples_of("p2", timeline, open_source(path, CaptureSettings()))
    (video,), (clip,) = samples.videos, samples.clips
    assert [t for t, _ in video.frames] == [t for t, _ in video.frames] == [1.0, 2.0], "every recogniser looks anew"
    assert clip.audio.duration == pytest.approx(2.5, abs=0.01)
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert [file.name for file in tmp_path.iterdir()] == ["meeting.mp4"], "no bare face was written"
    for person in ("p1", "p9"):
        with pytest.raises(InputError, match="can be enrolled"):
            samples_of(person, timeline, open_source(path, CaptureSettings()))


def test_a_recording_that_was_cut_cannot_be_used_for_its_times_differ() -> None:
    cut = {"id": "r1", "kind": "word", "start": 1, "end": 2, "operator": "remove", "reason": "x"}
    with pytest.raises(InputError, match="cut out"):
        samples_of("p2", made(redactions=[cut]), None)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.media
@pytest.mark.models
def test_who_is_enrolled_from_a_recording_is_known_by_their_photos(
    media: Path, store: Store, needs: Callable[..., None], tmp_path: Path
) -> None:
    needs(store, "yunet", "sface")
    truth = json.loads((media / "meetings" / "dev_gallery2.truth.json").read_text())
    boxes = [
        [n / truth["fps"], x + w / 4, y + h / 4, w / 2, h / 2]
        for n, (x, y, w, h) in enumerate(truth["tiles"]["ID5"][::5])
    ]
    boxes = [[5 * t, *box] for t, *box in boxes]
    track = {"id": "t2", "person": "p2", "start": 0, "end": truth["frames"] / truth["fps"], "boxes": boxes}
    turns = [(a, b, "p2" if who == "ID5" else "p1", 0.9) for a, b, who in truth["turns"]]
    source = open_source(media / "meetings" / "dev_gallery2.mp4", CaptureSettings())
    samples = samples_of("p2", made(turns, tracks=[track]), source)
    registry = Registry.open(tmp_path / "people", "file")
    parts = EnrolmentSamples(videos=samples.videos, clips=samples.clips)
    done = enrol_samples(registry, store, Settings(), "Five", parts)
    assert done.faces >= 1
    assert done.voices >= 1
    photos = sorted((media / "meetings" / "people" / "ID5").glob("*.jpg"))
    with pytest.raises(EnrolmentError, match="Five"):  # they resemble somebody who is enrolled
        enroll(registry, store, Settings(), "Five again", EnrolmentFiles(photos))
