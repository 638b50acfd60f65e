"""One pass over the pictures: searches, tracks, crops to recognise and crops to score. Nothing is decided yet.

Three things run at once, none of which affects what another finds: this thread detects and tracks, one recognises the
crops of the last search, and one scores who speaks. The decoder has its own process. Each processes its work in order,
and recognition results are awaited at a fixed point of the next search, so two runs give bit-identical results.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType

import numpy as np

from timeline import Audio, failure, log_error
from vision.active_speaker.base import SpeakerScorer
from vision.active_speaker.face_crops import FaceCropper
from vision.active_speaker.stream import SpeakingScores
from vision.active_speaker.synchrony import LipSynchrony
from vision.detection.base import Detections, Image
from vision.detection.multiscale import FaceSearch
from vision.detection.settings import FAINT_EVERY
from vision.frame_analyser import FrameAnalyser, same_place
from vision.geometry import Floats, cut_back, shared
from vision.recognition.alignment import UprightRecogniser
from vision.recognition.base import FaceRecogniser
from vision.recognition.identification import EnrolledFaces
from vision.serial_executor import SerialExecutor
from vision.settings import VisionSettings
from vision.tracking.sort import Match, shadowed
from vision.tracking.tracklet import Tracklet

WAITING = 256
"""Calls that may wait for the scoring thread, each some 40 KB of crops of one face between two searches. Scoring a
window takes as long as many searches, which would have to wait if the queue were short.
"""


@dataclass(slots=True)
class ScanResult:
    """What a pass has seen.

    Attributes:
        size: width and height of the frames, px.
        fps: average frames per second.
        records: of faces, in the order in which they ended.
        times: of all frames, s.
        blind: time (s) of each frame that could not be analysed -> why.
    """

    size: tuple[int, int]
    fps: float
    records: list[Tracklet] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    blind: dict[float, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Pending:
    """Crops that are being recognised: their records, their time, and the frames that depend on them."""

    t: float
    records: list[Tracklet]
    result: Future[tuple[Floats, Floats, Floats]]
    waiting: list[float]


@dataclass(frozen=True, slots=True)
class FaceModels:
    """The models of a pass: the face search, the recogniser, and the speaking scorer, if there is one."""

    search: FaceSearch
    recogniser: FaceRecogniser
    scorer: SpeakerScorer | None


def _recognise(recogniser: FaceRecogniser, picture: Image, faces: Detections) -> tuple[Floats, Floats, Floats]:
    """Embeddings and quality of ``faces``, as from a recogniser, and their landmarks from where it looked."""
    if isinstance(recogniser, UprightRecogniser):
        return _recognise(recogniser.plain, picture, recogniser.upright(picture, faces))
    return *recogniser(picture, faces), faces.landmarks


class FaceScan:
    """The state of one pass; a context manager, because it has threads."""

    def __init__(
        self,
        models: FaceModels,
        known: EnrolledFaces,
        settings: VisionSettings,
        size: tuple[int, int],
        fps: float,
        audio: Audio | None,
    ) -> None:
        scorer = models.scorer
        self._recogniser, self._known, self._settings = models.recogniser, known, settings
        self._analyser = FrameAnalyser(models.search, settings, size)
        self._open: dict[int, Tracklet] = {}
        self._speaking: SpeakingScores | None = None
        if scorer is not None and audio is not None:
            self._speaking = SpeakingScores(scorer, audio, settings.speaker, LipSynchrony())
        self._crops = FaceCropper(size)
        self._looked = self._thorough = float("-inf")
        self._looks = 0
        self._waiting: list[float] = []
        self._last: tuple[float, Image] | None = None
        self._pending: _Pending | None = None
        self._scoring = SerialExecutor("speaking", WAITING)
        self._recognising = ThreadPoolExecutor(1, thread_name_prefix="recognise")
        self.seen = ScanResult(size, fps)

    def __enter__(self) -> FaceScan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._recognising.shutdown(wait=True, cancel_futures=True)
        self._scoring.__exit__(kind, error, trace)

    def take(self, t: float, picture: Image) -> None:
        """Take the next frame: seconds, and BGR ``[H, W, 3]``. Raises ValueError if it is not after the last."""
        times = self.seen.times
        if times and t <= times[-1]:
            raise ValueError(f"frame at {t} s after one at {times[-1]} s")
        times.append(t)
        if self._speaking is not None:
            self._crops.push(t, picture)
        cut = self._analyser.cut(t, picture)
        if cut and self._last is not None and self._waiting:  # the last view of what was there
            self._analyse(*self._last, set())
        self._waiting.append(t)
        self._last = (t, picture)
        due = t - self._looked >= self._settings.detect.every - 1e-3
        if cut or due or self._analyser.shot_change.changed:
            self._analyse(t, picture, cut)

    def end(self) -> None:
        """Finish: there are no more frames."""
        if self._last is not None and self._waiting:
            self._analyse(*self._last, set())
        self._recognised()
        for number in list(self._open):
            self._close(number)
        self._scoring.finish()

    def _analyse(self, t: float, picture: Image, cut: set[int]) -> None:
        self._looked = t
        waiting, self._waiting = self._waiting, []
        try:
            found = self._find(t, picture, thorough=len(cut) > 1)
            self._recognised()
            matches = self._follow(t, found, cut)
            self._recognise(t, picture, matches, found, waiting)
        except Exception as error:  # whatever it was: these frames were not analysed
            log_error("frames were not analysed", error)
            self._note_unsearched(waiting, failure("the face detector", error))
            return
        if self._speaking is not None:
            for match in matches:
                if match.track.best < self._settings.detect.birth:
                    continue  # probably no face; not worth the cost
                number = match.track.number
                self._crops.see(number, t, found.boxes[match.index])
                self._score(number)

    def _note_unsearched(self, waiting: list[float], reason: str) -> None:
        self.seen.blind.update(dict.fromkeys(waiting, reason))
        self._looked = float("-inf")  # look again at the next frame

    def _find(self, t: float, picture: Image, thorough: bool) -> Detections:
        thorough = thorough or t - self._thorough >= self._settings.detect.thorough_every - 1e-3
        if thorough:
            self._thorough = t
        search = self._analyser.search
        found = search.thorough(picture) if thorough else search.overview(picture)
        self._looks += 1
        if thorough or self._looks % FAINT_EVERY == 0:
            found = self._analyser.in_shade(picture, found)
        if thorough:
            found = Detections.join([found, search.faint_small(picture, found)])
        return self._analyser.expected(t, picture, found)

    def _follow(self, t: float, found: Detections, cut: set[int]) -> list[Match]:
        """Match ``found`` with the tracks and write it into the records."""
        ended = self._end_cut(cut)
        matches = self._analyser.follow(t, found)
        better = shadowed(found)
        for match in matches:
            number = match.track.number
            record = self._open.get(number)
            shadow = better[match.index]
            box = _without_better_boxes(found.boxes[match.index], found.boxes[shadow])
            if record is None:
                before = _track_cut_off_at(ended, box)
                record = self._open[number] = Tracklet(number, after_cut=before.number if before else None)
                record.likely = before.likely if before else None
            record.see(t, box, float(found.scores[match.index]), match.crossing, bool(shadow.any()))
        alive = {track.number for track in self._analyser.live}
        for number in [n for n in self._open if n not in alive]:
            self._close(number)
        return matches

    def _end_cut(self, cut: set[int]) -> list[Tracklet]:
        """End the tracks that were cut; return their records for one search."""
        ended = []
        for number in cut:
            record = self._open.get(number)
            if record is not None:
                record.cut = True
                ended.append(record)
        self._analyser.end(cut)
        return ended

    def _recognise(
        self, t: float, picture: Image, matches: list[Match], found: Detections, waiting: list[float]
    ) -> None:
        """Start recognising the crops that are due; :meth:`_recognised` takes in the results."""
        settings = self._settings.recognise
        due = []
        for match in matches:
            record = self._open[match.track.number]
            # who is who is open until both are apart, and only every crop can tell
            if match.crossing and record.likely:
                record.good = record.tries = 0
            fresh = record.good < settings.agree and record.tries < 2 * settings.agree
            late = not record.crop_times or t - record.crop_times[-1] >= settings.every - 1e-3
            if match.crossing and record.likely is False:
                continue  # it is masked anyway
            if fresh or late:
                due.append(match)
        if not due:
            return
        faces = found.take([match.index for match in due])
        result = self._recognising.submit(_recognise, self._recogniser, picture, faces)
        self._pending = _Pending(t, [self._open[match.track.number] for match in due], result, waiting)

    def _recognised(self) -> None:
        """Take in the crops of the last search."""
        pending, self._pending = self._pending, None
        if pending is None:
            return
        settings = self._settings.recognise
        try:
            embeddings, quality, landmarks = pending.result.result()
        except Exception as error:  # whatever it was: these frames were not analysed
            log_error("crops were not recognised", error)
            self._note_unsearched(pending.waiting, failure("the face recogniser", error))
            return
        for record, embedding, good, points in zip(pending.records, embeddings, quality, landmarks, strict=True):
            self._crops.align(record.number, pending.t, points)
            record.recognise(pending.t, embedding, float(good))
            record.tries += 1
            if good >= settings.quality:
                record.good += 1
                record.likely = bool((self._known.similarity(embedding[None]) >= settings.crop).any())

    def _score(self, number: int, final: bool = False) -> None:
        """Pass the crops that can be cut by now to the scoring thread."""
        speaking = self._speaking
        crops = list(self._crops.crops(number, final=final))
        if speaking is not None and crops:
            self._scoring.do(lambda: speaking.add(number, crops))

    def _close(self, number: int) -> None:
        record = self._open.pop(number)
        self.seen.records.append(record)
        if self._speaking is not None:
            self._score(number, final=True)
            self._scoring.do(_finisher(self._speaking, number, record))


def _finisher(speaking: SpeakingScores, number: int, record: Tracklet) -> Callable[[], None]:
    def finish() -> None:
        record.speaking_times, record.speaking, record.synchrony = speaking.finish(number)

    return finish


def _without_better_boxes(box: Floats, better: Floats) -> Floats:
    """``box`` without what much better detections ``better`` ``[S, 4]`` cover of its sides.

    A half face at .4 beside one at .9 is mostly that one's ear. A box whose middle is covered is kept whole: it may be
    somebody in front.
    """
    rest = cut_back(box, np.array([*(box[:2] + box[2:] / 2), 0, 0], np.float32), better)
    clear = rest[2] * rest[3] >= 0.5 * box[2] * box[3] and not (shared(rest[None], better) > 1e-3).any()
    return rest if clear else box.copy()


def _track_cut_off_at(ended: list[Tracklet], box: Floats) -> Tracklet | None:
    """The track that was cut off where ``box`` is now, or None."""
    for record in ended:
        if same_place(record.boxes[-1], box):
            return record
    return None
