"""Stage results as bytes and back: arrays as ``.npz`` without pickle, everything else as JSON.

No format here can carry code (rule 8), so a stored result may be wrong but never dangerous.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from diarization import Diarization, Subsegments
from redaction import Transcript, Verification
from timeline import FaceTrack, Redaction, Segment, Turn, Word

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Serialiser(Generic[T]):
    """Converts the result of a stage to bytes and back.

    Attributes:
        encode: the bytes of a result.
        decode: the result from its bytes; raises ValueError or KeyError if they are not valid.
    """

    encode: Callable[[T], bytes]
    decode: Callable[[bytes], T]


_META = "meta"
_TIMES, _TRACKS = "times", "tracks"
_TURNS = TypeAdapter(list[Turn])
_WORDS = TypeAdapter(list[Word])
_REDACTIONS = TypeAdapter(list[Redaction])


def pack(meta: Any, arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    """JSON-compatible data and arrays as bytes."""
    buffer = io.BytesIO()
    header = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    np.savez_compressed(buffer, allow_pickle=False, **{_META: header}, **arrays)
    return buffer.getvalue()


def unpack(data: bytes) -> tuple[Any, dict[str, npt.NDArray[Any]]]:
    """Decode the bytes of :func:`pack`. Raises ValueError or KeyError if they are not valid."""
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return json.loads(arrays.pop(_META).tobytes()), arrays


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The result of the face stage: the tracks, and the times ``[F]`` (s) of every picture it analysed."""

    tracks: list[FaceTrack]
    times: npt.NDArray[np.float64]


def encode_faces(faces: Faces) -> bytes:
    """Face tracks, and the times of the analysed pictures, as bytes."""
    return pack(None, {_TIMES: faces.times, _TRACKS: np.frombuffer(encode_tracks(faces.tracks), np.uint8)})


def decode_faces(data: bytes) -> Faces:
    """Decode the bytes of :func:`encode_faces`. Raises ValueError or KeyError if they are not valid."""
    _, arrays = unpack(data)
    return Faces(decode_tracks(arrays[_TRACKS].tobytes()), arrays[_TIMES])


def encode_tracks(tracks: Sequence[FaceTrack]) -> bytes:
    """Face tracks as bytes."""
    meta: list[dict[str, Any]] = []
    arrays: dict[str, npt.NDArray[Any]] = {}
    for i, track in enumerate(tracks):
        meta.append(
            {
                "id": track.id,
                "enrolled": track.enrolled,
                "similarity": track.similarity,
                "reason": track.reason,
                "embedding": track.embedding is not None,
            }
        )
        arrays[f"times{i}"] = track.times
        arrays[f"boxes{i}"] = track.boxes
        arrays[f"shown{i}"] = track.shown
        arrays[f"speaking_times{i}"] = track.speaking_times
        arrays[f"speaking{i}"] = track.speaking
        arrays[f"synchrony{i}"] = track.synchrony
        if track.embedding is not None:
            arrays[f"embedding{i}"] = track.embedding
    return pack(meta, arrays)


def decode_tracks(data: bytes) -> list[FaceTrack]:
    """Decode the bytes of :func:`encode_tracks`. Raises ValueError or KeyError if they are not valid."""
    meta, arrays = unpack(data)
    return [
        FaceTrack(
            id=row["id"],
            times=arrays[f"times{i}"],
            boxes=arrays[f"boxes{i}"],
            enrolled=row["enrolled"],
            shown=arrays[f"shown{i}"],
            similarity=row["similarity"],
            embedding=arrays[f"embedding{i}"] if row["embedding"] else None,
            speaking_times=arrays[f"speaking_times{i}"],
            speaking=arrays[f"speaking{i}"],
            synchrony=arrays[f"synchrony{i}"],
            reason=row["reason"],
        )
        for i, row in enumerate(meta)
    ]


def encode_diarization(diarization: Diarization) -> bytes:
    """A diarization as bytes."""
    meta = {
        "turns": _TURNS.dump_python(diarization.turns, mode="json"),
        "speech": [[segment.start, segment.end] for segment in diarization.speech],
        "labels": list(diarization.embeddings),
        "model": diarization.model,
        "notes": diarization.notes,
        "possible": _TURNS.dump_python(list(diarization.possible), mode="json"),
    }
    arrays: dict[str, npt.NDArray[Any]] = {f"embedding{i}": e for i, e in enumerate(diarization.embeddings.values())}
    if diarization.pieces is not None:
        pieces = diarization.pieces
        arrays |= {"piece_spans": pieces.spans, "piece_vectors": pieces.vectors, "piece_double": pieces.double}
    return pack(meta, arrays)


def decode_diarization(data: bytes) -> Diarization:
    """Decode the bytes of :func:`encode_diarization`. Raises ValueError or KeyError if they are not valid."""
    meta, arrays = unpack(data)
    return Diarization(
        turns=_TURNS.validate_python(meta["turns"]),
        embeddings={label: arrays[f"embedding{i}"] for i, label in enumerate(meta["labels"])},
        speech=[Segment(start, end) for start, end in meta["speech"]],
        model=meta["model"],
        pieces=Subsegments(arrays["piece_spans"], arrays["piece_vectors"], arrays["piece_double"])
        if "piece_spans" in arrays
        else None,
        notes=tuple(meta.get("notes", ())),
        possible=tuple(_TURNS.validate_python(meta["possible"])),
    )


def encode_transcript(transcript: Transcript) -> bytes:
    """A transcript as bytes."""
    meta = {
        "words": _WORDS.dump_python(transcript.words, mode="json"),
        "language": transcript.language,
        "probability": transcript.probability,
        "unheard": [[segment.start, segment.end] for segment in transcript.unheard],
    }
    return json.dumps(meta).encode()


def decode_transcript(data: bytes) -> Transcript:
    """Decode the bytes of :func:`encode_transcript`. Raises ValueError or KeyError if they are not valid."""
    meta = json.loads(data)
    return Transcript(
        words=_WORDS.validate_python(meta["words"]),
        language=meta["language"],
        probability=meta["probability"],
        unheard=[Segment(start, end) for start, end in meta["unheard"]],
    )


def encode_proof(proof: Verification) -> bytes:
    """The result of the check by ear, as bytes."""
    meta = {
        "redactions": _REDACTIONS.dump_python(proof.redactions, mode="json"),
        "listened": proof.listened,
        "widened": proof.widened,
        "silenced": proof.silenced,
        "new": proof.new,
    }
    return json.dumps(meta).encode()


def decode_proof(data: bytes) -> Verification:
    """Decode the bytes of :func:`encode_proof`. Raises ValueError or KeyError if they are not valid."""
    meta = json.loads(data)
    redactions = _REDACTIONS.validate_python(meta["redactions"])
    return Verification(redactions, meta["listened"], meta["widened"], meta["silenced"], meta["new"])


FACES = Serialiser(encode_faces, decode_faces)
DIARIZATION = Serialiser(encode_diarization, decode_diarization)
TRANSCRIPT = Serialiser(encode_transcript, decode_transcript)
VERIFICATION = Serialiser(encode_proof, decode_proof)
