"""What tells whether two renderings of one recording have the same picture: a hash of all that decides about it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from redaction import cuts_of
from vision import MaskPlan

if TYPE_CHECKING:
    from discreet.config.settings import Settings
    from discreet.pipeline.render import RenderPlan
    from discreet.pipeline.source import Source


def picture_fingerprint(source: Source, settings: Settings, plan: RenderPlan) -> str:
    """A hash over the recording, how masks look and pictures are encoded, and every region of every picture.

    Masks with random noise are alike in look, not in value, where only the hash is equal: who wants the same pixels
    copies the picture.
    """
    facts = {
        "source": source.sha256,
        "mask": settings.vision.mask.model_dump(mode="json"),
        "capture": settings.capture.model_dump(mode="json"),
        "picture": [source.info.width, source.info.height, source.info.fps, source.info.sar],
    }
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    cuts = cuts_of(plan.redactions)
    masks = MaskPlan(plan.faces.tracks, (source.info.width, source.info.height), settings.vision.mask)
    for t in plan.faces.times.tolist():
        if cuts.keeps(t):
            regions = [*masks.regions(t)] + ([plan.mouths.boxes(t)] if plan.mouths is not None else [])
            digest.update(f"{t!r} {cuts(t)!r} {[np.shape(region) for region in regions]}".encode())
            for region in regions:
                digest.update(np.ascontiguousarray(region).tobytes())
    return digest.hexdigest()
