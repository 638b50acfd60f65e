"""Takes of many voices through many channels, embedded piece by piece; stored, because embedding takes minutes.

Read speech (``../shared/media/voices``), the 31 voices of the store and the clips of ``people`` are sent through every
channel of :mod:`evaluation.data.acoustic_channels`. Speech of single speakers in the composed meetings and far-field
excerpts is used as recorded: those are real takes from other days and rooms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from diarization import VoiceEmbedder
from evaluation.data import composed
from evaluation.data.acoustic_channels import CHANNELS
from evaluation.data.media import MEDIA, RATE
from evaluation.data.recordings import recordings
from timeline import FloatArray
from weights import Store

PIECE = 1.6
"""Seconds of a piece."""
_BLOCK = 128
"""Pieces after which what is done is kept."""
_PIECES, _CLIPS = 8, 6
"""Most pieces of a speaker's single clip, and most clips of a speaker with many (then two pieces of each)."""


@dataclass(frozen=True, slots=True, eq=False)
class Takes:
    """Pieces of speech: unit embeddings ``vectors [N, D]``, and the person, clip and channel of each.

    ``source`` says where the speaker is from: read, thirty-one, people, validation, meeting or far-field.
    """

    vectors: FloatArray
    person: npt.NDArray[np.str_]
    source: npt.NDArray[np.str_]
    clip: npt.NDArray[np.str_]
    channel: npt.NDArray[np.str_]

    def where(self, keep: npt.NDArray[np.bool_]) -> Takes:
        """The takes for which ``keep [N]`` is true."""
        return Takes(*(getattr(self, name)[keep] for name in self.__slots__))


def _sound(path: Path) -> FloatArray:
    from scipy.signal import resample_poly  # slow to import

    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(resample_poly(sound.mean(axis=1), RATE, rate), np.float32)


def _speech(sound: FloatArray) -> FloatArray:
    """Without its pauses: 20 ms frames 35 dB below the loudest tenth are left out."""
    size = RATE // 50
    frames = sound[: len(sound) // size * size].reshape(-1, size)
    power = (frames**2).mean(axis=1)
    return np.asarray(frames[power > 10**-3.5 * np.quantile(power, 0.9)].ravel(), np.float32)


def clips(store: Store) -> Iterator[tuple[str, str, str, FloatArray]]:
    """``(person, source, clip, sound)`` of all the speakers of whom there are clips."""
    for folder in sorted(path for path in MEDIA.glob("voices/*") if path.is_dir()):
        for path in sorted(folder.glob("*.flac"))[:_CLIPS]:
            yield folder.name, "read", path.stem, _speech(_sound(path))[: round(2 * PIECE * RATE)]
    if store.has("voices-31"):
        for path in sorted(store.path("voices-31").glob("*/*/*.wav")):
            name = "-".join((*path.parts[-3:-1], path.stem))
            yield name, "thirty-one", path.stem, _speech(_sound(path))[: round(_PIECES * PIECE * RATE)]
    for person in composed.everybody():
        folder = composed.person_folder(person)
        source = "people" if folder.is_relative_to(composed.FOLDER) else "validation"
        sound = _speech(_sound(folder / "voice.wav"))[: round(_PIECES * PIECE * RATE)]
        yield person, source, "voice", sound


def alone(store: Store) -> Iterator[tuple[str, str, str, FloatArray]]:
    """``(person, source, recording, piece)`` of speech in the recordings while nobody else talks."""
    names = [*composed.MEETINGS, *composed.VALIDATION]
    for recording in [*recordings(store, names), *(r for r in recordings(store) if not r.meeting)]:
        samples = np.concatenate([*recording.audio().blocks()])
        for start, end in pairwise(sorted({edge for a, b, _ in recording.turns for edge in (a, b)})):
            talking = {person for a, b, person in recording.turns if a <= start and end <= b}
            if len(talking) == 1:
                person = talking.pop() if recording.meeting else f"{recording.name}-{talking.pop()}"
                for at in np.arange(start, end - PIECE, PIECE):
                    source = "meeting" if recording.meeting else "far-field"
                    yield person, source, recording.name, samples[round(at * RATE) :][: round(PIECE * RATE)]


def takes(store: Store, embedder: VoiceEmbedder, kept: Path | None = None) -> Takes:
    """All takes; read from the file ``kept`` if it is there, else written to it."""
    if kept is not None and kept.is_file():
        with np.load(kept) as file:
            return Takes(*(file[name] for name in Takes.__slots__))
    dice = np.random.default_rng(0)
    size = round(PIECE * RATE)
    pieces: list[FloatArray] = []
    rows: list[tuple[str, str, str, str]] = []
    for person, source, clip, sound in clips(store):
        for channel, through in CHANNELS.items():
            heard = through(sound, dice)
            for at in range(0, len(heard) - size + 1, size):
                pieces.append(heard[at : at + size])
                rows.append((person, source, clip, channel))
    for person, source, clip, piece in alone(store):
        pieces.append(piece)
        rows.append((person, source, clip, "as recorded"))
    found = Takes(_embedded(embedder, pieces, kept), *(np.array(column) for column in zip(*rows, strict=True)))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(kept, **{name: getattr(found, name) for name in Takes.__slots__})
        _part(kept).unlink(missing_ok=True)
    return found


def _part(kept: Path) -> Path:
    return kept.with_suffix(".part.npy")


def _embedded(embedder: VoiceEmbedder, pieces: list[FloatArray], kept: Path | None) -> FloatArray:
    """Embeddings ``[N, D]``; with ``kept``, what is done is put beside it, and a later call goes on from there."""
    done: list[FloatArray] = []
    if kept is not None and _part(kept).is_file():
        done.append(np.load(_part(kept)))
    for at in range(sum(len(rows) for rows in done), len(pieces), _BLOCK):
        done.append(embedder.pieces(pieces[at : at + _BLOCK]))
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(_part(kept), np.concatenate(done))
    return np.concatenate(done)
