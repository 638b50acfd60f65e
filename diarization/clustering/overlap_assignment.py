"""From speakers back to time: who talks in every frame, and the resulting turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diarization.clustering.embedded_windows import Scan, overlap_mask, speech_mask
from diarization.clustering.segmentation import frame_start
from diarization.clustering.settings import FRAMES, OWN, PAUSE, SURE_SPEECH, TELLING_OVERLAP
from diarization.clustering.speaker_assignment import Speakers
from diarization.settings import DiarizationSettings
from diarization.viterbi import path
from timeline import Evidence, FloatArray, Segment, Turn


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Who talks when, ``[T, K]`` each.

    Attributes:
        active: whether the speaker talks in the frame.
        sure: 0..1, confidence in this speaker relative to the likeliest one who is not active.
        possible: whether the speaker may talk in the frame although not active.
    """

    active: npt.NDArray[np.bool_]
    sure: FloatArray
    possible: npt.NDArray[np.bool_]


def _own(scan: Scan, found: Speakers, double: bool) -> FloatArray:
    """``[T, K]`` mean posterior of the pieces over each frame; zero without pieces."""
    frames, count = len(scan.scores), found.posterior.shape[1]
    total, number = np.zeros((frames + 1, count)), np.zeros(frames + 1)
    for (start, end), row, two in zip(scan.spans, found.posterior, scan.double, strict=True):
        if bool(two) == double:
            total[start] += row
            total[end] -= row
            number[start] += 1
            number[end] -= 1
    return np.asarray(np.cumsum(total, axis=0)[:-1] / np.maximum(np.rint(np.cumsum(number))[:-1, None], 1), np.float32)


def _by_windows(scan: Scan, own: FloatArray) -> FloatArray:
    """``[T, K]`` activity of each speaker, where a window's local speaker is identified by the frames where it talks
    alone.
    """
    frames, count = own.shape
    span = max(frames, (len(scan.windows) - 1) * scan.step + FRAMES)
    total, norm = np.zeros((span, count), np.float32), np.zeros((span, 1), np.float32)
    padded = np.pad(own, ((0, span - frames), (0, 0)))
    taper = np.hamming(FRAMES).astype(np.float32)[:, None]
    for index, window in enumerate(scan.windows):
        at = slice(index * scan.step, index * scan.step + FRAMES)
        local = window.astype(np.float32) / 255
        alone = np.maximum(0.0, 2 * local - local.sum(axis=1, keepdims=True))
        who = alone.T @ padded[at] + 1e-3
        total[at] += taper * (local @ (who / who.sum(axis=1, keepdims=True)))
        norm[at] += taper
    return np.asarray(total[:frames] / np.maximum(norm[:frames], 1e-6), np.float32)


def speakers_of_frames(scan: Scan, found: Speakers, settings: DiarizationSettings) -> Frames:
    """Decide on one speaker for every frame with speech, and two where two voices are heard."""
    frames, count = len(scan.scores), found.posterior.shape[1]
    active = np.zeros((frames, count), np.bool_)
    if not count:
        return Frames(active, np.zeros((frames, 0), np.float32), active.copy())
    own = _own(scan, found, double=False)
    score = _by_windows(scan, own) + OWN * own
    talking = speech_mask(scan.scores, settings)
    speech = np.flatnonzero(talking)
    rank = score.copy()
    rank[np.arange(frames), path(score, scan.scores, talking)] = np.inf
    order = np.argsort(-rank, axis=1, kind="stable")
    active[speech, order[speech, 0]] = True
    possible = np.zeros_like(active)
    if count > 1:
        two = speech[overlap_mask(scan.scores, settings)[speech]]
        first, second = _heard_in(scan, found, order[two, :2], two)
        heard = settings.overlap_similarity
        enough = (np.minimum(first, second) >= heard) | (np.maximum(first, second) < heard)
        # A speaker not heard in a long overlap in which the other is, is not in it; if neither is heard, nobody knows.
        other = ~enough & (second > first)
        active[two[enough], order[two[enough], 1]] = True
        active[two[other], order[two[other], 0]] = False
        active[two[other], order[two[other], 1]] = True
        left = np.where(other, order[two, 0], order[two, 1])
        possible[two[~enough], left[~enough]] = True
    active = _paused(active, scan.scores[:, 0])
    rival = np.where(active, 0.0, score).max(axis=1, keepdims=True)
    sure = score / np.maximum(score + rival, 1e-6)
    crowd = active.sum(axis=1) > 1
    sure[crowd] *= np.maximum(scan.scores[crowd, 1:2], 0.5)
    return Frames(active, np.asarray(sure, np.float32), possible & ~active)


