"""Following faces from picture to picture: SORT, shot changes, and the record of each track."""

from vision.tracking.shot_change import ShotChangeDetector
from vision.tracking.sort import ActiveTrack, Match, Sort, shadowed
from vision.tracking.template_match import TemplateMatcher
from vision.tracking.tracklet import Tracklet, TrackletSegment, joined, tracklet_segments

__all__ = [
    "ActiveTrack",
    "Match",
    "ShotChangeDetector",
    "Sort",
    "TemplateMatcher",
    "Tracklet",
    "TrackletSegment",
    "joined",
    "shadowed",
    "tracklet_segments",
]
