"""The live masker on a virtual clock: no frame leaves that nobody has judged, whatever becomes of the worker."""

import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture import Picture as Shape
from registered import Gallery as RegisteredGallery
from timeline import ModelError
from vision import FaceFinder, VisionSettings
from vision.detection.base import Detections
from vision.detection.yunet import YuNet
from vision.live.analyser import LiveAnalyser, LiveModels
from vision.live.masker import LiveMasker
from vision.live.messages import FaceObservation, Failure, Frame, FrameResult, Outcome
from vision.live.settings import LiveMaskingSettings
from vision.live.worker import ThreadWorker
from vision.masking.synthetic_face import draw_synthetic_face
from vision.recognition.identification import EnrolledFaces

Picture = npt.NDArray[np.uint8]
SIZE = (320, 180)
FPS = 25.0
LIVE = LiveMaskingSettings()
SETTINGS = VisionSettings()
FACE = 48
"""Side of the square that is a face; its blue says who."""
ANNA, STRANGER, OTHER = 0, 2, 3
MARKER = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((4, 4))).astype(np.uint8) * 140 + 60
Place = tuple[int, float, float]


def draw(faces: Iterable[Place]) -> Picture:
    """Faces as squares with a checkerboard, the marker, in green; red is nowhere."""
    picture = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    for who, x, y in faces:
        part = picture[int(y) : int(y) + FACE, int(x) : int(x) + FACE]
        part[..., 0], part[..., 2] = 10 * who, 0
        part[8:40, 8:40, 1] = MARKER[: max(0, part.shape[0] - 8), : max(0, part.shape[1] - 8)][:32, :32]
    return picture


def marked(picture: Picture, who: int) -> bool:
    """Whether anything of the marker of ``who`` is in ``picture``: its colours, or its pattern in any."""
    coloured = (picture[..., 2] < 6) & (np.abs(picture[..., 0].astype(int) - 10 * who) < 4)
    return bool(coloured.sum() > 20)


def patterned(picture: Picture) -> bool:
    best = cv2.matchTemplate(picture[..., 1], MARKER, cv2.TM_CCOEFF_NORMED).max()
    return bool(best > 0.6)


class Squares:
    """Finds the squares; ``fault(t)`` may raise or say that nothing is found."""

    def __init__(self) -> None:
        self.calls = 0
        self.empty = False
        self.broken = False

    def __call__(self, picture: Picture, threshold: float) -> Detections:
        self.calls += 1
        if self.broken:
            raise RuntimeError("no more memory")
        rows = []
        for who in range(5) if not self.empty else ():
            of = ((picture[..., 2] < 20) & (np.abs(picture[..., 0].astype(int) - 10 * who) < 4)).astype(np.uint8)
            count, _, stats, _ = cv2.connectedComponentsWithStats(of)
            rows += [stats[i, :4] for i in range(1, count) if stats[i, 4] > 60]
        boxes = np.asarray(rows, np.float32).reshape(-1, 4)
        points = np.repeat(boxes[:, None, :2] + 3.0, 5, axis=1)
        return Detections(boxes, points, np.full(len(boxes), 0.9, np.float32))


class Colours:
    """Tells people by their colour: an axis each."""

    id = "colours"
    quality = 0.9

    def __call__(self, picture: Picture, faces: Detections) -> tuple[np.ndarray, np.ndarray]:
        height, width = picture.shape[:2]
        at = [(min(int(y), height - 1), min(int(x), width - 1)) for x, y in faces.landmarks[:, 0]]
        rows = [np.eye(8, dtype=np.float32)[min(7, round(picture[y, x, 0] / 10))] for y, x in at]
        return np.asarray(rows, np.float32).reshape(-1, 8), np.full(len(rows), self.quality, np.float32)


@dataclass
class Gallery:
    ids = ("p-anna", "p-ben")
    matrix = np.eye(8, dtype=np.float32)[[0, 0, 1, 1]]
    owner = np.array([0, 0, 1, 1])
    quality = np.ones(4, np.float32)


