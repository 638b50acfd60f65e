"""What the live masker leaves for the offline pass: face tracks, and when the whole picture was masked."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from timeline import FaceTrack
from vision.geometry import Floats
from vision.live.messages import FrameResult
from vision.live.scene import LiveFace
from vision.live.settings import LAPSE_BREAK, MOST_LAPSES, ROW_STEP
from vision.recognition.identification import unit


@dataclass(frozen=True, slots=True)
class WholePictureMask:
    """The whole picture was masked from ``start`` to ``end`` (s, the times of the first and last picture)."""

    start: float
    end: float
    reason: str


@dataclass(slots=True)
class _Part:
    """One epoch of one track, compact: 25 bytes a row."""

    number: int
    times: array[float] = field(default_factory=lambda: array("d"))
    boxes: array[float] = field(default_factory=lambda: array("f"))
    shown: bytearray = field(default_factory=bytearray)
    person: str | None = None
    similarity: float = 0.0
    total: npt.NDArray[np.float32] | None = None
    reason: str = "not recognised"
    doubted: bool = False


class LiveHistory:
    """Records what was drawn. Some 250 bytes per second and face, whatever the frame rate."""

    def __init__(self) -> None:
        self._parts: dict[int, _Part] = {}
        self._lapses: list[WholePictureMask] = []

    @property
    def lapses(self) -> tuple[WholePictureMask, ...]:
        """When and why the whole picture was masked, in order of time."""
        return tuple(self._lapses)

    def look(self, look: FrameResult) -> None:
        """Record an analysis: who the tracks are."""
        for seen in look.faces:
            if not seen.face:
                continue
            part = self._parts.setdefault(seen.epoch, _Part(seen.number))
            part.reason = seen.reason
            part.doubted |= seen.told is False
            if seen.person is not None:
                part.person, part.similarity = seen.person, max(part.similarity, seen.similarity)
            if seen.embedding is not None:
                part.total = seen.embedding if part.total is None else part.total + seen.embedding

    def drawn(self, t: float, faces: list[LiveFace]) -> None:
        """Record that the picture at ``t`` was output with these faces."""
        for face in faces:
            part = self._parts.setdefault(face.seen.epoch, _Part(face.seen.number))
            changed = not part.shown or bool(part.shown[-1]) != face.shown
            if changed or t - part.times[-1] >= ROW_STEP - 1e-3:
                part.times.append(t)
                part.boxes.extend(float(v) for v in face.box)
                part.shown.append(face.shown)

    def lapsed(self, t: float, reason: str) -> None:
        """Record that the picture at ``t`` was output wholly masked."""
        if self._lapses:
            last = self._lapses[-1]
            if (last.reason == reason and t - last.end <= LAPSE_BREAK) or len(self._lapses) >= MOST_LAPSES:
                self._lapses[-1] = WholePictureMask(last.start, t, last.reason)
                return
        self._lapses.append(WholePictureMask(t, t, reason))

    def tracks(self, size: tuple[int, int], consent: Mapping[str, bool]) -> list[FaceTrack]:
        """The faces in order of first sighting, followed by a track over the whole picture for each whole-picture mask.

        ``consent`` is used for the reasons only: what was shown was decided picture by picture.
        """
        chains: list[list[_Part]] = []
        ends: dict[int, list[_Part]] = {}
        for part in sorted((p for p in self._parts.values() if len(p.times)), key=lambda p: p.times[0]):
            chain = ends.get(part.number)
            if chain is None or not _same(chain, part):
                chain = ends[part.number] = []
                chains.append(chain)
            chain.append(part)
        out = [_track(f"t{i + 1}", chain, consent) for i, chain in enumerate(chains)]
        for lapse in self._lapses:
            times = np.unique(np.array([lapse.start, lapse.end], np.float64))
            out.append(FaceTrack.whole_picture(f"t{len(out) + 1}", times, size, lapse.reason))
        return out


def _same(chain: list[_Part], part: _Part) -> bool:
    person = next((p.person for p in chain if p.person is not None), None)
    if person is not None and part.person is not None:
        return person == part.person
    return not part.doubted


def _track(id: str, chain: list[_Part], consent: Mapping[str, bool]) -> FaceTrack:
    times = np.concatenate([np.frombuffer(p.times, np.float64) for p in chain])
    boxes: Floats = np.concatenate([np.frombuffer(p.boxes, np.float32).reshape(-1, 4) for p in chain])
    shown = np.concatenate([np.frombuffer(p.shown, np.uint8) for p in chain]).astype(np.bool_)
    order = np.unique(times, return_index=True)[1]
    totals = [p.total for p in chain if p.total is not None]
    best = max(chain, key=lambda p: (p.person is not None, p.similarity))
    reason = best.reason
    if best.person is not None and not consent.get(best.person, False):
        reason += ", who has not agreed to be seen"
    return FaceTrack(
        id,
        times[order].copy(),
        boxes[order].copy(),
        best.person,
        shown[order],
        best.similarity if best.person is not None else 0.0,
        unit(np.sum(totals, axis=0)) if totals else None,
        reason=reason,
    )
