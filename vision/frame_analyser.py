"""Finds and follows faces in one picture after another, for live masking and for the offline scan.

Each of the two decides how it first searches a picture and what it does with the faces. Here is what both do: complete
a search, continue tracks, and tell which faces share a place and which is only the shadow of a better one.
"""

from __future__ import annotations

from collections.abc import Set

from vision.detection.base import Detections, Image
from vision.detection.multiscale import FaceSearch
from vision.geometry import Floats, iou_matrix
from vision.settings import SAME_PLACE, VisionSettings
from vision.tracking.shot_change import ShotChangeDetector
from vision.tracking.sort import ActiveTrack, Match, Sort


class FrameAnalyser:
    """The search, the shot changes and the tracks of one recording. Feed it pictures in order of time.

    Attributes:
        search: the ways to search a picture.
        shot_change: what it saw in the last picture that :meth:`cut` was given.
    """

    def __init__(self, search: FaceSearch, settings: VisionSettings, size: tuple[int, int], width: int = 480) -> None:
        """``size``: width and height of the pictures, px; ``width``: of those in which shot changes are sought."""
        self.search = search
        self.shot_change = ShotChangeDetector(settings.track.cut, width)
        self._sort = Sort(size, settings.detect, settings.track)
        self._settings = settings

    @property
    def live(self) -> list[ActiveTrack]:
        """Tracks that are seen or still looked for."""
        return self._sort.live

    def predict(self, t: float) -> Floats:
        """Boxes ``[K, 4]`` px of :attr:`live` expected at ``t`` (s)."""
        return self._sort.predict(t)

    def cut(self, t: float, picture: Image, scale: float = 1.0) -> set[int]:
        """Numbers of the tracks whose picture was exchanged since the last call.

        ``picture`` may be reduced: then ``scale`` is how many px of the full picture one of its px is.
        """
        boxes = self._sort.predict(t)
        return self.shot_change(picture, [track.number for track in self._sort.live], boxes / scale)

    def end(self, numbers: Set[int]) -> None:
        """End these tracks: what stands in their place now is another face."""
        self._sort.end(numbers)

    def in_shade(self, picture: Image, found: Detections) -> Detections:
        """``found`` with faces in the shade and faces that lie on their side."""
        return Detections.join([found, self.search.faint(picture, found), self.search.turned(picture, found)])

    def expected(self, t: float, picture: Image, found: Detections) -> Detections:
        """``found`` with a second look where a face is expected at ``t`` and none was found with certainty."""
        expected = self._sort.predict(t)
        if not len(expected):
            return found
        strong = found.take(found.scores >= self._settings.detect.tentative)
        unseen = iou_matrix(expected, strong.boxes).max(axis=1, initial=0.0) < SAME_PLACE
        return Detections.join([found, self.search.near(picture, expected[unseen])]) if unseen.any() else found

    def follow(self, t: float, found: Detections) -> list[Match]:
        """Which tracks ``found`` continues or begins."""
        return self._sort.update(found, t)


def same_place(one: Floats, two: Floats) -> bool:
    """Whether boxes ``[4]`` stand in one place: somebody in ``two`` after a cut may be who was in ``one`` before."""
    return float(iou_matrix(one[None], two[None])[0, 0]) > SAME_PLACE
