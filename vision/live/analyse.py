"""One look at one picture: where its faces are, which tracks they continue, and who they are."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from vision.detection.base import Detections, Detector, Image
from vision.detection.low_light import FAINT
from vision.detection.multiscale import FaceSearch, _no_parts, _shrunk, _starts
from vision.geometry import Floats, iou_matrix, shared
from vision.live.identity import Identity
from vision.live.messages import SMALL, FaceObservation, Frame, FrameResult
from vision.live.settings import LiveMaskingSettings
from vision.masking.synthetic_face import draw_synthetic_face
from vision.recognition.base import FaceRecogniser
from vision.recognition.decision import EnrolledFaces
from vision.settings import VisionSettings
from vision.tracking.shot_change import ShotChangeDetector
from vision.tracking.sort import ActiveTrack, Match, Sort
from vision.tracking.template_match import TemplateMatcher

PART = (704, 424)
"""Width and height in px of the parts that are searched at full size, one at a time."""
OVERLAP = 64
FIRM = 5
SURE = 0.7
"""Sightings, one of at least this score, after which a face does not just go away."""


class BlindError(RuntimeError):
    """The detector finds nothing, not even in a picture in which it has found faces before."""


class FrameAnalyser:
    """The job of the live masker's worker. Keeps the tracks; memory is bounded by the faces on screen."""

    def __init__(
        self,
        detector: Detector,
        recogniser: FaceRecogniser | None,
        known: EnrolledFaces,
        settings: VisionSettings,
        live: LiveMaskingSettings,
        size: tuple[int, int],
        numbers: Iterator[int],
    ) -> None:
        """``numbers`` gives numbers for tracks and epochs that no other looker has given."""
        self._detector, self._recogniser, self._known = detector, recogniser, known
        self._settings, self._live, self._numbers = settings, live, numbers
        self._search = FaceSearch(detector, settings.detect)
        self._sort = Sort(size, settings.detect, settings.track)
        self._cuts = ShotChangeDetector(settings.track.cut, SMALL)
        self._still = TemplateMatcher()
        self._last = self._checked = float("-inf")
        self._count = 0
        self._proof: tuple[float, Image] | None = None
        self._who: dict[int, Identity] = {}
        self._ids: dict[int, int] = {}
        self._shadows: dict[int, tuple[int, int]] = {}

    def warm(self, size: tuple[int, int]) -> None:
        """Have the models build what they build on first use. ``size``: width and height of the pictures, px.

        Raises:
            BlindError: the detector does not even find a drawn face.
        """
        blank = np.zeros((size[1], size[0], 3), np.uint8)
        self._overview(blank, 0.0)
        list(self._parts(blank))
        self._search.near(blank, np.array([[size[0] / 2, size[1] / 2, 40, 50]], np.float32))
        if self._recogniser is not None:
            points = np.array([[[40, 52], [73, 52], [56, 72], [42, 92], [71, 92]]], np.float32)
            self._recogniser(blank, Detections(np.zeros((1, 4), np.float32), points, np.ones(1, np.float32)))
        self._proof = (float("-inf"), draw_synthetic_face())
        self._count = 0
        self._check()

    def __call__(self, frame: Frame) -> FrameResult:
        """Look. Raises whatever the models raise, and BlindError when the detector sees nothing any more."""
        start = time.perf_counter()
        t, picture = frame.t, frame.picture
        cut = self._cut(frame)
        stood = [(self._who[n], box) for n, box in self._places(t) if n in cut and n in self._who]
        self._sort.end(cut)
        found = self._find(t, picture)
        small = frame.small[-1][1] if frame.small else picture
        found, held = self._hold(t, picture.shape[1] / small.shape[1], small, found)
        matches = self._sort.update(found, t)
        faces = self._faces(t, picture, found, held, matches, stood)
        self._still.keep(
            small,
            picture.shape[1] / small.shape[1],
            {m.track.number: found.boxes[m.index] for m in matches if not held[m.index] and not m.crossing},
            {track.number for track in self._sort.live},
        )
        return FrameResult(t, faces, time.perf_counter() - start)

    def _places(self, t: float) -> list[tuple[int, Floats]]:
        return list(zip([track.number for track in self._sort.live], self._sort.predict(t), strict=True))

    def _cut(self, frame: Frame) -> set[int]:
        """Tracks whose picture was cut since the last look."""
        cut: set[int] = set()
        numbers = [track.number for track in self._sort.live]
        for t, small in frame.small:
            if t > self._last:
                scale = np.float32(frame.picture.shape[1] / small.shape[1])
                cut |= self._cuts(small, numbers, self._sort.predict(t) / scale)
                self._last = t
        return cut

    def _find(self, t: float, picture: Image) -> Detections:
        found = self._overview(picture, t)
        self._count += 1
        if (self._count - 1) % self._live.parts_every == 0:
            found = Detections.join([found, *self._parts(picture)])
        if self._count % FAINT == 1:
            found = Detections.join([found, self._search.faint(picture, found), self._search.turned(picture, found)])
        expected = self._sort.predict(t)
        if len(expected):
            strong = found.take(found.scores >= self._settings.detect.tentative)
            unseen = iou_matrix(expected, strong.boxes).max(axis=1, initial=0.0) < 0.3
            if unseen.any():
                found = Detections.join([found, self._search.near(picture, expected[unseen])])
        return found

    def _overview(self, picture: Image, t: float) -> Detections:
        detect = self._settings.detect
        small, scale = _shrunk(picture, detect.width)
        found = self._detector(small, detect.keep)
        if (found.scores >= detect.birth).any():
            if self._proof is None or t - self._proof[0] >= 1.0:
                self._proof = (t, small if small is not picture else picture.copy())
        elif self._expected() or t - self._checked >= 1.0:
            self._checked = t
            self._check()
        return found.moved(scale)

    def _check(self) -> None:
        """See whether the detector still finds a face where there is one for certain."""
        if self._proof is not None and not len(self._detector(self._proof[1], self._settings.detect.tentative)):
            raise BlindError("the detector finds nothing any more")

    def _expected(self) -> bool:
        """Whether a face that was certain ought to be in the picture."""
        return any(track.hits >= FIRM and track.best >= SURE for track in self._sort.live)

    def _parts(self, picture: Image) -> list[Detections]:
        """A quarter of the picture's width, for faces that fill it, and one part of it at full size, for small ones."""
        detect = self._settings.detect
        tiny, scale = _shrunk(picture, detect.width // 4)
        huge = self._detector(tiny, detect.tentative).moved(scale)
        height, width = picture.shape[:2]
        if width <= detect.width:
            return [huge]
        places = [(x, y) for y in _starts(height, PART[1], OVERLAP) for x in _starts(width, PART[0], OVERLAP)]
        left, top = places[(self._count // self._live.parts_every) % len(places)]
        part = picture[top : top + PART[1], left : left + PART[0]]
        found = self._detector(part, detect.tentative).moved(1.0, left, top)
        return [huge, _no_parts(found, huge)]

    def _hold(self, t: float, scale: float, small: Image, found: Detections) -> tuple[Detections, list[bool]]:
        """``found`` and, for firm tracks that nobody detected, the place where the picture is still theirs."""
        held = [False] * len(found)
        extra = []
        for track, box in zip(self._sort.live, self._sort.predict(t), strict=True):
            if track.hits < FIRM or track.best < SURE:
                continue
            if len(found) and float(iou_matrix(box[None], found.boxes).max()) >= self._settings.track.iou:
                continue
            place = self._still.find(track.number, small, scale, box)
            if place is not None:
                extra.append(place)
        if not extra:
            return found, held
        boxes = np.stack(extra).astype(np.float32)
        points = np.repeat(boxes[:, None, :2] + boxes[:, None, 2:] / 2, 5, axis=1)
        scores = np.full(len(boxes), 0.9 * self._settings.detect.tentative, np.float32)  # begins no track
        every = Detections(
            np.concatenate([found.boxes, boxes]),
            np.concatenate([found.landmarks, points]),
            np.concatenate([found.scores, scores]),
        )
        return every, held + [True] * len(extra)

    def _faces(
        self,
        t: float,
        picture: Image,
        found: Detections,
        held: list[bool],
        matches: list[Match],
        stood: list[tuple[Identity, Floats]],
    ) -> tuple[FaceObservation, ...]:
        better = (shared(found.boxes, found.boxes) >= 0.1) & (found.scores[None, :] >= found.scores[:, None] + 0.25)
        crossing = self._crossing(t, found, matches, better)
        alive = {track.number for track in self._sort.live}
        for gone in [n for n in self._who if n not in alive]:
            del self._who[gone], self._ids[gone], self._shadows[gone]
        for match in matches:
            number = match.track.number
            identity = self._who.get(number)
            if identity is None:
                identity = self._who[number] = Identity(
                    self._known, self._settings.recognise, self._live, lambda: next(self._numbers)
                )
                self._ids[number] = next(self._numbers)
                self._shadows[number] = (0, 0)
                for other, box in stood:
                    if float(iou_matrix(box[None], found.boxes[match.index][None])[0, 0]) > 0.3:
                        identity.follow(other)
            if not held[match.index]:
                identity.sighted(t, number in crossing)
            looks, shadows = self._shadows[number]
            self._shadows[number] = (looks + 1, shadows + bool(better[match.index].any()))
        told, rows = self._recognise(t, picture, found, held, matches)
        return tuple(
            self._seen(match, found.boxes[match.index], held[match.index], match.track.number in crossing, told, rows)
            for match in matches
        )

    def _crossing(self, t: float, found: Detections, matches: list[Match], better: npt.NDArray[np.bool_]) -> set[int]:
        """Tracks that share their place with another certain face, but for those of which it is a shadow."""
        out = set()
        birth, least = self._settings.detect.birth, self._settings.track.crossing
        share = shared(found.boxes, found.boxes)
        seen = {match.track.number for match in matches}
        lost = [
            box
            for track, box in zip(self._sort.live, self._sort.predict(t), strict=True)
            if track.number not in seen and track.hits > 1 and track.best >= birth and not self._shadow(track.number)
        ]
        for match in matches:
            others = [m.index for m in matches if m is not match and m.track.best >= birth]
            near = [i for i in others if share[match.index, i] >= least and not better[i, match.index]]
            gone = lost and float(shared(found.boxes[match.index][None], np.stack(lost)).max()) >= least
            if near or gone:
                out.add(match.track.number)
        return out

    def _seen(
        self,
        match: Match,
        box: Floats,
        held: bool,
        crossing: bool,
        told: Mapping[int, bool | None],
        rows: Mapping[int, Floats],
    ) -> FaceObservation:
        number = match.track.number
        identity = self._who[number]
        return FaceObservation(
            self._ids[number],
            identity.epoch,
            np.asarray(box, np.float32).copy(),
            self._is_face(match.track),
            held,
            crossing,
            None if held else identity.person,
            identity.since,
            told.get(number),
            identity.similarity,
            rows.get(number),
            identity.reason,
        )

    def _is_face(self, track: ActiveTrack) -> bool:
        """Whether it is more than a weak detection, or a shadow of a better one beside it."""
        looks, _ = self._shadows[track.number]
        return track.best >= self._settings.detect.birth or (looks >= 2 and not self._shadow(track.number))

    def _shadow(self, number: int) -> bool:
        """Whether it was mostly seen where a much better detection covers part of it: a chin, an ear, a half face."""
        looks, shadows = self._shadows.get(number, (0, 0))
        return looks > 0 and shadows >= 0.3 * looks

    def _recognise(
        self, t: float, picture: Image, found: Detections, held: list[bool], matches: list[Match]
    ) -> tuple[dict[int, bool | None], dict[int, Floats]]:
        """What the crops of this look say of each track, and the crops' embeddings weighted by their quality."""
        if self._recogniser is None:
            return {}, {}
        urgent = [(0.0 if held[m.index] else self._who[m.track.number].due(t), m) for m in matches]
        due = [m for value, m in sorted(urgent, key=lambda pair: -pair[0]) if value > 0][: self._live.crops]
        if not due:
            return {}, {}
        embeddings, quality = self._recogniser(picture, found.take([m.index for m in due]))
        told, rows = {}, {}
        for match, embedding, good in zip(due, embeddings, quality, strict=True):
            number = match.track.number
            told[number] = self._who[number].crop(t, embedding, float(good))
            if good >= self._settings.recognise.quality:
                rows[number] = np.asarray(embedding * np.float32(good), np.float32)
        return told, rows
