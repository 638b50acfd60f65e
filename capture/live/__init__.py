"""Live recording: threads, bounded queues, and a file that is complete whatever stops them."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from capture.live.drift import DriftCorrector
    from capture.live.frame_guard import FrameGuard, MaskedReason
    from capture.live.pipeline import PipelineParts, RecordingPipeline
    from capture.live.protocols import PictureStage, SidecarWriter, SoundStage
    from capture.live.recorder import Recorder
    from capture.live.report import RecordingReport, RecordingStatus
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "drift": ["DriftCorrector"],
            "frame_guard": ["FrameGuard", "MaskedReason"],
            "pipeline": ["PipelineParts", "RecordingPipeline"],
            "protocols": ["PictureStage", "SoundStage", "SidecarWriter"],
            "recorder": ["Recorder"],
            "report": ["RecordingReport", "RecordingStatus"],
        },
    )

__all__ = [
    "DriftCorrector",
    "FrameGuard",
    "MaskedReason",
    "PictureStage",
    "PipelineParts",
    "Recorder",
    "RecordingPipeline",
    "RecordingReport",
    "RecordingStatus",
    "SidecarWriter",
    "SoundStage",
]
