"""The main job on a real clip: two people, one of whom agreed to be seen and heard."""

import shutil
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from capture import AudioFile, SafeWriter, VideoFile, probe
from capture.media_info import Picture
from discreet.cli.review_offer import ReviewOffer
from discreet.config.settings import Settings, load
from discreet.pipeline.context import RunContext
from discreet.pipeline.enrolment import EnrolmentFiles, enroll
from discreet.pipeline.privacy import RedactionPlan
from discreet.process import ProcessResult, process
from discreet.progress import Quiet
from discreet.results.folder import CACHE, STAGING
from discreet.review import Decisions, Redact, Span, decide, read_decisions
from discreet.review.decision_kinds import Box, Decision, Mask
from discreet.review.server import Lifetime, Offer, ReviewFolder
from evaluation.data.review_page import opened_page, served, until
from evaluation.runs.compare_results import decoded
from redaction import SurfaceForms
from registered import Answers, Consent, Registry
from timeline import InputError, Progress, Segment, Timeline, UnsafeError, public_form, subtract
from weights import Store

MODELS = ("yunet", "sface", "silero-vad", "segmentation-3.0", "ecapa", "campplus", "whisper-base", "spacy-en-sm")
LISTENER, SPEAKER = (60, 35, 45, 60), (185, 25, 35, 45)
"""Where the two faces are in the clip, px."""
MASKED = 10.0
"""Mean change of a face's pixels under a mask; encoding alone changes them by about 3."""
START = 4.5
"""How much of the clip a run takes that is stopped and goes on, s."""
Needs = Callable[..., None]


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load()


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry.open(tmp_path_factory.mktemp("nobody"), "file")


@pytest.fixture(scope="module")
def clip(store: Store, needs: Needs) -> Path:
    needs(store, *MODELS, "demo-clip", "demo-photos")
    return store.path("demo-clip")


@pytest.fixture(scope="module")
def context(clip: Path, store: Store, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    """The speaker of the clip is enrolled, and agreed to everything."""
    registry = Registry.open(tmp_path_factory.mktemp("people"), "file")
    photos = [store.path("demo-photos") / name for name in ("obama.jpg", "obama2.jpg")]
    enroll(
        registry,
        store,
        settings,
        "Barack Obama",
        EnrolmentFiles(photos),
        consent=Consent.granting(Answers(True, True, True, True)),
    )
    return RunContext.of(settings, store, registry)


@pytest.fixture(scope="module")
def safe(clip: Path, context: RunContext, tmp_path_factory: pytest.TempPathFactory) -> ProcessResult:
    """The clip made safe."""
    return process(clip, tmp_path_factory.mktemp("out") / "safe", context, Quiet())


def changed(clip: Path, result: Path, box: tuple[int, int, int, int]) -> list[float]:
    """Mean absolute change of the pixels in ``box`` (x, y, w, h), one value a picture."""
    x, y, w, h = box
    return [
        float(np.abs(a[y : y + h, x : x + w].astype(int) - b[y : y + h, x : x + w]).mean())
        for (_, a), (_, b) in zip(VideoFile(clip), VideoFile(result), strict=True)
    ]


def sound(path: Path) -> npt.NDArray[np.float32]:
    return np.concatenate(list(AudioFile(path, 16000).blocks()))


def alike(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32], start: float, end: float) -> float:
    """Correlation of two sounds between ``start`` and ``end`` seconds."""
    rows = slice(round(start * 16000), round(end * 16000))
    return float(np.corrcoef(a[rows], b[rows])[0, 1])


def test_the_stranger_is_masked_in_every_picture_and_the_enrolled_is_seen(safe: ProcessResult, clip: Path) -> None:
    video = safe.files["safe.mp4"]
    assert min(changed(clip, video, LISTENER)) > MASKED
    assert np.median(changed(clip, video, SPEAKER)) < MASKED / 2


def test_size_rate_and_length_are_the_inputs_own(safe: ProcessResult, clip: Path) -> None:
    before, after = probe(clip), probe(safe.files["safe.mp4"])
    assert (after.width, after.height, after.sample_rate) == (before.width, before.height, before.sample_rate)
    assert after.fps == pytest.approx(before.fps, rel=0.01)
    assert after.duration == pytest.approx(before.duration, abs=0.1)
    assert [t for t, _ in VideoFile(clip)] == pytest.approx(
        [t for t, _ in VideoFile(safe.files["safe.mp4"])], abs=0.002
    )


