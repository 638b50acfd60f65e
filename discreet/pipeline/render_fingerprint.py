"""What tells where two renderings of one recording are the same: a mark of each picture and of each frame of sound."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from discreet.pipeline.serialise import Serialiser, pack, unpack
from redaction import cuts_of
from vision import MaskPlan

if TYPE_CHECKING:
    from discreet.config.settings import Settings
    from discreet.pipeline.render import RenderPlan
    from discreet.pipeline.source import Source

_MARK = 8


@dataclass(frozen=True, slots=True, eq=False)
class RenderFingerprint:
    """The marks of one rendering.

    Masks with random noise are alike in look, not in value, where marks are equal: who wants the same pixels copies
    the picture.

    Attributes:
        facts: a hash over the recording, how masks look and how everything is encoded.
        pictures: a mark of each picture that is written, in order: of all that is drawn on it, and its time.
        sound: marks of its sound, see :class:`capture.SoundMarks`.
    """

    facts: str
    pictures: bytes = field(repr=False)
    sound: bytes = field(default=b"", repr=False)

    @property
    def digest(self) -> str:
        """A hash of all of them."""
        whole = hashlib.sha256(self.facts.encode())
        for part in (self.pictures, self.sound):
            whole.update(hashlib.sha256(part).digest())
        return whole.hexdigest()

    def changed(self, earlier: RenderFingerprint) -> npt.NDArray[np.bool_] | None:
        """Which pictures ``[F]`` are others than in ``earlier``; None if their number is."""
        if self.facts != earlier.facts or len(self.pictures) != len(earlier.pictures):
            return None
        new, old = (np.frombuffer(each.pictures, np.uint64) for each in (self, earlier))
        return np.asarray(new != old, np.bool_)


def render_fingerprint(source: Source, settings: Settings, plan: RenderPlan) -> RenderFingerprint:
    """The marks of what ``plan`` gives, without those of its sound."""
    info = source.info
    facts = {
        "source": source.sha256,
        "mask": settings.vision.mask.model_dump(mode="json"),
        "capture": settings.capture.model_dump(mode="json"),
        "picture": [info.width, info.height, info.fps, info.sar],
    }
    marks = bytearray()
    cuts = cuts_of(plan.redactions)
    masks = MaskPlan(plan.faces.tracks, (info.width, info.height), settings.vision.mask)
    for t in plan.faces.times.tolist():
        if cuts.keeps(t):
            regions = [*masks.regions(t)] + ([plan.mouths.boxes(t)] if plan.mouths is not None else [])
            mark = hashlib.blake2b(f"{t!r} {cuts(t)!r} {[np.shape(r) for r in regions]}".encode(), digest_size=_MARK)
            for region in regions:
                mark.update(np.ascontiguousarray(region).tobytes())
            marks += mark.digest()
    return RenderFingerprint(hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest(), bytes(marks))


def _encode(marks: RenderFingerprint) -> bytes:
    arrays = {"pictures": marks.pictures, "sound": marks.sound}
    return pack(marks.facts, {name: np.frombuffer(part, np.uint8) for name, part in arrays.items()})


def _decode(data: bytes) -> RenderFingerprint:
    facts, arrays = unpack(data)
    return RenderFingerprint(str(facts), arrays["pictures"].tobytes(), arrays["sound"].tobytes())


FINGERPRINT = Serialiser(_encode, _decode)
"""Marks as bytes and back."""
