"""Measure the face stage on the composed meetings: ``python -m evaluation.runs.faces [MEETING ...]``.

Half of the people are enrolled with full consent from their photos; the others are strangers. The picture is masked as
``process`` would mask it. Printed are

(a) *leaks*: frames in which another recogniser (ArcFace, cosine >= 0.3 to the mean of the person's photos and clean
    crops) recognises a stranger, either where another detector (SCRFD) finds the face in the masked frame, or aligned
    by the landmarks of the clean frame where the mask does not cover the whole face; split at 0.3 s after the face
    came on screen;
(b) *visible*: frames of an enrolled face of which less than a tenth is masked;
(c) *speaking*: AUC, and F1 at 0.5, of the speaking scores against the turns, over all frames of all people on screen
    (a frame without a score counts as 0), with a collar of 0.25 s;
(d) *cost*: CPU-milliseconds a frame of each part, decoding apart, and CPU seconds per second of recording.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from capture import AudioFile, VideoFile
from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd, known_templates
from evaluation.data.composed import MEETINGS, Composed, gallery, load
from evaluation.data.composed_faces import FIRST, in_tile, on_screen_since
from evaluation.runs.active_speaker import auc, f1, frames
from timeline import FaceTrack
from vision import (
    DETECTORS,
    Detections,
    DetectSettings,
    FaceFinder,
    FaceStage,
    Floats,
    Image,
    MaskPlan,
    RecogniseSettings,
    VisionSettings,
    calibrated,
    masker,
)
from vision.detection import FaceSearch
from weights import Store


@dataclass
class Report:
    """The results of one meeting; the counts are frames of one face."""

    meeting: str
    enrolled: list[str] = field(default_factory=list)
    strangers: int = 0
    uncovered: int = 0
    leaks_first: int = 0
    leaks_after: int = 0
    where: list[str] = field(default_factory=list)
    masked_cosine_p99: float = 0.0
    enrolled_frames: int = 0
    visible: float = 0.0
    auc: float = 0.0
    f1: float = 0.0
    tracks: int = 0
    rtf: float = 0.0
    cpu: float = 0.0
    cpu_ms: dict[str, float] = field(default_factory=dict)

    @property
    def leak_share(self) -> float:
        """Leaks per frame of a stranger's face."""
        return (self.leaks_first + self.leaks_after) / max(1, self.strangers)