def test_the_document_tells_who_and_names_only_who_agreed(safe: ProcessResult) -> None:
    timeline = Timeline.from_json(safe.files["timeline.json"].read_bytes())
    assert timeline == public_form(safe.timeline)
    assert timeline.provenance.source_sha256 == ""
    assert all(not track.boxes for track in timeline.tracks if track.masked)
    assert [person.name for person in timeline.people if person.registered] == ["Barack Obama"]
    assert [track.masked for track in timeline.tracks if track.person != "p1"] == [True]
    assert {turn.person for turn in timeline.turns} == {"p1"}
    assert "<v Barack Obama>" in safe.files["transcript.vtt"].read_text(encoding="utf-8")


def test_a_private_word_is_gone_from_sound_and_every_text(safe: ProcessResult, clip: Path) -> None:
    words = [r for r in safe.timeline.redactions if r.kind == "word" and r.entity == "LOCATION"]
    assert words
    before, after = sound(clip), sound(safe.files["safe.mp4"])
    for word in words:
        assert abs(alike(before, after, word.start + 0.02, word.end - 0.02)) < 0.1
    for path in safe.files.values():
        if path.suffix not in (".mp4", ".m4a"):
            assert "united states" not in path.read_text(encoding="utf-8").lower(), path.name


def test_the_lips_give_no_private_word_away(safe: ProcessResult, clip: Path) -> None:
    """While a word is beeped, the speaker's mouth is covered and the eyes are seen; before, all of the face is."""
    words = [r for r in safe.timeline.redactions if r.kind == "word"]
    times = [t for t, _ in VideoFile(clip)]
    x, y, w, h = SPEAKER
    halves = [changed(clip, safe.files["safe.mp4"], (x, y + part * h // 2, w, h // 2)) for part in (0, 1)]
    over = [any(r.start <= t < r.end for r in words) for t in times]
    away = [all(t < r.start - 0.5 or t > r.end + 0.5 for r in words) for t in times]
    eyes, mouth = (np.array(half) for half in halves)
    assert mouth[over].min() > MASKED
    assert np.median(eyes[over]) < MASKED / 2
    assert np.median(mouth[away]) < MASKED / 2


def test_the_voice_of_who_agreed_is_kept(safe: ProcessResult, clip: Path) -> None:
    turns = [Segment(turn.start, turn.end) for turn in safe.timeline.turns]
    cut = [Segment(r.start, r.end) for r in safe.timeline.redactions if r.kind == "word"]
    kept = max(subtract(turns, cut), key=lambda span: span.duration)
    assert alike(sound(clip), sound(safe.files["safe.mp4"]), kept.start + 0.1, kept.end - 0.1) > 0.9


def test_nothing_else_is_left(safe: ProcessResult) -> None:
    assert not (safe.folder / CACHE).exists()
    assert not (safe.folder / STAGING).exists()
    assert {path for path in safe.folder.rglob("*") if path.is_file()} == set(safe.files.values())


@pytest.fixture
def reviewed(safe: ProcessResult, context: RunContext, tmp_path: Path) -> Iterator[Path]:
    """The results in a folder of its own, where they may be made again; what is kept of them comes back."""
    kept = context.registry.folder / "reviews"
    shutil.copytree(kept, tmp_path / "kept")
    yield shutil.copytree(safe.folder, tmp_path / "reviewed")
    shutil.rmtree(kept)
    shutil.copytree(tmp_path / "kept", kept)


def by_ann(decision: Decision) -> Callable[[Decisions], Decisions]:
    return lambda decisions: decisions.with_decision(decision, "Ann")


def pause_of(timeline: Timeline) -> tuple[float, float]:
    """A tenth of a second in which no word is said."""
    words = [Segment(0.0, 0.3), *(Segment(word.start, word.end) for word in timeline.words)]
    before = max(pairwise(words), key=lambda two: two[1].start - two[0].end)[0]
    return round(before.end + 0.05, 3), round(before.end + 0.15, 3)


def differing(one: Path, other: Path) -> dict[str, list[float]]:
    """The times of the decoded pictures and blocks of sound that are not the same, s."""
    out: dict[str, list[float]] = {"frame": [], "sound": []}
    for (name, old), (again, new) in zip(decoded(one), decoded(other), strict=True):
        assert name == again
        if old != new:
            kind, _, time, _ = name.split()
            out[kind].append(float(time))
    return out


def test_what_people_decided_is_made_again_and_nothing_else(
    safe: ProcessResult, reviewed: Path, context: RunContext, clip: Path
) -> None:
    start, end = pause_of(safe.timeline)
    flag = Box(x=0.0, y=0.0, width=0.15, height=0.3)
    silenced = Redact(spans=(Span(start=start, end=end),), words=False, operator="silence")
    # The changes lie in two of the five groups of pictures: if most of the clip changed, all would be coded anew.
    for decision in (silenced, Mask(start=4.6, end=5.0, box=flag)):
        decide(reviewed, by_ann(decision))
    before = (reviewed / "decisions.json").read_bytes()
    again = process(
        clip, reviewed, context, Quiet(), overwrite=True, decisions=read_decisions(reviewed / "decisions.json")
    )
    assert (reviewed / "decisions.json").read_bytes() == before
    # Everything was kept but what the decisions change; nothing private was added, so nothing is listened to again.
    assert [stage.name for stage in again.timeline.provenance.stages] == ["voices", "render"]

    differ = differing(safe.files["safe.mp4"], again.files["safe.mp4"])
    assert 4.8 in [round(t, 1) for t in differ["frame"]]
    near = [(4.6, 5.0), (start, end)]  # mouths are covered while something is taken out
    # The groups of pictures are 2 s long, and a mask is on for half a second more.
    assert all(any(a - 2.5 <= t <= b + 2.5 for a, b in near) for t in differ["frame"])
    assert not [t for t in differ["frame"] if 2.0 <= t < 4.0 or t >= 6.0]
    assert differ["sound"]
    assert all(start - 0.7 <= t <= end + 0.7 for t in differ["sound"])
    corner = (4, 4, 36, 60)
    assert changed(safe.files["safe.mp4"], again.files["safe.mp4"], corner)[round(4.8 * probe(clip).fps)] > MASKED

    one, two = safe.timeline, again.timeline
    assert (two.words, two.turns, two.people) == (one.words, one.turns, one.people)
    assert [r for r in two.redactions if r in one.redactions] == one.redactions
    assert len(two.redactions) == len(one.redactions) + 2


@pytest.mark.slow
def test_the_button_makes_the_results_again_and_shows_how_far_it_is(
    safe: ProcessResult, reviewed: Path, context: RunContext
) -> None:
    pytest.importorskip("playwright.sync_api")
    word = next(word for word in safe.timeline.words if word.text.strip(".,").lower() == "negotiations")

    def offered(folder: ReviewFolder, lifetime: Lifetime) -> Offer:
        return ReviewOffer(folder, context.registry, "Ann", store=context.store)(lifetime)

    with served(reviewed, offered=offered) as (_, once), opened_page(once) as (page, wrong):
        assert page.is_disabled("#render")
        page.locator(".word", has_text="negotiations").first.click()
        page.keyboard.press("r")
        page.keyboard.press("Enter")
        until(page, "!document.getElementById('dialog').open && !document.getElementById('render').disabled")
        page.click("#render")
        page.click("#dialog button:has-text('Make again')")
        shown = set()
        ends = time.monotonic() + 300
        while not (done := "negotiations" not in page.inner_text("#transcript")) and time.monotonic() < ends:
            if page.is_visible("#progress"):
                shown.add(page.inner_text("#progress-text"))
            page.wait_for_timeout(20)
        assert done
        assert any("Check by ear" in text for text in shown)
        assert any("Safe recording" in text for text in shown)
        until(page, "document.getElementById('progress').hidden && document.getElementById('render').disabled")
        assert wrong == []
    made = Timeline.from_json((reviewed / "timeline.json").read_bytes())
    assert "negotiations" not in (reviewed / "transcript.txt").read_text(encoding="utf-8").lower()
    assert abs(alike(sound(safe.files["safe.mp4"]), sound(reviewed / "safe.mp4"), word.start, word.end)) < 0.3
    assert len(made.redactions) > len(safe.timeline.redactions)


class StopsWhileWriting(Quiet):
    """Interrupts the run once the safe recording is being written."""

    def stage(self, title: str) -> Progress:
        progress = super().stage(title)

        def stop(done: float) -> None:
            progress(done)
            if title == "Safe recording" and done > 0.3:
                raise KeyboardInterrupt

        return stop


@pytest.fixture
def start(clip: Path, tmp_path: Path) -> Path:
    """The clip's first seconds, which take less time."""
    info = probe(clip)
    path = tmp_path / "start.mp4"
    with SafeWriter(path, Picture(info.width, info.height, info.fps), 16000) as writer:
        for time, frame in VideoFile(clip):
            if time < START:
                writer.write_frame(time, frame)
        writer.write_audio(sound(clip)[: round(START * 16000)])
    return path


def test_a_stopped_run_leaves_nothing_half_written_and_goes_on(
    start: Path, store: Store, settings: Settings, nobody: Registry, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        process(start, out, RunContext.of(settings, store, nobody), StopsWhileWriting())
    assert [path.name for path in out.iterdir()] == [CACHE]
    kept = b"".join(path.read_bytes() for path in (out / CACHE).iterdir())
    assert b"negotiations" not in kept  # a word of the clip, not private, so it would stand in a plain transcript
    done = process(start, out, RunContext.of(settings, store, nobody), Quiet())
    # What is said again is kept in parts; only where they belong is found out anew.
    assert [stage.name for stage in done.timeline.provenance.stages] == ["voices", "render"]
    assert "negotiations" in done.files["transcript.txt"].read_text(encoding="utf-8")

    # Nobody is enrolled here, so both faces are masked and the voice is another one.
    assert all(track.masked for track in done.timeline.tracks)
    assert min(changed(start, done.files["safe.mp4"], LISTENER)) > MASKED
    assert min(changed(start, done.files["safe.mp4"], SPEAKER)) > MASKED
    assert not any(person.name for person in done.timeline.people)
    assert abs(alike(sound(start), sound(done.files["safe.mp4"]), 1.0, START)) < 0.3


def synthetic(path: Path, picture: bool, noise: bool) -> Path:
    """Two seconds of moving noise without a face, and of faint noise that nobody speaks."""
    dice = np.random.default_rng(1)
    with SafeWriter(path, Picture(160, 120, 10) if picture else None, 16000 if noise else None) as writer:
        for i in range(20):
            if picture:
                writer.write_frame(i / 10, dice.integers(0, 255, (120, 160, 3), np.uint8))
            if noise:
                writer.write_audio(dice.normal(0, 1e-3, 1600).astype(np.float32))
    return path


@pytest.fixture
def ready(store: Store, needs: Needs) -> Iterator[None]:
    needs(store, *MODELS)
    return


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("name", "picture", "noise", "result"),
    [
        ("no face ä.mp4", True, True, "safe.mp4"),
        ("silent.mp4", True, False, "safe.mp4"),
        ("s.m4a", False, True, "safe.m4a"),
    ],
)
def test_no_face_no_speech_no_picture_no_sound_simply_work(
    name: str,
    picture: bool,
    noise: bool,
    result: str,
    store: Store,
    settings: Settings,
    nobody: Registry,
    tmp_path: Path,
) -> None:
    source = synthetic(tmp_path / name, picture, noise)
    before = source.read_bytes()
    done = process(source, tmp_path / "out folder", RunContext.of(settings, store, nobody), Quiet())
    info = probe(done.files[result])
    assert (info.has_video, info.has_audio) == (picture, noise)
    assert info.duration == pytest.approx(2.0, abs=0.15)
    assert done.timeline.turns == []
    assert done.timeline.words == []
    assert source.read_bytes() == before
    if not (picture and noise):
        assert any("no sound" in note or "no picture" in note for note in done.timeline.provenance.notes)


@pytest.mark.usefixtures("ready")
def test_a_private_word_in_any_result_withholds_all_of_them(
    store: Store, settings: Settings, nobody: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaky = RedactionPlan(notes=["A note that quotes Okonkwo."], forms=SurfaceForms([("PERSON", ["Okonkwo"])]))
    monkeypatch.setattr("discreet.pipeline.stages.find_private", lambda *_: leaky)
    source = synthetic(tmp_path / "s.m4a", False, True)
    with pytest.raises(UnsafeError, match=r"holds a private word \(PERSON\)") as caught:
        process(source, tmp_path / "out", RunContext.of(settings, store, nobody), Quiet())
    assert "okonkwo" not in str(caught.value).lower()
    assert [path.name for path in (tmp_path / "out").iterdir()] == [CACHE]


class WritesToTheInput(Quiet):
    """Goes on writing the recording while it is worked on."""

    def __init__(self, source: Path) -> None:
        super().__init__()
        self._source = source

    def stage(self, title: str) -> Progress:
        if title == "Safe recording":
            with self._source.open("ab") as file:
                file.write(b"more")
        return super().stage(title)


@pytest.mark.usefixtures("ready")
def test_a_recording_that_is_still_being_written_is_refused(
    store: Store, settings: Settings, nobody: Registry, tmp_path: Path
) -> None:
    source = synthetic(tmp_path / "growing.mp4", True, False)
    with pytest.raises(InputError, match="changed while it was being processed"):
        process(source, tmp_path / "out", RunContext.of(settings, store, nobody), WritesToTheInput(source))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [CACHE]