def _paused(active: npt.NDArray[np.bool_], speech: FloatArray) -> npt.NDArray[np.bool_]:
    """``active`` without the doubtful speech where one speaker follows another.

    Doubtful speech inside a turn is the speaker's, grown quiet; between two speakers it is usually a pause.
    """
    out, talking = active.copy(), active.sum(axis=1)
    for speaker in range(active.shape[1]):
        for start, end in _runs(active[:, speaker]):
            if start > 0 and talking[start - 1]:
                loud = np.flatnonzero(speech[start : min(end, start + PAUSE)] >= SURE_SPEECH)
                out[start : start + int(loud[0]) if len(loud) else min(end, start + PAUSE), speaker] = False
            if end < len(active) and talking[end]:
                loud = np.flatnonzero(speech[max(start, end - PAUSE) : end][::-1] >= SURE_SPEECH)
                out[end - int(loud[0]) if len(loud) else max(start, end - PAUSE) : end, speaker] = False
    return out


def _heard_in(
    scan: Scan, found: Speakers, pair: npt.NDArray[np.int64], frames: npt.NDArray[np.int64]
) -> tuple[FloatArray, FloatArray]:
    """Similarity of both speakers of ``pair [M, 2]`` to the overlaps that contain ``frames [M]``.

    The mean cosine over the overlaps that are long enough for an embedding; 1 if there is none, so nothing is known.
    """
    total = np.zeros((len(scan.scores) + 1, len(found.centroids)))
    number = np.zeros(len(scan.scores) + 1)
    for (start, end), vector, two in zip(scan.spans, scan.vectors, scan.double, strict=True):
        if two and end - start >= TELLING_OVERLAP:
            cosine = found.centroids @ vector
            total[start] += cosine
            total[end] -= cosine
            number[start] += 1
            number[end] -= 1
    count = np.rint(np.cumsum(number))[frames, None]
    means = np.where(count > 0, np.cumsum(total, axis=0)[frames] / np.maximum(count, 1), 1.0)
    rows = np.arange(len(frames))
    return means[rows, pair[:, 0]].astype(np.float32), means[rows, pair[:, 1]].astype(np.float32)


def _runs(active: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def turns(scan: Scan, frames: Frames, labels: list[str], duration: float, settings: DiarizationSettings) -> list[Turn]:
    """Turns of the speakers ``labels [K]``, by start. A pause shorter than ``min_gap`` does not end a turn."""
    crowd = frames.active.sum(axis=1) > 1
    least = _least(scan, duration, settings)
    out = [
        _turn(frames, speaker, label, span, duration, overlap=bool(crowd[slice(*span)].any()))
        for speaker, label in enumerate(labels)
        for span in _joined(frames.active[:, speaker], settings)
        if span[1] - span[0] >= least
    ]
    return _in_order(out)


def possible_turns(
    scan: Scan, frames: Frames, labels: list[str], duration: float, settings: DiarizationSettings
) -> list[Turn]:
    """What the speakers ``labels [K]`` may have said although it is not one of their turns, by start.

    These are overlaps in which their voice was not heard, and speech too short for a turn. They grant nothing; they
    serve to withhold there, too, what somebody did not agree to.
    """
    least = _least(scan, duration, settings)
    out = [
        _turn(frames, speaker, label, span, duration, overlap=True)
        for speaker, label in enumerate(labels)
        for span in (
            *_joined(frames.possible[:, speaker], settings),
            *(short for short in _joined(frames.active[:, speaker], settings) if short[1] - short[0] < least),
        )
    ]
    return _in_order(out)


def _least(scan: Scan, duration: float, settings: DiarizationSettings) -> float:
    """Length of the shortest turn, in frames."""
    return settings.min_turn * len(scan.scores) / max(duration, 1e-9)


def _joined(active: npt.NDArray[np.bool_], settings: DiarizationSettings) -> list[tuple[int, int]]:
    """Runs of ``active [T]``, with short pauses closed."""
    merged: list[tuple[int, int]] = []
    for start, end in _runs(active):
        if merged and frame_start(start) - frame_start(merged[-1][1]) < settings.min_gap:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _turn(frames: Frames, speaker: int, label: str, span: tuple[int, int], duration: float, overlap: bool) -> Turn:
    start, end = span
    sure = float(np.clip(frames.sure[start:end, speaker].mean(), 0, 1))
    # The first frame's field extends to the very start of the sound, the last one's to its end.
    begin = 0.0 if start == 0 else frame_start(start)
    until = duration if end == len(frames.active) else min(frame_start(end), duration)
    return Turn(
        start=begin,
        end=max(begin, until),
        person=label,
        confidence=sure,
        evidence=Evidence(voice=sure),
        overlap=overlap,
    )


def _in_order(turns: list[Turn]) -> list[Turn]:
    return sorted((t for t in turns if t.end > t.start), key=lambda turn: (turn.start, turn.end, turn.person))


def speech_segments(scan: Scan, duration: float, settings: DiarizationSettings) -> list[Segment]:
    """Where anybody talks, seconds, sorted and disjoint."""
    spans = [(frame_start(a), min(frame_start(b), duration)) for a, b in _runs(speech_mask(scan.scores, settings))]
    return [Segment(a, b) for a, b in spans if b > a]
