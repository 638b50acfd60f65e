"""The face stage over one recording."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np

from capture import VideoFile
from discreet.pipeline.context import RunContext
from discreet.pipeline.serialise import Faces
from discreet.pipeline.source import Source
from registered import Gallery
from timeline import Progress
from vision import FaceStage, template_model


def find_faces(source: Source, context: RunContext, progress: Progress) -> Faces:
    """Every face over time: where it is, whose it is, whether it may be shown, when its lips speak.

    Raises:
        InputError: the picture cannot be read.
        ModelError: a model is missing or damaged.
    """
    info, settings = source.info, context.settings
    gallery = Gallery.for_faces(context.registry, template_model(settings.vision.recognise.recogniser))
    seen = {id: answers.seen for id, answers in context.answers.items()}
    stage = FaceStage.from_store(context.store, settings.vision, gallery, seen)
    video = VideoFile(source.path, info=info, settings=settings.capture)
    times = array("d")

    def watched() -> Iterator[tuple[float, Any]]:
        for t, picture in video:
            progress(min(0.99, t / info.duration) if info.duration else 0.0)
            times.append(t)
            yield t, picture

    sound = source.sound if info.has_audio else None
    tracks = stage.run(watched(), video.size, info.fps, sound, sar=info.sar)
    return Faces(tracks, np.asarray(times, np.float64))
