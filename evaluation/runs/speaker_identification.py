"""Who the speakers of a meeting are, for ``python -m evaluation.runs.diarization``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import soundfile

from capture import AudioFile, VideoFile
from diarization import Diarization, EnrolledPerson, Fusion, VoiceEmbedder, fuse
from discreet.pipeline import decode_tracks, encode_tracks
from evaluation.data import composed
from evaluation.metrics.diarization import GRID, der, right_person
from registered import Answers, Gallery
from timeline import FaceTrack, Turn
from vision import FaceFinder, FaceStage, VisionSettings
from weights import Store

if TYPE_CHECKING:
    from evaluation.data.recordings import Recording

_FRAME = 0.04
_LIPS = 0.5
"""Speaking score from which on a face alone counts as talking."""


def voice_gallery(embedder: VoiceEmbedder, people: Sequence[str]) -> Gallery:
    """A gallery of the clips ``people/ID*/voice.wav``."""
    rows = []
    for person in people:
        samples, _ = soundfile.read(composed.person_folder(person) / "voice.wav", dtype="float32")
        rows.append((person, {embedder.model: embedder(samples)[None]}, {embedder.model: np.ones(1, np.float32)}))
    return Gallery.of(embedder.model, rows)


def face_tracks(
    store: Store, recording: Recording, enrolled: tuple[str, ...], folder: Path | None = None
) -> list[FaceTrack]:
    """The face tracks of a composed meeting, with ``enrolled`` known by their photos; stored in ``folder``."""
    kept = folder / f"{recording.name}.faces" if folder is not None else None
    if kept is not None and kept.exists():
        return decode_tracks(kept.read_bytes())
    assert recording.path is not None
    settings = VisionSettings()
    meeting = composed.load(recording.name)
    known = composed.gallery(FaceFinder.from_store(store, settings), enrolled)
    stage = FaceStage.from_store(store, settings, known, dict.fromkeys(enrolled, True))
    video = VideoFile(recording.path)
    found = list(stage.run(iter(video), video.size, meeting.fps, AudioFile(recording.path)))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(encode_tracks(found))
    return found


def off_camera(name: str, duration: float) -> npt.NDArray[np.bool_]:
    """``[T, P]``: which of the people, sorted by name, are not in the picture, every 10 ms."""
    meeting = composed.load(name)
    frames = ((np.arange(round(duration / GRID)) + 0.5) * GRID * meeting.fps).astype(int)
    hidden = {person: np.isnan(tiles[:, 0]) for person, tiles in meeting.tiles.items()}
    return np.stack([hidden[p][np.minimum(frames, len(hidden[p]) - 1)] for p in sorted(hidden)], axis=1)


def named(
    store: Store,
    recording: Recording,
    found: Diarization,
    embedder: VoiceEmbedder,
    faces: bool,
    folder: Path | None,
) -> Iterator[str]:
    """Lines about who the speakers of a meeting are, by voices, and with ``faces`` also by faces and by both."""
    duration = recording.audio().duration
    enrolled = composed.load(recording.name).registered()
    people = {name: EnrolledPerson(name, Answers(True, True, True, True)) for name in enrolled}
    voices = voice_gallery(embedder, enrolled)
    hidden = off_camera(recording.name, duration)

    def line(what: str, fusion: Fusion, turns: Sequence[Turn]) -> str:
        right, wrong = right_person(recording.turns, fusion, enrolled, duration)
        off, _ = right_person(recording.turns, fusion, enrolled, duration, hidden)
        lenient = der(recording.turns, turns, duration, composed.COLLAR).der
        return f"  {what:15s} .25 s {lenient:5.3f}  right {right:5.3f}  off camera {off:5.3f}  wrong {wrong:5.3f}"

    alone = fuse(found, [], voices, people)
    yield line("voices alone", alone, alone.turns)
    if faces:
        tracks = face_tracks(store, recording, enrolled, folder)
        seen = fuse(found, tracks, None, people)
        yield line("faces alone", seen, by_lips(tracks, seen, duration))
        both = fuse(found, tracks, voices, people)
        yield line("both", both, both.turns)


def by_lips(tracks: Sequence[FaceTrack], fusion: Fusion, duration: float) -> list[Turn]:
    """Turns from lips alone: at each moment the person with the highest speaking score, if it is high enough."""
    people = sorted(set(fusion.track_person.values()))
    times = np.arange(0, duration, _FRAME)
    lips = np.zeros((len(times), len(people) + 1))
    lips[:, -1] = _LIPS  # nobody
    for track in tracks:
        if track.id in fusion.track_person and len(track.speaking_times):
            column = lips[:, people.index(fusion.track_person[track.id])]
            at = np.minimum((track.speaking_times / _FRAME).astype(int), len(times) - 1)
            column[at] = np.maximum(column[at], track.speaking)
    who = lips.argmax(axis=1)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(who)) + 1, [len(who)]])
    runs = [(who[a], a, b) for a, b in pairwise(edges.tolist()) if who[a] < len(people)]
    return [Turn(start=a * _FRAME, end=min(duration, b * _FRAME), person=people[w]) for w, a, b in runs]