class Virtual:
    """A worker on the pictures' clock. ``takes(t)``: seconds the look at the picture at ``t`` takes."""

    def __init__(self, job: Callable[[Frame], FrameResult], takes: Callable[[float], float]) -> None:
        self.taken, self.alive, self.closed = float("-inf"), True, False
        self.looked: list[float] = []
        self._job, self._takes = job, takes
        self._next: Frame | None = None
        self._doing: tuple[float, Outcome] | None = None
        self._done: list[Outcome] = []

    @property
    def busy(self) -> bool:
        return self._doing is not None

    def offer(self, frame: Frame) -> None:
        self._next = frame
        if self.alive and not self.busy:
            self._take(frame.t)

    def _take(self, now: float) -> None:
        frame, self._next = self._next, None
        if frame is None:
            return
        self.taken = frame.t
        outcome: Outcome
        try:
            outcome = self._job(frame)
        except SystemExit:
            self.alive = False
            return
        except Exception as error:
            outcome = Failure(frame.t, f"failed: {error}")
        self._doing = (now + self._takes(frame.t), outcome)

    def poll(self, now: float) -> list[Outcome]:
        while self.alive and self._doing is not None and self._doing[0] <= now + 1e-9:
            end, outcome = self._doing
            self._doing = None
            self._done.append(outcome)
            if isinstance(outcome, FrameResult):
                self.looked.append(outcome.t)
            self._take(end)
        done, self._done = self._done, []
        return done

    def wait(self, t: float, timeout: float) -> None:
        if self._doing is not None and self._doing[0] < t + timeout:
            done = self.poll(t + timeout)
            self._done = done + self._done

    def close(self, timeout: float) -> None:
        self.closed = True


class Meeting:
    """A masker with virtual workers, fed with made-up pictures."""

    def __init__(
        self,
        takes: Callable[[float], float] = lambda t: 0.02,
        live: LiveMaskingSettings = LIVE,
        consent: Mapping[str, bool] | None = None,
        style: str = "solid",
        shape: str = "box",
    ) -> None:
        self.detector, self.recogniser = Squares(), Colours()
        self.now = 0.0
        self.fault: Callable[[float], None] = lambda t: None
        self.workers: list[Virtual] = []
        mask = SETTINGS.mask.model_copy(update={"style": style, "shape": shape})
        self.settings = SETTINGS.model_copy(update={"mask": mask})
        self.consent = {"p-anna": True} if consent is None else consent
        numbers = itertools.count(1)

        def start() -> Virtual:
            looker = LiveAnalyser(
                LiveModels(self.detector, self.recogniser),
                EnrolledFaces.of(Gallery()),
                self.settings,
                live,
                SIZE,
                numbers,
            )

            def job(frame: Frame) -> FrameResult:
                self.fault(frame.t)
                return looker(frame)

            self.workers.append(Virtual(job, takes))
            return self.workers[-1]

        self.masker = LiveMasker(start, self.settings, live, self.consent, SIZE, FPS)
        self.out: list[tuple[float, Picture]] = []

    def run(self, seconds: float, scene: Callable[[float], list[Place]]) -> "Meeting":
        for _ in range(round(seconds * FPS)):
            self.out += self.masker.push(self.now, draw(scene(self.now)))
            self.now = round(self.now + 1 / FPS, 6)
        return self

    def end(self) -> list[tuple[float, Picture]]:
        self.out += self.masker.flush()
        self.masker.close()
        return self.out

    def wholly(self) -> list[float]:
        """Times of the pictures that carry nothing but the notice."""
        return [t for t, picture in self.out if picture[0, 0].tolist() == [72, 72, 72]]


def still(*faces: Place) -> Callable[[float], list[Place]]:
    return lambda t: list(faces)


def walking(t: float) -> list[Place]:
    return [(STRANGER, 100 + 80 * np.sin(2 * t), 60 + 20 * np.cos(3 * t)), (OTHER, 240, 100)]


def unseen(meeting: Meeting, *people: int) -> None:
    for t, picture in meeting.out:
        for who in people:
            assert not marked(picture, who), f"{who} at {t} s"


