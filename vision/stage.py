"""The face stage: one pass over the pictures, and who is where, shown or masked, and speaking, comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from timeline import Audio, FaceTrack, Progress, silent
from vision.boxes import Floats, cut_back, iou_matrix, shared
from vision.contest import contest
from vision.crops import CropLine
from vision.cuts import CutWatch
from vision.detect import Detections, Image
from vision.finish import finish
from vision.identity import FaceGallery, Known
from vision.models import ModelStore, calibrated, make_detector, make_recogniser, make_scorer
from vision.recognise import Recogniser
from vision.record import Record
from vision.search import FaceSearch
from vision.settings import VisionSettings
from vision.sort import Match, Sort
from vision.speaker import SpeakerScorer
from vision.speaking import SpeakingScores


class FaceStage:
    """Finds, follows, recognises and listens to faces.

    Memory does not grow with the recording apart from boxes and embeddings (some MB an hour and face).
    """

    def __init__(
        self,
        search: FaceSearch,
        recogniser: Recogniser,
        scorer: SpeakerScorer | None,
        settings: VisionSettings,
        gallery: FaceGallery | None = None,
        consent: Mapping[str, bool] | None = None,
    ) -> None:
        """``gallery``: whom we know.

        ``consent``: enrolled id -> has agreed to be seen (absent is no); no ``scorer``: no speaking scores.
        """
        self._search, self._recogniser, self._scorer, self._settings = search, recogniser, scorer, settings
        self._known = Known.of(gallery)
        self._consent = dict(consent or {})

    @classmethod
    def from_store(
        cls, store: ModelStore, settings: VisionSettings, gallery: FaceGallery | None, consent: Mapping[str, bool]
    ) -> FaceStage:
        """The stage with the models that ``settings`` name. Raises ModelError when one is not in the store."""
        settings = calibrated(store, settings)
        search = FaceSearch(make_detector(store, settings.detect.detector), settings.detect)
        recogniser = make_recogniser(store, settings.recognise.recogniser)
        return cls(
            search,
            recogniser,
            make_scorer(store, settings.speaker.scorer, settings.speaker.lips),
            settings,
            gallery,
            consent,
        )

    @property
    def models(self) -> list[str]:
        """Ids of the models in use."""
        scorer = [self._scorer.id] if self._scorer is not None else []
        return [self._settings.detect.detector, self._recogniser.id, *scorer]

    def run(
        self,
        frames: Iterable[tuple[float, Image]],
        size: tuple[int, int],
        fps: float,
        audio: Audio | None = None,
        progress: Progress = silent,
    ) -> list[FaceTrack]:
        """One pass.

        Args:
            frames: ``(t, picture)``: seconds, strictly increasing, and BGR ``[H, W, 3]``.
            size: width and height of the pictures, px.
            fps: average frames per second, for the progress only.
            audio: the sound, mono 16 kHz, on the same clock; without it nobody is scored as speaking.
            progress: told the share done, if ``audio`` tells the length.

        Returns:
            Tracks in order of their first sighting. Where the detector failed there is one that covers the whole
            picture.
        """
        run = _Pass(self, size, audio)
        length = audio.duration if audio is not None else 0.0
        for count, (t, picture) in enumerate(frames):
            run.take(t, picture)
            if length and count % 25 == 0:
                progress(min(1.0, t / length))
        run.end()
        times = np.asarray(run.times, np.float64)
        tracks = finish(run.records, times, self._known, self._consent, self._settings)
        tracks = contest(tracks, self._settings.speaker)
        tracks.extend(_blind(run.blind, size, len(tracks), 1.0 / fps if fps > 0 else 0.04))
        progress(1.0)
        return tracks


def _blind(times: list[float], size: tuple[int, int], count: int, period: float) -> list[FaceTrack]:
    """Tracks over the whole picture for the frames ``times`` in which nobody could look."""
    if not times:
        return []
    rows = np.asarray(times, np.float64)
    out: list[FaceTrack] = []
    for part in np.split(rows, np.flatnonzero(np.diff(rows) > 2.5 * period) + 1):
        boxes = np.tile(np.array([0, 0, *size], np.float32), (len(part), 1))
        reason = "the detector failed: the whole picture is masked"
        out.append(
            FaceTrack(f"t{count + len(out) + 1}", part, boxes, shown=np.zeros(len(part), np.bool_), reason=reason)
        )
    return out


class _Pass:
    """The state of one run."""

    def __init__(self, stage: FaceStage, size: tuple[int, int], audio: Audio | None) -> None:
        s = stage._settings
        self._search, self._recogniser, self._settings = stage._search, stage._recogniser, s
        self._known = stage._known
        self._sort = Sort(size, s.detect, s.track)
        self._cuts = CutWatch(s.track.cut)
        self._open: dict[int, Record] = {}
        self._speaking = SpeakingScores(stage._scorer, audio, s.speaker) if stage._scorer and audio else None
        self._crops = CropLine(size)
        self._looked = self._thorough = float("-inf")
        self._waiting: list[float] = []
        self._last: tuple[float, Image] | None = None
        self.times: list[float] = []
        self.records: list[Record] = []
        self.blind: list[float] = []

    def take(self, t: float, picture: Image) -> None:
        """The next frame."""
        if self.times and t <= self.times[-1]:
            raise ValueError(f"frame at {t} s after one at {self.times[-1]} s")
        self.times.append(t)
        self._waiting.append(t)
        self._last = (t, picture)
        if self._speaking is not None:
            self._crops.push(t, picture)
        live = [track.number for track in self._sort.live]
        cut = self._cuts(picture, live, self._sort.predict(t))
        due = t - self._looked >= self._settings.detect.every - 1e-3
        if cut or due or self._cuts.changed:
            self._look(t, picture, cut)

    def end(self) -> None:
        """No more frames."""
        if self._last is not None and self._waiting:
            self._look(*self._last, set())
        for number in list(self._open):
            self._close(number)

    def _look(self, t: float, picture: Image, cut: set[int]) -> None:
        self._looked = t
        try:
            matches, found = self._find(t, picture, cut)
            self._recognise(t, picture, matches, found)
        except Exception:  # whatever it was: nobody has looked at these frames
            self.blind.extend(self._waiting)
            self._looked = float("-inf")  # look again at the next frame
            self._waiting = []
            return
        self._waiting = []
        if self._speaking is not None:
            for match in matches:
                if match.track.best < self._settings.detect.birth:
                    continue  # most likely no face; not worth the cost
                number = match.track.number
                self._crops.see(number, t, found.boxes[match.index])
                self._speaking.add(number, self._crops.crops(number))

    def _find(self, t: float, picture: Image, cut: set[int]) -> tuple[list[Match], Detections]:
        thorough = t - self._thorough >= self._settings.detect.thorough_every - 1e-3 or len(cut) > 1
        if thorough:
            self._thorough = t
        found = self._search.thorough(picture) if thorough else self._search.overview(picture)
        expected = self._sort.predict(t)
        if len(expected):
            strong = found.take(found.scores >= self._settings.detect.tentative)
            unseen = iou_matrix(expected, strong.boxes).max(axis=1, initial=0.0) < 0.3
            if unseen.any():
                found = Detections.join([found, self._search.near(picture, expected[unseen])])
        ended = self._end_cut(cut, t)
        matches = self._sort.update(found, t)
        better = (shared(found.boxes, found.boxes) >= 0.1) & (found.scores[None, :] >= found.scores[:, None] + 0.25)
        for match in matches:
            number = match.track.number
            record = self._open.get(number)
            shadow = better[match.index]
            box = _beside(found.boxes[match.index], found.boxes[shadow])
            if record is None:
                before = _stood(ended, box)
                record = self._open[number] = Record(number, after_cut=before.number if before else None)
                record.likely = before is not None and before.likely
            record.see(t, box, float(found.scores[match.index]), match.crossing, bool(shadow.any()))
        alive = {track.number for track in self._sort.live}
        for number in [n for n in self._open if n not in alive]:
            self._close(number)
        return matches, found

    def _end_cut(self, cut: set[int], t: float) -> list[Record]:
        """End the tracks that were cut; what was there is kept for one look."""
        ended = []
        for number in cut:
            record = self._open.get(number)
            if record is not None:
                record.cut = True
                ended.append(record)
        self._sort.end(cut)
        return ended

    def _recognise(self, t: float, picture: Image, matches: list[Match], found: Detections) -> None:
        settings = self._settings.recognise
        due = []
        for match in matches:
            record = self._open[match.track.number]
            if match.crossing:  # who is who is open until both are apart again, and only every single crop can tell
                record.good = record.tries = 0
            fresh = record.good < settings.agree and record.tries < 2 * settings.agree
            late = not record.crop_times or t - record.crop_times[-1] >= settings.every - 1e-3
            if match.crossing and not record.likely:
                continue  # it is masked in any case
            if fresh or late:
                due.append(match)
        if not due:
            return
        embeddings, quality = self._recogniser(picture, found.take([match.index for match in due]))
        for match, embedding, good in zip(due, embeddings, quality, strict=True):
            record = self._open[match.track.number]
            record.recognise(t, embedding, float(good))
            record.tries += 1
            if good >= settings.quality:
                record.good += 1
                record.likely = bool((self._known.similarity(embedding[None]) >= settings.crop).any())

    def _close(self, number: int) -> None:
        record = self._open.pop(number)
        if self._speaking is not None:
            self._speaking.add(number, self._crops.crops(number, final=True))
            record.speaking_times, record.speaking = self._speaking.finish(number)
        self.records.append(record)


def _beside(box: Floats, better: Floats) -> Floats:
    """``box`` without what much better detections ``better`` ``[S, 4]`` cover of its sides.

    A half face at .4 beside one at .9 is mostly that one's ear. A box whose middle is covered is kept whole: that may
    be somebody in front.
    """
    rest = cut_back(box, np.array([*(box[:2] + box[2:] / 2), 0, 0], np.float32), better)
    clear = rest[2] * rest[3] >= 0.5 * box[2] * box[3] and not (shared(rest[None], better) > 1e-3).any()
    return rest if clear else box.copy()


def _stood(ended: list[Record], box: Floats) -> Record | None:
    """The track that was cut off where ``box`` is now."""
    for record in ended:
        if float(iou_matrix(record.boxes[-1][None], box[None])[0, 0]) > 0.3:
            return record
    return None
