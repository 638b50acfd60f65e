"""A quiet mark in made speech, and the detector that finds it again."""

from voice.watermark.detection import Evidence, marked_parts, scan
from voice.watermark.embedding import marked
from voice.watermark.settings import CHECKED, FALSE_ALARMS, MARK, RATE, THRESHOLD

__all__ = [
    "CHECKED",
    "FALSE_ALARMS",
    "MARK",
    "RATE",
    "THRESHOLD",
    "Evidence",
    "marked",
    "marked_parts",
    "scan",
]