def test_every_picture_comes_out_once_in_order_at_its_time() -> None:
    meeting = Meeting().run(3.0, walking)
    waiting = len(meeting.out)
    out = meeting.end()
    assert [t for t, _ in out] == [round(i / FPS, 6) for i in range(75)]
    assert 75 - waiting == pytest.approx(LIVE.latency * FPS, abs=1)


def test_a_stranger_is_masked_from_the_first_picture_and_the_rest_is_not() -> None:
    meeting = Meeting().run(3.0, walking)
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    assert not meeting.wholly()
    assert all((picture[:10, 300:] == 90).all() for _, picture in meeting.out)


@pytest.mark.parametrize("shape", ["box", "head"])
@pytest.mark.parametrize("style", ["solid", "mosaic", "avatar", "blur"])
def test_no_pattern_of_a_stranger_is_left(style: str, shape: str) -> None:
    meeting = Meeting(style=style, shape=shape).run(2.0, walking)
    assert patterned(draw(walking(0)))
    meeting.end()
    assert not any(patterned(picture) for _, picture in meeting.out)


def test_someone_who_comes_in_late_is_masked_in_the_pictures_before_the_look() -> None:
    def scene(t: float) -> list[Place]:
        return [(STRANGER, 320 - 200 * (t - 1.013), 60)] if t >= 1.013 else []

    meeting = Meeting(takes=lambda t: 0.15).run(2.5, scene)
    meeting.end()
    unseen(meeting, STRANGER)
    assert not meeting.wholly()


@pytest.mark.parametrize("takes", [0.02, 0.07, 0.15])
@pytest.mark.parametrize("first", range(40, 46))
def test_a_stranger_who_pops_up_in_a_single_picture_is_masked(first: int, takes: float) -> None:
    """Between two looks, and while the worker is busy with the last one."""

    def scene(t: float) -> list[Place]:
        return [(STRANGER, 100, 60)] if round(t * FPS) == first else []

    meeting = Meeting(takes=lambda t: takes).run(2.5, scene)
    meeting.end()
    unseen(meeting, STRANGER)
    assert takes > 0.1 or not meeting.wholly(), "a slow worker may fall behind, and then all is masked"


def slow(t: float) -> float:
    return 0.9 if 1.0 < t < 2.5 else 0.02


def hang(t: float) -> float:
    return 1e9 if t > 1.0 else 0.02


@pytest.mark.parametrize("takes", [slow, hang], ids=["slow", "hangs"])
def test_a_worker_that_is_slow_or_hangs_masks_the_whole_picture(takes: Callable[[float], float]) -> None:
    meeting = Meeting(takes).run(6.0, walking)
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    wholly = meeting.wholly()
    assert wholly
    assert min(wholly) > 0.9
    lapses = meeting.masker.lapses
    assert lapses[0].start == min(wholly)
    assert all(any(lapse.start <= t <= lapse.end for lapse in lapses) for t in wholly)


def test_after_it_was_slow_it_recovers() -> None:
    meeting = Meeting(slow).run(6.0, walking)
    meeting.end()
    assert max(meeting.wholly()) < 4.5
    assert meeting.masker.status()["notice"] == ""


def test_a_worker_that_hangs_is_replaced() -> None:
    meeting = Meeting()
    meeting.run(1.0, walking)
    meeting.workers[0]._takes = lambda t: 1e9
    meeting.run(5.0, walking)
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    assert len(meeting.workers) == 2
    assert meeting.workers[0].closed
    assert meeting.masker.status()["restarts"] == 1
    assert LIVE.hang - 0.5 < len(meeting.wholly()) / FPS < LIVE.hang + 1.0


def test_workers_that_all_hang_are_not_replaced_for_ever() -> None:
    meeting = Meeting(lambda t: 1e9).run(60.0, still((STRANGER, 100, 50)))
    meeting.end()
    unseen(meeting, STRANGER)
    assert len(meeting.wholly()) == len(meeting.out) == 60 * FPS
    assert len(meeting.workers) <= 5


def test_a_killed_worker_masks_the_whole_picture_until_another_looks() -> None:
    meeting = Meeting()

    def kill(t: float) -> None:
        if t > 1.0 and len(meeting.workers) == 1:
            raise SystemExit

    meeting.fault = kill
    meeting.run(4.0, walking)
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    assert len(meeting.workers) == 2
    assert "ended" in meeting.masker.lapses[0].reason
    assert min(meeting.wholly()) >= 1.0
    assert max(meeting.wholly()) < 2.5


