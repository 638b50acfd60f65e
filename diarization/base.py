"""What the room's parts hand to each other: who speaks when, and what a diarizer and an embedder of voices must do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from timeline import Audio, FloatArray, Progress, Segment, Turn, silent


@dataclass(frozen=True, slots=True, eq=False)
class Subsegments:
    """Short stretches of speech and their voices, from which a doubtful decision can be looked at again.

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
        pieces: the voices of short stretches, or None: this diarizer does not tell.
        notes: what a reader of the report must know about how it came to be.
        possible: by start, what the speakers may have said although it is no turn of theirs, above all overlaps in
            which their voice was not heard. It gives nobody anything; what they did not agree to is withheld in it.
    """

    turns: list[Turn]
    embeddings: dict[str, FloatArray]
    speech: list[Segment]
    model: str
    pieces: Subsegments | None = None
    notes: tuple[str, ...] = ()
    possible: tuple[Turn, ...] = ()


class SubsegmentEmbedder(Protocol):
    """What makes embeddings of pieces of speech."""

    def pieces(self, pieces: Sequence[FloatArray]) -> FloatArray:
        """Unit embeddings ``[N, D]`` of ``N`` pieces ``[n_i]`` at 16 kHz."""
        ...


@runtime_checkable
class Diarizer(Protocol):
    """Tells who speaks when."""

    def __call__(self, audio: Audio, progress: Progress = silent) -> Diarization:
        """Turns by cluster label "S1", "S2", ...; a unit embedding of each; memory that does not grow with length."""
        ...


@runtime_checkable
class SpeakerEmbedder(SubsegmentEmbedder, Protocol):
    """Tells whose voice it is."""

    @property
    def model(self) -> str:
        """The name templates are kept under; what another name made cannot be compared."""
        ...

    @property
    def same(self) -> float:
        """Cosine from which on two embeddings of some seconds each are taken to be of one person."""
        ...

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Unit embedding ``[D]`` of the speech in ``samples [n]`` (16 kHz); PeopleError where there is too little."""
        ...
