"""Masking a clip: its one face is masked in every picture, and the attacker does not recognise it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from capture import Picture, SafeWriter
from evaluation.runs.masking_clips import measure
from vision import VisionSettings, calibrated
from weights import Store

MODELS = ("yunet", "sface", "scrfd-500m", "arcface-mbf", "demo-photos")
FRAMES = 3


@pytest.mark.models
def test_a_face_is_masked_in_every_picture(tmp_path: Path, store: Store, needs) -> None:  # type: ignore[no-untyped-def]
    needs(store, *MODELS)
    photo = np.asarray(cv2.imread(str(store.path("demo-photos") / "obama.jpg")), np.uint8)
    scale = 320 / max(photo.shape[:2])
    small = np.asarray(cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    small = small[: small.shape[0] // 2 * 2, : small.shape[1] // 2 * 2]
    clip = tmp_path / "clip.mp4"
    with SafeWriter(clip, Picture(small.shape[1], small.shape[0], 10.0), None) as writer:
        for number in range(FRAMES):
            writer.write_frame(number / 10, small)
    settings = calibrated(store, VisionSettings())
    settings = settings.model_copy(update={"speaker": settings.speaker.model_copy(update={"scorer": "none"})})
    row = measure(clip, store, settings)
    assert (row.faces, row.missed, row.leaks) == (FRAMES, 0, 0)
    assert 0.0 < row.own < row.masked <= 1.0