def test_a_detector_that_raises_masks_the_whole_picture_with_a_notice() -> None:
    meeting = Meeting().run(1.0, walking)
    meeting.detector.broken = True
    meeting.run(1.0, walking)
    meeting.detector.broken = False
    meeting.run(2.0, walking)
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    wholly = meeting.wholly()
    assert 0.9 <= min(wholly) <= 1.0
    assert 2.0 <= max(wholly) <= 2.8
    notice = next(picture for t, picture in meeting.out if t == wholly[0])
    assert (notice > 200).any()  # the text
    assert [lapse.reason for lapse in meeting.masker.lapses] == ["failed: no more memory"]


def test_one_failed_look_is_enough() -> None:
    meeting = Meeting()

    def once(t: float) -> None:
        if t == 1.04:
            raise RuntimeError

    meeting.fault = once
    meeting.run(3.0, walking)
    meeting.end()
    assert 1.04 in meeting.wholly()
    assert len(meeting.wholly()) <= 20


def test_a_detector_that_finds_nothing_any_more_is_caught() -> None:
    meeting = Meeting().run(1.5, walking)
    meeting.detector.empty = True
    meeting.run(5.0, walking)
    meeting.detector.empty = False
    meeting.run(2.0, walking)
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    assert "nothing" in meeting.masker.lapses[0].reason
    assert max(meeting.wholly()) < 7.5


def test_everybody_leaving_is_no_fault() -> None:
    meeting = Meeting().run(1.5, walking).run(3.0, still())
    meeting.end()
    assert not meeting.wholly()
    assert (meeting.out[-1][1] == 90).all()


def test_a_face_missed_by_a_working_detector_stays_masked_where_it_is() -> None:
    meeting = Meeting().run(1.5, still((STRANGER, 60, 60), (OTHER, 220, 60)))
    real = meeting.detector.__class__.__call__

    class Misses(Squares):
        def __call__(self, picture: Picture, threshold: float) -> Detections:
            found = real(self, picture, threshold)
            return found.take(found.boxes[:, 0] > picture.shape[1] / 2) if picture.shape[1] > 192 else found.take([])

    meeting.detector.__class__ = Misses
    meeting.run(6.0, still((STRANGER, 60, 60), (OTHER, 220, 60)))
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    assert not meeting.wholly()


def test_someone_enrolled_is_shown_from_the_moment_several_crops_agree() -> None:
    meeting = Meeting().run(3.0, still((ANNA, 60, 60), (STRANGER, 220, 60)))
    meeting.end()
    unseen(meeting, STRANGER)
    shown = [t for t, picture in meeting.out if marked(picture, ANNA)]
    assert shown == [t for t, _ in meeting.out if t >= shown[0]]
    assert shown[0] < 0.3  # found out within the delay line, it counts for the pictures before, too


def test_without_consent_nobody_is_shown() -> None:
    meeting = Meeting(consent={}).run(2.0, still((ANNA, 60, 60)))
    meeting.end()
    unseen(meeting, ANNA)
    assert [track.enrolled for track in meeting.masker.tracks()] == ["p-anna"]


def test_consent_that_ends_is_no_consent_from_the_next_picture_on() -> None:
    consent = {"p-anna": True}
    meeting = Meeting(consent=consent).run(2.0, still((ANNA, 60, 60)))
    consent["p-anna"] = False
    left = len(meeting.out)
    meeting.run(1.0, still((ANNA, 60, 60)))
    meeting.end()
    assert marked(meeting.out[left - 1][1], ANNA)
    assert not any(marked(picture, ANNA) for _, picture in meeting.out[left:])


class Broken(dict):  # type: ignore[type-arg]
    def get(self, *args: object) -> bool:
        raise OSError("the registry cannot be read")


def test_consent_that_cannot_be_told_is_none() -> None:
    meeting = Meeting(consent=Broken()).run(2.0, still((ANNA, 60, 60)))
    meeting.end()
    unseen(meeting, ANNA)


