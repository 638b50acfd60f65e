"""Finding and following faces from picture to picture, for live masking and for the offline scan.

Each of the two decides how it first searches a picture and what it does with the faces. This module does what both
need: complete a search, continue tracks, and tell which faces share a place and which are only shadows of better ones.
"""

from __future__ import annotations

from collections.abc import Set

from vision.detection.base import Detections, Image
from vision.detection.multiscale import FaceSearch
from vision.geometry import Floats, iou_matrix
from vision.settings import SAME_PLACE, VisionSettings
from vision.tracking.settings import CUT_WIDTH
from vision.tracking.shot_change import ShotChangeDetector
from vision.tracking.sort import ActiveTrack, Match, Sort


class FrameAnalyser:
    """The search, the shot-change detector and the tracks of one recording. Feed it pictures in order of time.

    Attributes:
        search: the ways to search a picture.
        shot_change: the detector, with its findings on the last picture given to :meth:`cut`.
    """

    def __init__(
        self, search: FaceSearch, settings: VisionSettings, size: tuple[int, int], width: int = CUT_WIDTH
    ) -> None:
        """``size``: width and height of the pictures, px; ``width``: of the pictures in which shot changes are
        detected.
        """
        self.search = search
        self.shot_change = ShotChangeDetector(settings.track.cut, width)
        self._sort = Sort(size, settings.detect, settings.track)
        self._settings = settings

    @property
    def live(self) -> list[ActiveTrack]:
        """Tracks that are visible or still looked for."""
        return self._sort.live

    def predict(self, t: float) -> Floats:
        """Boxes ``[K, 4]`` px where :attr:`live` is expected at ``t`` (s)."""
        return self._sort.predict(t)

    def cut(self, t: float, picture: Image, scale: float = 1.0) -> set[int]:
        """Numbers of the tracks whose picture was replaced since the last call.

        ``picture`` may be reduced; then ``scale`` is the number of px of the full picture per px of it.
        """
        boxes = self._sort.predict(t)
        return self.shot_change(picture, [track.number for track in self._sort.live], boxes / scale)

    def end(self, numbers: Set[int]) -> None:
        """End these tracks: another face is in their place now."""
        self._sort.end(numbers)

    def in_shade(self, picture: Image, found: Detections) -> Detections:
        """``found`` plus faces in the shade and faces that lie on their side."""
        return Detections.join([found, self.search.faint(picture, found), self.search.turned(picture, found)])

    def expected(self, t: float, picture: Image, found: Detections) -> Detections:
        """``found`` plus a second look where a face is expected at ``t`` but none was found with certainty."""
        expected = self._sort.predict(t)
        if not len(expected):
            return found
        strong = found.take(found.scores >= self._settings.detect.tentative)
        unseen = iou_matrix(expected, strong.boxes).max(axis=1, initial=0.0) < SAME_PLACE
        return Detections.join([found, self.search.near(picture, expected[unseen])]) if unseen.any() else found

    def follow(self, t: float, found: Detections) -> list[Match]:
        """Match ``found`` with the tracks; return which tracks it continues or begins."""
        return self._sort.update(found, t)


def same_place(one: Floats, two: Floats) -> bool:
    """Whether boxes ``[4]`` are in the same place: after a cut, the person in ``two`` may be the one in ``one``."""
    return float(iou_matrix(one[None], two[None])[0, 0]) > SAME_PLACE
