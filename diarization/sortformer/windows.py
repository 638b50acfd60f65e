"""Sortformer's probabilities as the room's clustering takes them: windows of local speakers, pieces, embeddings.

Sortformer distinguishes at most four people, but within any ten seconds hardly more than four talk. So its slots serve
as the local speakers of ten-second windows, like those of the segmentation model, and the voices decide who is who over
the whole recording. This also joins stretches that were processed separately.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diarization.base import SubsegmentEmbedder
from diarization.clustering.embedded_windows import Scan
from diarization.clustering.segmentation import FIELD, HOP, SAMPLE_RATE, frames_of
from diarization.clustering.settings import FRAMES
from diarization.settings import PIECES_AT_ONCE
from diarization.sortformer.network import SLOTS, STEP
from timeline import Audio, FloatArray, Progress, silent

FRAME = round(STEP * SAMPLE_RATE)
"""Samples per frame of Sortformer."""
LONGEST, SHORTEST = 20, 4
"""Frames (1.6 s, 0.32 s) of a piece."""


@dataclass(frozen=True, slots=True, eq=False)
class SortformerWindow:
    """Sortformer's output for a stretch of sound, in which a slot is one person.

    Attributes:
        start: first frame (of 80 ms) in the recording.
        activity: ``[T, 4]`` probabilities.
    """

    start: int
    activity: FloatArray

    @property
    def end(self) -> int:
        """Frame after the last one."""
        return self.start + len(self.activity)


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of one slot of one stretch: first and last+1 frame, share of its run in frames, whether others talk."""

    start: int
    end: int
    stretch: int
    slot: int
    weight: float
    double: bool


def merged(stretches: Sequence[SortformerWindow]) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Probabilities ``[T, 4]`` and stretch ``[T]`` of every frame; two that overlap each get half of the overlap."""
    total = max((stretch.end for stretch in stretches), default=0)
    activity, owner = np.zeros((total, SLOTS), np.float32), np.zeros(total, np.int64)
    at = 0
    for index, stretch in enumerate(stretches):
        end = stretch.end
        if index + 1 < len(stretches):
            end = (stretches[index + 1].start + stretch.end) // 2
        activity[at:end] = stretch.activity[at - stretch.start : end - stretch.start]
        owner[at:end] = index
        at = end
    return activity, owner


def cuts(activity: FloatArray, owner: npt.NDArray[np.int64], threshold: float) -> list[Cut]:
    """Pieces in which one slot is alone; for a slot that never is for long enough, whatever there is of it."""
    talks = activity > threshold
    alone = talks & (talks.sum(axis=1, keepdims=True) == 1)
    out: list[Cut] = []
    for where, shortest in ((alone, SHORTEST), (talks, SHORTEST), (talks, 1)):
        known = {(cut.stretch, cut.slot) for cut in out}
        for slot in range(activity.shape[1]):
            key = np.where(where[:, slot], owner, -1)
            edges = [0, *(np.flatnonzero(np.diff(key)) + 1).tolist(), len(key)]
            for start, end in itertools.pairwise(edges):
                if end - start >= shortest and key[start] >= 0 and (int(key[start]), slot) not in known:
                    out += _pieces(start, end, int(key[start]), slot, double=where is talks)
    return sorted(out, key=lambda cut: (cut.start, cut.end, cut.slot))


def _pieces(start: int, end: int, stretch: int, slot: int, double: bool) -> list[Cut]:
    length = end - start
    count = 1 if length <= LONGEST else int(np.ceil((length - LONGEST) / (LONGEST / 2))) + 1
    size = min(length, LONGEST)
    starts = np.linspace(start, end - size, count).round().astype(int).tolist()
    return [Cut(at, at + size, stretch, slot, length / count, double) for at in starts]


def voices(
    audio: Audio,
    pieces: Sequence[Cut],
    embedder: SubsegmentEmbedder,
    batch: int = PIECES_AT_ONCE,
    progress: Progress = silent,
) -> FloatArray:
    """Unit embeddings ``[N, D]`` of pieces sorted by start, in one pass that holds some seconds of sound."""
    vectors: list[FloatArray] = []
    waiting: list[FloatArray] = []
    held, first, done = np.zeros(0, np.float32), 0, 0

    def give(samples: FloatArray) -> None:
        waiting.append(np.array(samples, np.float32))
        if len(waiting) >= batch:
            vectors.append(embedder.pieces(waiting))
            waiting.clear()

    for block in audio.blocks():
        held = np.concatenate([held, np.asarray(block, np.float32)])
        read = first + len(held)
        while done < len(pieces) and pieces[done].end * FRAME <= read:
            give(held[pieces[done].start * FRAME - first : pieces[done].end * FRAME - first])
            done += 1
        keep = pieces[done].start * FRAME if done < len(pieces) else read
        drop = min(max(0, keep - first), len(held))
        held, first = held[drop:], first + drop
        progress(min(1.0, read / SAMPLE_RATE / max(audio.duration, 1e-9)))
    for cut in pieces[done:]:  # the sound may end inside the last frame
        give(held[max(0, cut.start * FRAME - first) : cut.end * FRAME - first])
    if waiting:
        vectors.append(embedder.pieces(waiting))
    return np.concatenate(vectors) if vectors else np.zeros((0, 1), np.float32)


def as_scan(
    stretches: Sequence[SortformerWindow], pieces: Sequence[Cut], vectors: FloatArray, samples: int, step: float = 1.0
) -> Scan:
    """A :class:`Scan` of a recording of ``samples`` samples, with a window every ``step`` seconds."""
    frames = frames_of(samples)
    activity, _ = merged(stretches)
    activity = activity if len(activity) else np.zeros((1, SLOTS), np.float32)
    ordered = np.sort(activity, axis=1)
    scores = np.column_stack([ordered[:, -1], ordered[:, -2], np.zeros(len(activity), np.float32)])
    hop = min(FRAMES, max(1, round(step * SAMPLE_RATE / HOP)))
    count = max(1, -(-(frames - FRAMES) // hop) + 1)
    windows = np.zeros((count, FRAMES, SLOTS), np.uint8)
    for index in range(count):
        at = _sortformer_frames(np.arange(index * hop, index * hop + FRAMES))
        # Neighbouring stretches share more than a window, so every window lies completely in one of them.
        whole = [s for s in stretches if s.start <= at[0] and min(at[-1], len(activity) - 1) < s.end]
        if whole:
            inside = (at >= whole[0].start) & (at < whole[0].end)
            windows[index, inside] = np.rint(whole[0].activity[at[inside] - whole[0].start] * 255)
    return Scan(
        scores=scores[np.minimum(_sortformer_frames(np.arange(frames)), len(activity) - 1)].astype(np.float32),
        windows=windows,
        step=hop,
        spans=np.array(
            [(_room_frame(cut.start, frames), _room_frame(cut.end, frames)) for cut in pieces], np.int64
        ).reshape(-1, 2),
        double=np.array([cut.double for cut in pieces], np.bool_),
        weights=np.array([cut.weight * FRAME / HOP for cut in pieces], np.float32),
        vectors=vectors,
    )


def _sortformer_frames(frame: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The frames of Sortformer that contain the centres of the room's frames."""
    return np.asarray((frame * HOP + FIELD // 2) // FRAME, np.int64)


def _room_frame(frame: int, most: int) -> int:
    """The first of the room's frames that begins in, or after, a frame of Sortformer."""
    return int(np.clip(-(-(frame * FRAME - (FIELD - HOP) // 2) // HOP), 0, most))