def test_somebody_else_in_the_same_place_is_never_shown() -> None:
    """From one picture to the next, with the same box: the tracker alone would not notice."""
    meeting = Meeting().run(2.0, still((ANNA, 100, 60))).run(2.0, still((STRANGER, 100, 60)))
    meeting.run(2.0, still((ANNA, 100, 60)))
    meeting.end()
    unseen(meeting, STRANGER)
    assert any(marked(picture, ANNA) for t, picture in meeting.out if t < 2)
    assert marked(meeting.out[-1][1], ANNA)


def test_crossing_faces_are_masked_and_shown_again_apart() -> None:
    def scene(t: float) -> list[Place]:
        return [(ANNA, 20 + 50 * t, 60), (STRANGER, 220 - 50 * t, 60 + 30)]

    meeting = Meeting().run(4.0, scene)
    meeting.end()
    unseen(meeting, STRANGER)
    assert not any(marked(picture, ANNA) for t, picture in meeting.out if 1.85 <= t <= 2.15)
    assert any(marked(picture, ANNA) for t, picture in meeting.out if t < 1.2)
    assert marked(meeting.out[-1][1], ANNA)


def test_a_shown_face_that_is_lost_is_masked() -> None:
    meeting = Meeting().run(2.0, still((ANNA, 60, 60), (OTHER, 220, 60)))
    real = Squares.__call__

    class Misses(Squares):
        def __call__(self, picture: Picture, threshold: float) -> Detections:
            found = real(self, picture, threshold)
            return found.take(found.boxes[:, 0] > picture.shape[1] / 2) if picture.shape[1] > 192 else found.take([])

    last = meeting.workers[0].looked[-1]
    meeting.detector.__class__ = Misses
    meeting.run(1.5, still((ANNA, 60, 60), (OTHER, 220, 60)))
    meeting.end()
    assert not any(marked(picture, ANNA) for t, picture in meeting.out if t > last + 0.1)


def test_crops_that_say_nothing_do_not_vouch_for_long() -> None:
    meeting = Meeting().run(2.0, still((ANNA, 60, 60)))
    meeting.recogniser.quality = 0.1
    meeting.run(3.0, still((ANNA, 60, 60)))
    meeting.end()
    assert not any(marked(picture, ANNA) for t, picture in meeting.out if t > 2.0 + LIVE.hold)


def test_a_picture_of_another_size_is_masked_wholly() -> None:
    meeting = Meeting().run(1.0, walking)
    odd = np.full((90, 160, 3), 33, np.uint8)
    meeting.out += meeting.masker.push(meeting.now, odd)
    meeting.now += 0.04
    meeting.run(0.6, walking)
    meeting.end()
    assert next(picture for _, picture in meeting.out if picture.shape == odd.shape)[0, 0].tolist() == [72, 72, 72]


