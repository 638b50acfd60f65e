"""Analysing one live picture: where its faces are, which tracks they continue, and who they are."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from vision.detection.base import Detections, Detector, Image
from vision.detection.multiscale import FaceSearch, shrunk, tile_starts, without_parts
from vision.detection.settings import FAINT_EVERY
from vision.frame_analyser import FrameAnalyser, same_place
from vision.geometry import Floats, iou_matrix
from vision.live.identity import Identity
from vision.live.messages import SMALL, FaceObservation, Frame, FrameResult
from vision.live.settings import LiveMaskingSettings
from vision.masking.synthetic_face import draw_synthetic_face
from vision.recognition.base import FaceRecogniser
from vision.recognition.identification import EnrolledFaces
from vision.settings import FIRM_SCORE, FIRM_SIGHTINGS, VisionSettings
from vision.tracking.sort import ActiveTrack, Match
from vision.tracking.template_match import TemplateMatcher

PART = (704, 424)
"""Width and height in px of the parts that are searched at full size, one at a time."""
OVERLAP = 64


class BlindError(RuntimeError):
    """The detector finds nothing, not even in a picture in which it found faces before."""


@dataclass(frozen=True, slots=True)
class LiveModels:
    """The models of an analysis: the detector and, if anybody is to be recognised, the recogniser."""

    detector: Detector
    recogniser: FaceRecogniser | None


class LiveAnalyser:
    """The job of the live masker's worker. Keeps the tracks; memory is bounded by the faces on screen."""

    def __init__(
        self,
        models: LiveModels,
        known: EnrolledFaces,
        settings: VisionSettings,
        live: LiveMaskingSettings,
        size: tuple[int, int],
        numbers: Iterator[int],
    ) -> None:
        """``numbers`` yields numbers for tracks and epochs that no other analyser uses."""
        detector = models.detector
        self._detector, self._recogniser, self._known = detector, models.recogniser, known
        self._settings, self._live, self._numbers = settings, live, numbers
        self._analyser = FrameAnalyser(FaceSearch(detector, settings.detect), settings, size, SMALL)
        self._still = TemplateMatcher()
        self._last = self._checked = float("-inf")
        self._count = 0
        self._proof: tuple[float, Image] | None = None
        self._who: dict[int, Identity] = {}
        self._ids: dict[int, int] = {}

    def warm(self, size: tuple[int, int]) -> None:
        """Run the models once, so that they are ready. ``size``: width and height of the pictures, px.

        Raises:
            BlindError: the detector does not even find a drawn face.
        """
        blank = np.zeros((size[1], size[0], 3), np.uint8)
        self._overview(blank, 0.0)
        list(self._parts(blank))
        self._analyser.search.near(blank, np.array([[size[0] / 2, size[1] / 2, 40, 50]], np.float32))
        if self._recogniser is not None:
            points = np.array([[[40, 52], [73, 52], [56, 72], [42, 92], [71, 92]]], np.float32)
            self._recogniser(blank, Detections(np.zeros((1, 4), np.float32), points, np.ones(1, np.float32)))
        self._proof = (float("-inf"), draw_synthetic_face())
        self._count = 0
        self._check()

    def __call__(self, frame: Frame) -> FrameResult:
        """Analyse a picture. Raises whatever the models raise, and BlindError if the detector has stopped finding
        anything.
        """
        start = time.perf_counter()
        t, picture = frame.t, frame.picture
        cut = self._cut(frame)
        stood = [(self._who[n], box) for n, box in self._places(t) if n in cut and n in self._who]
        self._analyser.end(cut)
        found = self._find(t, picture)
        small = frame.small[-1][1] if frame.small else picture
        found, held = self._hold(t, picture.shape[1] / small.shape[1], small, found)
        matches = self._analyser.follow(t, found)
        faces = self._faces(t, picture, found, held, matches, stood)
        self._still.keep(
            small,
            picture.shape[1] / small.shape[1],
            {m.track.number: found.boxes[m.index] for m in matches if not held[m.index] and not m.crossing},
            {track.number for track in self._analyser.live},
        )
        return FrameResult(t, faces, time.perf_counter() - start)

    def _places(self, t: float) -> list[tuple[int, Floats]]:
        return list(zip([track.number for track in self._analyser.live], self._analyser.predict(t), strict=True))

    def _cut(self, frame: Frame) -> set[int]:
        """Tracks whose picture was cut since the last analysis."""
        cut: set[int] = set()
        for t, small in frame.small:
            if t > self._last:
                cut |= self._analyser.cut(t, small, frame.picture.shape[1] / small.shape[1])
                self._last = t
        return cut

    def _find(self, t: float, picture: Image) -> Detections:
        found = self._overview(picture, t)
        self._count += 1
        if (self._count - 1) % self._live.parts_every == 0:
            found = Detections.join([found, *self._parts(picture)])
        if self._count % FAINT_EVERY == 1:
            found = self._analyser.in_shade(picture, found)
        return self._analyser.expected(t, picture, found)

    def _overview(self, picture: Image, t: float) -> Detections:
        detect = self._settings.detect
        small, scale = shrunk(picture, detect.width)
        found = self._detector(small, detect.keep)
        if (found.scores >= detect.birth).any():
            if self._proof is None or t - self._proof[0] >= 1.0:
                self._proof = (t, small if small is not picture else picture.copy())
        elif self._expected() or t - self._checked >= 1.0:
            self._checked = t
            self._check()
        return found.moved(scale)

    def _check(self) -> None:
        """Check that the detector still finds a face in a picture that certainly has one."""
        if self._proof is not None and not len(self._detector(self._proof[1], self._settings.detect.tentative)):
            raise BlindError("the detector finds nothing any more")

    def _expected(self) -> bool:
        """Whether a face that was certain should be in the picture."""
        return any(_is_lasting_face(track) for track in self._analyser.live)

    def _parts(self, picture: Image) -> list[Detections]:
        """Search a quarter of the overview's width, for huge faces, and one part at full size, for small ones."""
        detect = self._settings.detect
        tiny, scale = shrunk(picture, detect.width // 4)
        huge = self._detector(tiny, detect.tentative).moved(scale)
        height, width = picture.shape[:2]
        if width <= detect.width:
            return [huge]
        places = [(x, y) for y in tile_starts(height, PART[1], OVERLAP) for x in tile_starts(width, PART[0], OVERLAP)]
        left, top = places[(self._count // self._live.parts_every) % len(places)]
        part = picture[top : top + PART[1], left : left + PART[0]]
        found = self._detector(part, detect.tentative).moved(1.0, left, top)
        return [huge, without_parts(found, huge)]

    def _hold(self, t: float, scale: float, small: Image, found: Detections) -> tuple[Detections, list[bool]]:
        """Add the places where undetected firm tracks still show the same picture, and mark these as held."""
        held = [False] * len(found)
        extra = []
        for track, box in zip(self._analyser.live, self._analyser.predict(t), strict=True):
            if not _is_lasting_face(track):
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
        alive = {track.number for track in self._analyser.live}
        for gone in [n for n in self._who if n not in alive]:
            del self._who[gone], self._ids[gone]
        for match in matches:
            number = match.track.number
            identity = self._who.get(number)
            if identity is None:
                identity = self._who[number] = Identity(
                    self._known, self._settings.recognise, self._live, lambda: next(self._numbers)
                )
                self._ids[number] = next(self._numbers)
                for other, box in stood:
                    if same_place(box, found.boxes[match.index]):
                        identity.follow(other)
            if not held[match.index]:
                identity.record_sighting(t, match.crossing)
        told, rows = self._recognise(t, picture, found, held, matches)
        return tuple(self._seen(match, found.boxes[match.index], held[match.index], told, rows) for match in matches)

    def _seen(
        self,
        match: Match,
        box: Floats,
        held: bool,
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
            match.crossing,
            None if held else identity.person,
            identity.since,
            told.get(number),
            identity.similarity,
            rows.get(number),
            identity.reason,
        )

    def _is_face(self, track: ActiveTrack) -> bool:
        """Whether it is more than a weak detection or the shadow of a better one beside it."""
        return track.best >= self._settings.detect.birth or (track.hits >= 2 and not track.shadow)

    def _recognise(
        self, t: float, picture: Image, found: Detections, held: list[bool], matches: list[Match]
    ) -> tuple[dict[int, bool | None], dict[int, Floats]]:
        """What this picture's crops say about each track, and the crops' embeddings weighted by their quality."""
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


def _is_lasting_face(track: ActiveTrack) -> bool:
    """Whether this is a face that does not simply disappear."""
    return track.hits >= FIRM_SIGHTINGS and track.best >= FIRM_SCORE
