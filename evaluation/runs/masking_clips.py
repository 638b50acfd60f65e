"""Masking on clips that nobody composed: ``python -m evaluation.runs.masking_clips [FILE ...]``.

The default are two clips of the weights store: ``demo-clip`` (an interview, two faces, 320x240) and ``demo-call`` (a
video call, seven faces, 1080p). Nobody is enrolled, so every face should be masked. Another detector (SCRFD, score
>= 0.5) finds the faces of the clean picture. Printed are

* *missed*: faces of which less than nine tenths are masked;
* *leaks*: missed faces that ArcFace takes for the same person in the masked picture (cosine >= 0.3 to the clean crop),
  aligned as in the clean picture or as found again;
* *behind*: the same for faces that are masked whole, which shows what the noise of the mask does by chance;
* *masked*: share of all pixels that are masked, beside the share of the faces' own boxes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from capture import AudioFile, VideoFile, probe
from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd
from evaluation.runs.faces import covered_share
from vision import FaceStage, MaskPlan, VisionSettings, calibrated, masker
from weights import Store

CLIPS = ("demo-clip", "demo-call")


@dataclass
class Row:
    """Counts in frames of one face, and shares of the pixels of all pictures."""

    faces: int = 0
    missed: int = 0
    leaks: int = 0
    behind: int = 0
    masked: float = 0.0
    own: float = 0.0


def measure(path: Path, store: Store, settings: VisionSettings) -> Row:
    """Mask everybody in the clip, and look for faces that are left."""
    info = probe(path)
    stage = FaceStage.from_store(store, settings, None, {})
    sound = AudioFile(path, 16000) if info.has_audio else None
    tracks = stage.run(iter(VideoFile(path)), (info.width, info.height), info.fps, sound)
    scrfd, arcface = Scrfd(store), ArcFace(store)
    plan, draw = MaskPlan(tracks, (info.width, info.height), settings.mask), masker(settings.mask)
    row, pictures = Row(), 0
    for t, picture in VideoFile(path):
        pictures += 1
        clean = scrfd(picture, 0.5)
        covered = np.zeros(picture.shape[:2], np.bool_)
        for x, y, w, h in plan.boxes(t):
            covered[max(0, int(y)) : int(np.ceil(y + h)), max(0, int(x)) : int(np.ceil(x + w))] = True
        own = np.zeros_like(covered)
        templates = arcface(picture, clean)[0]
        masked = picture.copy()
        draw(masked, plan.boxes(t))
        again = scrfd(masked, 0.3)
        for i, template in enumerate(templates):
            x, y, w, h = clean.boxes[i]
            own[max(0, int(y)) : int(np.ceil(y + h)), max(0, int(x)) : int(np.ceil(x + w))] = True
            row.faces += 1
            bare = covered_share(covered, clean.boxes[i]) < 0.9
            row.missed += bare
            near = np.abs(again.boxes[:, :2] + again.boxes[:, 2:] / 2 - [x + w / 2, y + h / 2]) < [w, h]
            there = [clean.take([i]), again.take(np.flatnonzero(near.all(axis=1)))]
            rows = np.concatenate([arcface(masked, faces)[0] for faces in there])
            known = float((rows @ template).max()) >= SAME
            row.leaks += known and bare
            row.behind += known and not bare
        row.masked += float(covered.mean())
        row.own += float(own.mean())
    row.masked, row.own = row.masked / max(1, pictures), row.own / max(1, pictures)
    return row


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="default: the clips of the weights store")
    options = parser.parse_args(argv)
    cv2.setNumThreads(1)
    store = Store()
    settings = calibrated(store, VisionSettings())
    settings = settings.model_copy(update={"speaker": settings.speaker.model_copy(update={"scorer": "none"})})
    files = options.files or [Path(store.path(clip)) for clip in CLIPS]
    print(f"{'clip':32s}  faces missed  leaks behind  masked (faces' own)")
    for path in files:
        row = measure(path, store, settings)
        counts = f"{row.faces:6d} {row.missed:6d} {row.leaks:6d} {row.behind:6d}"
        print(f"{path.name:32s} {counts}  {row.masked:6.1%} ({row.own:.1%})", flush=True)


if __name__ == "__main__":
    main()