def test_masking_that_fails_masks_wholly(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()

    def fail(*args: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr(meeting.masker, "_draw", fail)
    meeting.run(1.0, walking)
    meeting.end()
    assert len(meeting.wholly()) == len(meeting.out)
    assert "masking failed" in meeting.masker.lapses[0].reason


def test_times_must_rise() -> None:
    meeting = Meeting().run(0.2, walking)
    with pytest.raises(ValueError, match="after one at"):
        meeting.masker.push(0.04, draw([]))
    with pytest.raises(ValueError, match="after one at"):
        meeting.masker.push(float("nan"), draw([]))


def test_a_read_only_picture_is_copied() -> None:
    meeting = Meeting()
    picture = draw([(STRANGER, 60, 60)])
    picture.flags.writeable = False
    for i in range(20):
        meeting.out += meeting.masker.push(i / FPS, picture)
    meeting.end()
    unseen(meeting, STRANGER)
    assert not meeting.wholly()
    assert marked(picture, STRANGER)


def test_more_may_be_pushed_after_a_flush() -> None:
    meeting = Meeting().run(1.0, walking)
    meeting.out += meeting.masker.flush()
    assert len(meeting.out) == 25
    meeting.now += 60.0
    meeting.run(1.0, walking)
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    assert len(meeting.out) == 50
    assert not meeting.wholly()


def test_the_delay_line_is_bounded() -> None:
    meeting = Meeting()
    for i in range(500):  # far more pictures a second than were announced
        meeting.out += meeting.masker.push(i / 5000.0, draw([(STRANGER, 60, 60)]))
    assert int(meeting.masker.status()["waiting"]) < 40
    meeting.end()
    unseen(meeting, STRANGER)


def test_the_tracks_say_what_was_drawn() -> None:
    meeting = Meeting().run(3.0, still((ANNA, 60, 60), (STRANGER, 220, 60)))
    meeting.detector.broken = True
    meeting.run(0.5, still((ANNA, 60, 60), (STRANGER, 220, 60)))
    meeting.end()
    anna, stranger, blind = sorted(meeting.masker.tracks(), key=lambda track: track.start + float(track.boxes[0, 2]))
    assert (anna.enrolled, stranger.enrolled) == ("p-anna", None) or (stranger.enrolled, anna.enrolled) == (
        "p-anna",
        None,
    )
    mine = anna if anna.enrolled else stranger
    shown = {t: marked(picture, ANNA) for t, picture in meeting.out}
    assert [bool(s) for s in mine.shown] == [shown[float(t)] for t in mine.times]
    assert np.diff(mine.times).max() <= 0.13
    assert np.abs(mine.boxes[0] - [60, 60, FACE, FACE]).max() < 6
    assert blind.boxes[0].tolist() == [0, 0, *SIZE]
    assert not blind.ever_shown
    assert "failed" in blind.reason
    assert mine.embedding is not None


@settings(deadline=None, max_examples=40)
@given(
    delays=st.lists(st.sampled_from([0.0, 0.01, 0.05, 0.15, 0.3, 0.5, 1.2]), min_size=1, max_size=12),
    faults=st.sets(st.integers(0, 60), max_size=8),
    latency=st.sampled_from([0.1, 0.3, 0.4, 0.5]),
)
def test_no_picture_leaves_unmasked_before_a_look_at_or_after_it(
    delays: list[float], faults: set[int], latency: float
) -> None:
    count = itertools.count()
    looks: list[float] = []
    live = LIVE.model_copy(update={"latency": latency, "recover": 0.0})
    worker: list[Virtual] = []

    def job(frame: Frame) -> FrameResult:
        if next(count) in faults:
            raise RuntimeError
        return FrameResult(frame.t, (FaceObservation(1, 2, np.array([60, 60, FACE, FACE], np.float32), True),))

    def start() -> Virtual:
        worker.append(Virtual(job, lambda t: delays[next(count) % len(delays)]))
        return worker[-1]

    masker = LiveMasker(start, SETTINGS, live, {}, SIZE, FPS)
    out: list[float] = []
    for i in range(80):
        t = i / FPS
        for when, picture in masker.push(t, draw([(STRANGER, 60, 60)])):
            out.append(when)
            looks = [look for each in worker for look in each.looked]
            assert not marked(picture, STRANGER)
            if picture[0, 0].tolist() != [72, 72, 72]:
                assert any(look >= when - 1e-9 for look in looks)
                assert any(0 <= when - look <= live.gap for look in looks)
    out += [when for when, _ in masker.flush()]
    masker.close()
    assert out == [i / FPS for i in range(80)]


def test_a_real_thread_looks_at_the_newest_and_leaves_nothing_behind() -> None:
    before = threading.active_count()
    gate, entered = threading.Event(), threading.Event()
    seen: list[float] = []

    def job(frame: Frame) -> FrameResult:
        seen.append(frame.t)
        entered.set()
        gate.wait(5)
        return FrameResult(frame.t)

    worker = ThreadWorker(lambda: job)
    worker.offer(Frame(0.0, draw([])))
    assert entered.wait(5)
    for i in range(1, 6):
        worker.offer(Frame(float(i), draw([])))
    assert worker.busy
    gate.set()
    worker.wait(5.0, 5.0)
    assert seen == [0.0, 5.0]
    assert [outcome.t for outcome in worker.poll(9.0)] == [0.0, 5.0]
    worker.close(5.0)
    assert not worker.alive
    assert threading.active_count() == before


def test_a_thread_whose_job_fails_goes_on_and_one_that_ends_is_seen_to() -> None:
    def job(frame: Frame) -> FrameResult:
        if frame.t == 0.0:
            raise MemoryError
        raise SystemExit

    worker = ThreadWorker(lambda: job)
    worker.offer(Frame(0.0, draw([])))
    worker.wait(0.0, 5.0)
    assert [type(outcome) for outcome in worker.poll(0.0)] == [Failure]
    worker.offer(Frame(1.0, draw([])))
    worker.wait(1.0, 5.0)
    worker._thread.join(5)
    assert not worker.alive


def test_models_that_cannot_be_loaded_again_end_the_worker() -> None:
    def fail() -> Callable[[Frame], FrameResult]:
        raise OSError("gone")

    worker = ThreadWorker(fail)
    worker.wait(0.0, 5.0)
    worker._thread.join(5)
    assert not worker.alive


def test_starting_and_stopping_leaves_no_thread() -> None:
    before = threading.active_count()
    for _ in range(50):
        masker = LiveMasker(
            lambda: ThreadWorker(lambda: lambda frame: FrameResult(frame.t)), SETTINGS, LIVE, {}, SIZE, FPS
        )
        for i in range(3):
            masker.push(i / FPS, draw([]))
        assert len(masker.flush()) == 3
        masker.close()
        masker.close()
    assert threading.active_count() == before


def test_a_drawn_face_is_enough_to_test_the_detector(store, needs) -> None:
    needs(store, "yunet")
    assert YuNet(store.session("yunet", resize=True))(draw_synthetic_face(), 0.8).scores.shape == (1,)


def test_a_detector_that_never_finds_anything_is_not_begun_with(store, needs, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(store, "yunet", "sface")
    blind = Squares()
    blind.empty = True
    monkeypatch.setattr("vision.live.masker.make_detector", lambda *args: blind)
    before = threading.active_count()
    with pytest.raises(ModelError) as caught:
        LiveMasker.from_store(store, SETTINGS, None, {}, Shape(*SIZE, FPS))
    assert caught.value.remedy
    assert threading.active_count() == before


def test_what_is_pushed_after_the_end_is_masked_wholly() -> None:
    meeting = Meeting().run(1.0, walking)
    meeting.workers[0].alive = False
    meeting.masker.close()
    meeting.run(1.0, walking)
    meeting.end()
    unseen(meeting, STRANGER, OTHER)
    assert len(meeting.workers) == 1
    assert len(meeting.out) == 50
    assert len(meeting.wholly()) >= 25


def test_live_on_the_demo_clip(store, needs) -> None:
    """The real models in their real thread, pictures pushed no faster than they are looked at."""
    needs(store, "yunet", "sface", "demo-photos", "demo-clip")
    finder = FaceFinder.from_store(store)
    folder = Path(store.path("demo-photos"))
    rows = np.stack([finder(cv2.imread(str(folder / name)))[0].embedding for name in ("obama.jpg", "obama2.jpg")])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    gallery = RegisteredGallery.of("sface", [("obama", {"sface": rows}, {"sface": np.ones(2, np.float32)})])
    before = threading.active_count()
    masker = LiveMasker.from_store(store, SETTINGS, gallery, {"obama": True}, Shape(320, 240, 12.0))
    capture = cv2.VideoCapture(str(store.path("demo-clip")))
    out: list[tuple[float, Picture]] = []
    for i in range(36):
        picture = capture.read()[1]
        out += masker.push(i / 12.0, picture)
        masker._worker.wait(i / 12.0, 5.0)
    out += masker.flush()
    masker.close()
    assert threading.active_count() == before
    assert [t for t, _ in out] == [i / 12.0 for i in range(36)]
    tracks = masker.tracks()
    shown = [track for track in tracks if track.ever_shown]
    assert {track.enrolled for track in shown} == {"obama"}
    assert np.concatenate([track.shown for track in shown]).mean() > 0.9
    others = [track for track in tracks if not track.ever_shown]
    assert others
    assert not masker.lapses