class Timed:
    """Counts the CPU time of a callable in the threads that call it; it must start no threads of its own."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call, self.seconds = call, 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def __call__(self, *args: Any) -> Any:
        """Call it."""
        start = time.thread_time()
        try:
            return self._call(*args)
        finally:
            self.seconds += time.thread_time() - start


def measure(
    meeting: Composed, store: Store, settings: VisionSettings, enrolled: tuple[str, ...], out: Path | None
) -> Report:
    """Run the face stage on ``meeting``, mask it and attack the result. ``out``: a folder for some masked pictures."""
    report = Report(meeting.name, list(enrolled))
    tracks = run_stage(meeting, store, settings, enrolled, report)
    truth, value = frames(meeting, tracks)
    report.auc, report.f1 = auc(truth, value), f1(truth, value >= 0.5)
    attack(meeting, store, settings, tracks, report, out)
    return report


def run_stage(
    meeting: Composed, store: Store, settings: VisionSettings, enrolled: tuple[str, ...], report: Report
) -> list[FaceTrack]:
    """Run the face stage over ``meeting``, with its cost in ``report``."""
    stage: Any
    settings = calibrated(store, settings)
    known = gallery(FaceFinder.from_store(store, settings), enrolled)
    stage = FaceStage.from_store(store, settings, known, dict.fromkeys(enrolled, True))
    parts = {"recognise": Timed(stage._recogniser)}
    if stage._scorer is not None:
        parts["speaking"] = stage._scorer = Timed(stage._scorer)
    detector: Any = Timed(stage._search._detector)
    stage._search = FaceSearch(detector, settings.detect)
    stage._recogniser = parts["recognise"]
    video, frames, waiting = VideoFile(meeting.path), 0, 0.0

    def pictures() -> Iterator[tuple[float, Image]]:
        nonlocal frames, waiting
        start = time.thread_time()
        for t, picture in video:
            frames += 1
            waiting += time.thread_time() - start
            yield t, picture
            start = time.thread_time()

    start, begun = time.process_time(), time.perf_counter()
    tracks = stage.run(pictures(), meeting.size, meeting.fps, AudioFile(meeting.path, 16000))
    report.rtf = (time.perf_counter() - begun) / (frames / meeting.fps)
    cpu = time.process_time() - start - waiting
    report.tracks = len(tracks)
    report.cpu = cpu / (frames / meeting.fps)
    used = {"detect": detector.seconds, **{name: part.seconds for name, part in parts.items()}}
    used["rest"] = cpu - sum(used.values())
    report.cpu_ms = {name: round(1000 * seconds / frames, 2) for name, seconds in used.items()}
    return list(tracks)


def attack(
    meeting: Composed,
    store: Store,
    settings: VisionSettings,
    tracks: list[FaceTrack],
    report: Report,
    out: Path | None,
) -> None:
    """Mask every frame and look for strangers who can be recognised, and for enrolled people who are hidden."""
    scrfd, arcface = Scrfd(store), ArcFace(store)
    enrolled = report.enrolled
    people = [p for p in meeting.people if p not in enrolled]
    templates = known_templates(meeting, people, scrfd, arcface)
    plan, draw = MaskPlan(tracks, meeting.size, settings.mask), masker(settings.mask)
    visible, cosines, masking = 0, [], 0.0
    for index, (t, picture) in enumerate(VideoFile(meeting.path)):
        clean = scrfd(picture, 0.5)
        original = picture.copy()
        start = time.process_time()
        boxes = plan.boxes(t)
        draw(picture, boxes)
        masking += time.process_time() - start
        covered = np.zeros(picture.shape[:2], np.bool_)
        for x, y, w, h in boxes:
            covered[int(y) : int(np.ceil(y + h)), int(x) : int(np.ceil(x + w))] = True
        found: Detections | None = None
        for person in meeting.people:
            if index >= len(meeting.tiles[person]) or np.isnan(meeting.tiles[person][index, 0]):
                continue
            own = in_tile(clean, meeting.tiles[person][index])
            face = own.boxes[0] if len(own) else meeting.face(person)[index]
            share = covered_share(covered, face)
            if person in enrolled:
                report.enrolled_frames += 1
                visible += share < 0.1
                continue
            report.strangers += 1
            cosine = -1.0
            if share < 0.999:
                report.uncovered += 1
                found = scrfd(picture, 0.3) if found is None else found
                seen = in_tile(found, meeting.tiles[person][index])
                both = [Detections.none() if share > 0.999 else own, seen]
                rows = np.concatenate([arcface(picture, part)[0] for part in both])
                cosine = float((rows @ templates[person]).max(initial=-1.0))
            elif index % 10 == 0 and len(own):  # is the mask itself good enough?
                cosine = float(arcface(picture, own)[0][0] @ templates[person])
                cosines.append(cosine)
            if cosine >= SAME:
                early = on_screen_since(meeting, person, index) < FIRST
                report.leaks_first += early
                report.leaks_after += not early
                report.where.append(f"{person}@{t:.2f}s cos {cosine:.2f} covered {share:.2f}")
                if out is not None and len(report.where) < 40:
                    cv2.imwrite(str(out / f"leak_{meeting.name}_{index}_{person}.png"), np.hstack([original, picture]))
        if out is not None and index % 250 == 100:
            cv2.imwrite(str(out / f"{meeting.name}_{index}.png"), picture)
    report.visible = visible / max(1, report.enrolled_frames)
    report.masked_cosine_p99 = float(np.percentile(cosines, 99)) if cosines else 0.0
    report.cpu_ms["mask"] = round(1000 * masking / (index + 1), 2)


def covered_share(covered: npt.NDArray[np.bool_], box: Floats) -> float:
    """Share of ``box`` (px) that is ``covered`` ``[H, W]``; 1 for a box outside the picture."""
    x, y, w, h = box
    part = covered[max(0, int(y)) : max(0, int(np.ceil(y + h))), max(0, int(x)) : max(0, int(np.ceil(x + w)))]
    return float(part.mean()) if part.size else 1.0


def summary(report: Report) -> str:
    """The report in one line."""
    parts = (
        f"{report.meeting}: leaks {report.leaks_first} in the first {FIRST} s, {report.leaks_after} after,"
        f" of {report.strangers} ({report.leak_share:.2%}; {report.uncovered} not fully covered;"
        f" masked cosine p99 {report.masked_cosine_p99:.2f})",
        f"visible {report.visible:.1%} of {report.enrolled_frames}",
        f"speaking AUC {report.auc:.3f} F1 {report.f1:.3f}",
        f"{report.tracks} tracks",
        f"RTF {report.rtf:.2f} by the clock, {report.cpu:.2f} in CPU seconds, ms a frame: {report.cpu_ms}",
    )
    return "; ".join(parts)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", help="of: " + " ".join(MEETINGS))
    parser.add_argument("--scorer", default="auto", help="as in the settings: auto, lr-asd, both, lips, none, ...")
    parser.add_argument("--detector", default="yunet", help="of: " + " ".join(DETECTORS))
    parser.add_argument("--recogniser", default="sface", help="arcface-mbf is also the attacker's, which tells less")
    parser.add_argument("--others", action="store_true", help="enrol the other half of the people")
    parser.add_argument("--out", type=Path, help="folder for the report and some masked pictures")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    base = VisionSettings()
    settings = VisionSettings(
        speaker=base.speaker.model_copy(update={"scorer": options.scorer}),
        detect=DetectSettings(detector=options.detector),
        recognise=RecogniseSettings(recogniser=options.recogniser),
    )
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    reports = []
    for name in options.meetings or MEETINGS:
        meeting = load(name)
        enrolled = meeting.people[1::2] if options.others else meeting.registered()
        report = measure(meeting, Store(), settings, enrolled, options.out)
        reports.append(report)
        print(summary(report), flush=True)
        for line in report.where[:20]:
            print("   ", line)
    if options.out:
        (options.out / "faces.json").write_text(json.dumps([asdict(r) for r in reports], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
