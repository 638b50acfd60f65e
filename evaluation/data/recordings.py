"""Recordings for measuring diarization, each with who talks when: composed, far-field and assembled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from capture import AudioFile
from evaluation.data import composed
from evaluation.data.assembled_meetings import AssembledMeeting, Truth, clips
from evaluation.data.media import MEDIA, RATE
from timeline import ArrayAudio, Audio
from weights import Store

TUNED = frozenset({"trn00", "trn03", "trn04", "trn05", "trn06", "dev_gallery2", "dev_room3"})
STRUNG = (1, 2, 3, 4, 6, 8, 10)
"""Speakers of the assembled meetings, each of a length that lets everybody talk about seven times."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound with its truth: ``turns`` are ``(start, end, who)``."""

    name: str
    path: Path | None
    turns: Truth
    sound: Audio | None = None

    @property
    def meeting(self) -> bool:
        """Whether it is a composed meeting, with faces and people to enrol."""
        return any(self.name in names for names in composed.SETS.values())

    @property
    def collar(self) -> float:
        """The collar it is scored with, because the turns of composed recordings are not more exact."""
        return composed.COLLAR if self.meeting or self.sound is not None else 0.0

    def audio(self) -> Audio:
        """The sound at 16 kHz."""
        if self.sound is not None:
            return self.sound
        assert self.path is not None
        if self.path.suffix == ".mp4":
            return AudioFile(self.path)
        samples, rate = soundfile.read(self.path, dtype="float32")
        if rate != RATE:
            raise ValueError(f"{self.path.name}: {rate} Hz")
        return ArrayAudio(samples if samples.ndim == 1 else samples.mean(axis=1), RATE)


def read_rttm(path: Path) -> Truth:
    """Turns ``(start, end, who)`` of an RTTM file of one recording."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("SPEAKER")]
    return tuple((float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows)


def recordings(store: Store, names: Sequence[str] = ()) -> list[Recording]:
    """The recordings called ``names``, or all of the development set."""
    found: list[Recording] = []
    folders = [(MEDIA / "meetings", "mp4"), (MEDIA / "diarization", "flac")]
    if set(names) & set(composed.VALIDATION):
        folders.append((MEDIA / "validation", "mp4"))
    for folder, kind in folders:
        for path in sorted(folder.glob(f"*.{kind}")):
            found.append(Recording(path.stem, path, read_rttm(path.with_suffix(".rttm"))))
    if not found and store.has("diarization-sample"):
        folder = store.path("diarization-sample")
        found = [Recording(p.stem, p, read_rttm(p.with_suffix(".rttm"))) for p in sorted(folder.glob("*.wav"))]
    return [r for r in found if not names or r.name in names]


def assembled_meeting(count: int, seconds: float, quiet: float | None = None, seed: int | None = None) -> Recording:
    """A meeting assembled from ``count`` voices.

    The last voice has the share ``quiet`` of the turns; None: as many as the others.
    """
    sound = AssembledMeeting(clips(count), seconds, seed=count if seed is None else seed, quiet=quiet)
    return Recording(f"strung{count}", None, sound.truth, sound)


def assembled_meetings(names: Sequence[str] = ()) -> list[Recording]:
    """The assembled meetings called ``names``, or all of them; none without voices."""
    counts = [count for count in STRUNG if not names or f"strung{count}" in names]
    return [assembled_meeting(count, 30.0 * count) for count in counts] if (MEDIA / "voices").is_dir() else []
