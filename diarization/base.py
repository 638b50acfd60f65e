"""The types that the room's parts exchange, and the protocols of diarizers and speaker embedders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from timeline import Audio, FloatArray, Progress, Segment, Turn, silent


@dataclass(frozen=True, slots=True, eq=False)
class Subsegments:
    """Short stretches of speech and their embeddings, for reviewing doubtful decisions.

    Attributes:
        spans: ``[N, 2]`` start and end, s.
        vectors: ``[N, D]`` unit voice embeddings.
        double: ``[N]`` whether two voices are heard.
    """

    spans: npt.NDArray[np.float64]
    vectors: FloatArray
    double: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Diarization:
    """Who speaks when.

    Attributes:
        turns: by start; ``person`` is a cluster label, "S1", "S2", ... in order of first appearance.
        embeddings: unit voice embedding ``[D]`` of each label.
        speech: where anybody talks, sorted and disjoint.
        model: the voiceprint model of the embeddings, as galleries name it.
        pieces: embeddings of short stretches; None if this diarizer has none.
        notes: what readers of the report must know about how the result was made.
        possible: by start, what the speakers may have said although it is not one of their turns, above all overlaps in
            which their voice was not recognised. It grants nothing; it serves to withhold what they did not agree to.
    """

    turns: list[Turn]
    embeddings: dict[str, FloatArray]
    speech: list[Segment]
    model: str
    pieces: Subsegments | None = None
    notes: tuple[str, ...] = ()
    possible: tuple[Turn, ...] = ()


class SubsegmentEmbedder(Protocol):
    """Makes embeddings of pieces of speech."""

    def pieces(self, pieces: Sequence[FloatArray]) -> FloatArray:
        """Unit embeddings ``[N, D]`` of ``N`` pieces ``[n_i]`` at 16 kHz."""
        ...


@runtime_checkable
class Diarizer(Protocol):
    """Determines who speaks when."""

    def __call__(self, audio: Audio, progress: Progress = silent) -> Diarization:
        """Diarize ``audio`` into turns with labels "S1", "S2", ... and a unit embedding each, in constant memory."""
        ...


@runtime_checkable
class SpeakerEmbedder(SubsegmentEmbedder, Protocol):
    """Makes embeddings that tell whose voice it is."""

    @property
    def model(self) -> str:
        """The name under which templates are kept; embeddings under other names cannot be compared."""
        ...

    @property
    def same(self) -> float:
        """Cosine from which two embeddings of some seconds each count as the same person."""
        ...

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Unit embedding ``[D]`` of the speech in ``samples [n]`` (16 kHz); PeopleError if there is too little."""
        ...
