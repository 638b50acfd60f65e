"""A folder as AAVID's scripts find it: a video, ``registeredFaces`` and ``voice_samples``, laid from the test media."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from capture import AudioFile, CaptureSettings, SafeWriter, VideoFile, probe
from evaluation.data import composed
from evaluation.data.media import RATE


@dataclass(frozen=True, slots=True)
class Project:
    """The folder, and what is true of its video: ``(start, end, who)`` of every turn, cut at ``seconds``."""

    folder: Path
    meeting: str
    seconds: float
    enrolled: tuple[str, ...]
    truth: tuple[tuple[float, float, str], ...]

    @property
    def video(self) -> Path:
        """``output/masked.mp4``."""
        return self.folder / "output" / "masked.mp4"


def lay_out_project(folder: Path, name: str, seconds: float, people: Sequence[str] | None = None) -> Project:
    """Lay out the first ``seconds`` of a composed meeting, with galleries of ``people`` (default: every second one).

    A folder that was laid before is left as it is.
    """
    meeting = composed.load(name)
    enrolled = tuple(meeting.registered() if people is None else people)
    (folder / "output").mkdir(parents=True, exist_ok=True)
    video = folder / "output" / "masked.mp4"
    if not video.exists():
        cut(meeting.path, video, seconds)
    (folder / "voice_samples").mkdir(exist_ok=True)
    for person in enrolled:
        (folder / "registeredFaces" / person).mkdir(parents=True, exist_ok=True)
        source = composed.person_folder(person)
        for photo in source.glob("face*.jpg"):
            shutil.copy(photo, folder / "registeredFaces" / person)
        shutil.copy(source / "voice.wav", folder / "voice_samples" / f"{person}.wav")
    rows = [(t.start, min(t.end, seconds), who) for who, turns in meeting.turns.items() for t in turns]
    truth = tuple(sorted(row for row in rows if row[0] < row[1]))
    return Project(folder, name, seconds, enrolled, truth)


def cut(source: Path, target: Path, seconds: float, comment: str = "") -> None:
    """Write the first ``seconds`` of a video with sound, with a tag."""
    info = probe(source)
    with SafeWriter(target, info, RATE, 1, CaptureSettings(comment=comment)) as writer:
        left = round(seconds * RATE)
        for block in AudioFile(source, RATE).blocks(0.5):
            writer.write_audio(block[:left])
            left -= min(left, len(block))
            if not left:
                break
        for t, picture in VideoFile(source):
            if t >= seconds:
                break
            writer.write_frame(t, picture)
