"""Attack live masking, as if the composed meetings came from a camera: ``python -m evaluation.runs.live_faces``.

Half of the people are enrolled and agree to be seen; the others are strangers. A worker in this thread replaces the
masker's own; its analyses take their real time (times ``--slow``) on the recording's clock. So figures do not depend on
what else the machine does, and the CPU time of every part is known. Each output frame is attacked as in
``evaluation.attacks.safe_recording``. It prints

(a) *leaks*: frames in which a stranger is recognised, within 0.3 s of coming on screen or later;
(b) *visible*: frames in which an enrolled face is recognised as in the clean frame, of all and of those from 2 s after
    the face came on screen;
(c) *wholly*: frames that are masked whole;
(d) *mistaken*: shown rows of face tracks that belong to somebody other than recognised (with ``--no-attack`` only this
    and the cost, which is quick enough for whole meetings);
(e) *cost*: CPU milliseconds per frame, for analysis (detection, recognition and the rest) and for masking.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from capture import VideoFile
from evaluation.attacks.deface import compare_deface, line
from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd, known_templates, most_alike
from evaluation.attacks.safe_recording import UNCHANGED
from evaluation.data.composed import Composed, gallery, load
from evaluation.data.composed_faces import FIRST, in_tile, on_screen_since
from evaluation.runs.faces import Timed
from timeline import failure, log_error
from vision import (
    Detections,
    FaceFinder,
    Image,
    LiveMasker,
    LiveMaskingSettings,
    VisionSettings,
    calibrated,
    make_detector,
    make_recogniser,
)
from vision.live import Failure, Frame, LiveAnalyser, LiveModels, Outcome
from vision.recognition import EnrolledFaces
from weights import Store

SETTLED = 2.0


class SteppedWorker:
    """A worker in the caller's thread: an analysis is done when the recording's clock says so."""

    def __init__(self, looker: LiveAnalyser, slow: float) -> None:
        self.taken, self.alive, self.cpu = float("-inf"), True, 0.0
        self._looker, self._slow = looker, slow
        self._next: Frame | None = None
        self._doing: tuple[float, Outcome] | None = None
        self._done: deque[Outcome] = deque()

    @property
    def busy(self) -> bool:
        """See ``vision.live.worker.Worker``."""
        return self._doing is not None

    def offer(self, frame: Frame) -> None:
        """See ``vision.live.worker.Worker``."""
        self._next = frame
        if self._doing is None:
            self._take(frame.t)

    def _take(self, now: float) -> None:
        frame, self._next = self._next, None
        if frame is None:
            return
        self.taken = frame.t
        start = time.process_time()
        outcome: Outcome
        try:
            outcome = self._looker(frame)
        except Exception as error:
            log_error("a picture was not analysed", error)
            outcome = Failure(frame.t, failure("the face detector", error))
        took = time.process_time() - start
        self.cpu += took
        self._doing = (now + took * self._slow, outcome)

    def poll(self, now: float) -> list[Outcome]:
        """See ``vision.live.worker.Worker``."""
        while self._doing is not None and self._doing[0] <= now:
            end, outcome = self._doing
            self._done.append(outcome)
            self._doing = None
            self._take(end)
        done = list(self._done)
        self._done.clear()
        return done

    def wait(self, t: float, timeout: float) -> None:
        """See ``vision.live.worker.Worker``."""
        self._done.extend(self.poll(float("inf")))

    def close(self, timeout: float) -> None:
        """See ``vision.live.worker.Worker``."""
        self.alive = False


@dataclass
class Report:
    """The results of one meeting; the counts are frames of one face."""

    meeting: str
    seconds: float
    enrolled: list[str]
    pictures: int = 0
    wholly: int = 0
    rows: int = 0
    mistaken: int = 0
    strangers: int = 0
    leaks_first: int = 0
    leaks_after: int = 0
    enrolled_frames: int = 0
    visible_frames: int = 0
    settled_frames: int = 0
    settled_visible: int = 0
    where: list[str] = field(default_factory=list)
    looks: int = 0
    look_ms: float = 0.0
    cpu_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Masking:
    """How a meeting is masked: the settings, and how many times slower an analysis is than on this machine."""

    settings: VisionSettings = field(default_factory=VisionSettings)
    live: LiveMaskingSettings = field(default_factory=LiveMaskingSettings)
    slow: float = 1.0


def masked(meeting: Composed, store: Store, masking: Masking, report: Report) -> Iterator[tuple[float, Image, Image]]:
    """The output pictures with the clean ones; the cost in ``report``."""
    settings, live = calibrated(store, masking.settings), masking.live
    known = gallery(FaceFinder.from_store(store, settings), tuple(report.enrolled))
    detector: Any = Timed(make_detector(store, settings.detect.detector))
    recogniser: Any = Timed(make_recogniser(store, settings.recognise.recogniser))
    looker = LiveAnalyser(
        LiveModels(detector, recogniser), EnrolledFaces.of(known), settings, live, meeting.size, itertools.count(1)
    )
    looker.warm(meeting.size)
    detector.seconds = recogniser.seconds = 0.0
    worker = SteppedWorker(looker, masking.slow)
    consent = dict.fromkeys(report.enrolled, True)
    masker = LiveMasker(lambda: worker, settings, live, consent, meeting.size, meeting.fps)
    clean: deque[Image] = deque()
    used = 0.0
    for t, picture in VideoFile(meeting.path):
        if t >= report.seconds:
            break
        clean.append(picture.copy())
        start = time.process_time()
        out = masker.push(t, picture)
        used += time.process_time() - start
        yield from ((when, done, clean.popleft()) for when, done in out)
    start = time.process_time()
    out = masker.flush()
    used += time.process_time() - start
    yield from ((when, done, clean.popleft()) for when, done in out)
    masker.close()
    status = masker.status()
    report.pictures, report.wholly = int(status["pictures"]), int(status["masked_wholly"])
    report.looks, report.look_ms = int(status["looks"]), round(1000 * worker.cpu / max(1, int(status["looks"])), 1)
    parts = {"detect": detector.seconds, "recognise": recogniser.seconds}
    parts["follow"] = worker.cpu - sum(parts.values())
    parts["mask"] = used - worker.cpu
    parts["all"] = used
    report.cpu_ms = {name: round(1000 * seconds / report.pictures, 2) for name, seconds in parts.items()}
    for track in masker.tracks():
        for t, box in zip(track.times[track.shown], track.boxes[track.shown], strict=True):
            report.rows += 1
            report.mistaken += not _is(meeting, str(track.enrolled), round(float(t) * meeting.fps), box)
    report.where += [f"whole picture {lapse.start:.2f} - {lapse.end:.2f} s: {lapse.reason}" for lapse in masker.lapses]


def _is(meeting: Composed, person: str, index: int, box: npt.NDArray[np.float32]) -> bool:
    """Whether the face in ``box`` is that of ``person``."""
    tile = meeting.tiles[person][min(index, len(meeting.tiles[person]) - 1)]
    return bool((np.abs(box[:2] + box[2:] / 2 - (tile[:2] + tile[2:] / 2)) < 0.4 * tile[2:]).all())


def measure(
    meeting: Composed,
    store: Store,
    masking: Masking,
    report: Report,
    out: Path | None = None,
    attacked: bool = True,
) -> Report:
    """Mask ``meeting`` live and, if ``attacked``, attack every picture. ``out``: a folder for some pictures."""
    if not attacked:
        for _ in masked(meeting, store, masking, report):
            pass
        return report
    scrfd, arcface = Scrfd(store), ArcFace(store)
    strangers = [person for person in meeting.people if person not in report.enrolled]
    known: dict[str, npt.NDArray[np.float32]] = known_templates(meeting, strangers, scrfd, arcface)
    for index, (t, picture, clean) in enumerate(masked(meeting, store, masking, report)):
        faces = scrfd(clean, 0.5)
        found: Detections | None = None
        for person in meeting.people:
            if index >= len(meeting.tiles[person]) or np.isnan(meeting.tiles[person][index, 0]):
                continue
            own = in_tile(faces, meeting.tiles[person][index])
            since = on_screen_since(meeting, person, index)
            if person in report.enrolled:
                if len(own):
                    same = float(arcface(picture, own)[0][0] @ arcface(clean, own)[0][0]) >= UNCHANGED
                    report.enrolled_frames += 1
                    report.visible_frames += same
                    report.settled_frames += since >= SETTLED
                    report.settled_visible += same and since >= SETTLED
                continue
            report.strangers += 1
            found = scrfd(picture, 0.3) if found is None else found
            places = (own, in_tile(found, meeting.tiles[person][index]))
            cosine = most_alike(arcface, picture, places, known[person])
            if cosine >= SAME:
                report.leaks_first += since < FIRST
                report.leaks_after += since >= FIRST
                report.where.append(f"{person} at {t:.2f} s, cosine {cosine:.2f}")
                if out is not None:
                    cv2.imwrite(str(out / f"leak_{meeting.name}_{index}_{person}.png"), np.hstack([clean, picture]))
        if out is not None and index % 50 == 25:
            cv2.imwrite(str(out / f"live_{meeting.name}_{index}.png"), picture)
    return report


def summary(report: Report) -> str:
    """The report in one line."""
    parts = (
        f"{report.meeting}: leaks {report.leaks_first} in the first {FIRST} s, {report.leaks_after} after,"
        f" of {report.strangers}",
        f"visible {report.visible_frames / max(1, report.enrolled_frames):.1%} of {report.enrolled_frames},"
        f" {report.settled_visible / max(1, report.settled_frames):.1%} from {SETTLED:.0f} s on screen",
        f"wholly {report.wholly} of {report.pictures}",
        f"mistaken {report.mistaken} of {report.rows} rows shown",
        f"{report.looks} looks of {report.look_ms} ms; CPU-ms a picture: {report.cpu_ms}",
    )
    return "; ".join(parts)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", default=["dev_gallery2", "dev_hard4"])
    parser.add_argument("--seconds", type=float, default=10.0, help="of each meeting")
    parser.add_argument("--slow", type=float, default=1.0, help="how many times longer a look takes")
    parser.add_argument("--others", action="store_true", help="enrol the other half of the people")
    parser.add_argument("--no-attack", action="store_true", help="only mistaken identity and cost")
    parser.add_argument(
        "--peer", type=Path, help="folder in which deface, where it is here, works on the whole meeting"
    )
    parser.add_argument("--out", type=Path, help="folder for the report and some masked pictures")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    reports = []
    for name in options.meetings:
        meeting = load(name)
        enrolled = meeting.people[1::2] if options.others else meeting.registered()
        report = Report(name, options.seconds, list(enrolled))
        measure(meeting, Store(), Masking(slow=options.slow), report, options.out, not options.no_attack)
        reports.append(report)
        print(summary(report), flush=True)
        for where in report.where[:20]:
            print("   ", where)
        for row in compare_deface(meeting, enrolled, options.peer, Store()) if options.peer else ():
            print("   ", line(row), flush=True)
    if options.out:
        (options.out / "live_faces.json").write_text(json.dumps([asdict(r) for r in reports], indent=1), "utf-8")


if __name__ == "__main__":
    main()
