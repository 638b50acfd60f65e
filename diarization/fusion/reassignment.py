"""Reassigning turns once it is known whose lips are whose: who talks in every moment, by voice and lips together.

The diarizer decided by voice alone. Short stretches between two people, and the moment in which one takes over from the
other, are doubtful by voice and often clear by lips. So every frame in which one person talks is reconsidered: the
log-odds of its pieces' voices, of the diarizer's decision, and of the lips where visible are combined by the best path
(Viterbi), on which a change of speaker has a cost. Lips count as much as they were found to fit that person's voice in
this meeting.

Anything that would give somebody more rights than the diarizer's decision needs clear evidence, of the voice as well as
of the lips, or stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from diarization.base import Diarization
from diarization.fusion.assignment import PersonHypothesis
from diarization.fusion.lip_sync import samples
from diarization.fusion.settings import (
    CHANGE_COST,
    CLEAR_GAIN,
    EVEN,
    FITS,
    GIVEN,
    GRID_STEP,
    INDEPENDENT_FRAMES,
    LIP_BLUR,
    LIP_FRAMES,
    MOVING,
    PIECE_NOISE,
    RESTING,
    SLIVER,
    STILL,
    VOICE_WEIGHT,
)
from diarization.viterbi import best_path
from timeline import Evidence, Segment, Turn

Frames = npt.NDArray[np.float64]
Rights = Callable[[PersonHypothesis], tuple[bool, ...]]


def refine(diarization: Diarization, found: Sequence[PersonHypothesis], rights: Rights) -> dict[int, list[Turn]]:
    """Turns of each of ``found``, by index; ``person`` of a turn is a label of that person's voices.

    Args:
        diarization: who talks when, by voice.
        found: the people, with their voices and faces.
        rights: what somebody agreed to. A stretch is not moved to somebody with more rights without clear evidence, and
            of two who talk at once, nobody with fewer rights is removed.
    """
    own = {k: [t for t in diarization.turns if t.person in someone.voices] for k, someone in enumerate(found)}
    talkers = [k for k, someone in enumerate(found) if someone.voices]
    if not any(someone.faces and someone.lead > 0 for someone in found if someone.voices) or len(talkers) < 2:
        return own
    count = int(np.ceil(max((t.end for t in diarization.turns), default=0.0) / GRID_STEP)) + 1
    active = np.stack([_active(own[k], count) for k in talkers], axis=1)
    levels = np.stack([_level(found[k], count) for k in talkers], axis=1)
    voice = _voice(diarization, [found[k] for k in talkers], active, own, talkers)
    evidence = voice + GIVEN * active
    fits = np.array([found[k].lead if found[k].faces else 0.0 for k in talkers])
    lips = np.where(levels > 0.5, MOVING, -RESTING) * (2 * levels - 1)
    evidence += np.where(np.isnan(levels), 0.0, fits * np.nan_to_num(lips))
    for start, end in _runs(active.sum(axis=1) == 1):
        path = best_path(evidence[start:end] * (GRID_STEP * INDEPENDENT_FRAMES), np.full(end - start, CHANGE_COST))
        for a, b, to in _stretches(path):
            before = active[start + a : start + b].argmax(axis=1)
            for c, d, origin in _stretches(before):
                span = slice(start + a + c, start + a + d)
                gain = float((evidence[span, to] - evidence[span, origin]).mean())
                more = _more(rights(found[talkers[to]]), rights(found[talkers[origin]]))
                if more and d - c <= LIP_BLUR and _adjoins(own[talkers[to]], span):
                    continue
                # Listeners move their lips, so lips alone give nobody rights: the voice must speak for it as well.
                if more and float((voice[span, to] - voice[span, origin]).mean()) <= 0:
                    continue
                if to != origin and gain > (CLEAR_GAIN if more else 0.0):
                    _move(own, talkers[origin], talkers[to], found[talkers[to]].voices[0], span, gain)
    for k in range(len(talkers)):
        for start, end in _runs((active.sum(axis=1) > 1) & active[:, k]):
            if found[talkers[k]].lead >= FITS and _at_rest(levels[start:end, k]):
                beside = [j for j in range(len(talkers)) if j != k and active[start:end, j].any()]
                mine = rights(found[talkers[k]])
                if not any(_more(rights(found[talkers[j]]), mine) for j in beside):
                    own[talkers[k]] = _without(own[talkers[k]], Segment(start * GRID_STEP, end * GRID_STEP))
    return own


def _more(one: Sequence[bool], other: Sequence[bool]) -> bool:
    """Whether somebody agreed to anything that the other did not."""
    return any(a and not b for a, b in zip(one, other, strict=True))


def _at_rest(levels: Frames) -> bool:
    """Whether the lips are visible most of the time, and always at rest."""
    seen = ~np.isnan(levels)
    return bool(seen.mean() > 0.5 and levels[seen].max() < STILL)


def _adjoins(turns: Sequence[Turn], span: slice) -> bool:
    """Whether a stretch (frames) begins where one of the turns ends, or ends where one begins."""
    start, end = span.start * GRID_STEP, span.stop * GRID_STEP
    return any(min(abs(t.end - start), abs(t.start - end)) <= 2 * GRID_STEP for t in turns)


def _active(turns: Sequence[Turn], count: int) -> npt.NDArray[np.bool_]:
    out = np.zeros(count, np.bool_)
    for turn in turns:
        out[round(turn.start / GRID_STEP) : max(round(turn.end / GRID_STEP), round(turn.start / GRID_STEP) + 1)] = True
    return out


def _level(someone: PersonHypothesis, count: int) -> Frames:
    """``[T]`` how much the lips move, 0 as outside the person's turns, 1 as inside; NaN where they are not visible."""
    times, scores, _ = samples(someone.tracks)
    frames = np.floor(times / GRID_STEP).astype(int)
    frames, scores = frames[frames < count], scores[frames < count]
    taper = np.ones(LIP_FRAMES)
    seen = np.bincount(frames, minlength=count)
    number = np.convolve(seen, taper, "same")
    mean = np.convolve(np.bincount(frames, scores, count), taper, "same") / np.maximum(number, 1)
    level = np.clip((mean - someone.quiet) / max(someone.lively - someone.quiet, 0.05), 0, 1)
    return np.asarray(np.where(seen > 0, level, np.nan), np.float64)


def _voice(
    diarization: Diarization,
    people: Sequence[PersonHypothesis],
    active: npt.NDArray[np.bool_],
    own: Mapping[int, Sequence[Turn]],
    talkers: Sequence[int],
) -> Frames:
    """``[T, K]`` log-odds of each person by the voice of the pieces; without pieces, by the diarizer's confidence."""
    out = np.zeros(active.shape)
    pieces = diarization.pieces
    if pieces is None:
        # Without pieces, the diarizer's confidence is all there is.
        for k, talker in enumerate(talkers):
            for turn in own[talker]:
                sure = float(np.clip(turn.confidence, 0.5, 0.99))
                out[round(turn.start / GRID_STEP) : round(turn.end / GRID_STEP), k] += np.log(sure / (1 - sure))
        return out
    centroids = np.stack([np.sum([diarization.embeddings[v] for v in p.voices], axis=0) for p in people])
    centroids = centroids / np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-9)
    number = np.zeros((len(active), 1))
    for (start, end), vector, double in zip(pieces.spans, pieces.vectors, pieces.double, strict=True):
        if not double:
            span = slice(round(start / GRID_STEP), round(end / GRID_STEP))
            out[span] += VOICE_WEIGHT * np.sqrt((end - start) / (end - start + PIECE_NOISE)) * (centroids @ vector)
            number[span] += 1
    return np.asarray(out / np.maximum(number, 1), np.float64)


def _runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _stretches(path: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """``(start, end, value)`` of each constant run."""
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return [(a, b, int(path[a])) for a, b in pairwise(edges)]


def _move(own: dict[int, list[Turn]], origin: int, to: int, label: str, span: slice, gain: float) -> None:
    """Move a stretch from the turns of ``origin`` to those of ``to``."""
    start, end = span.start * GRID_STEP, span.stop * GRID_STEP
    for turn in own[origin]:  # what is left beside it must be long enough to be a turn
        start = turn.start if 0 < start - turn.start < SLIVER or abs(start - turn.start) < GRID_STEP else start
        end = turn.end if 0 < turn.end - end < SLIVER or abs(end - turn.end) < GRID_STEP else end
    if end <= start:
        return
    own[origin] = _without(own[origin], Segment(start, end))
    sure = float(1 / (1 + np.exp(-gain)))
    beside = [t for t in own[to] if t.start - 2 * GRID_STEP <= end and start <= t.end + 2 * GRID_STEP]
    near = [t for t in beside if t.confidence >= EVEN]  # a clear stretch does not vouch for a doubtful turn beside it
    rest = [t for t in own[to] if t not in near]
    begin, until = min([start, *(t.start for t in near)]), max([end, *(t.end for t in near)])
    lengths = [end - start, *(t.end - t.start for t in near)]
    sure = float(np.average([sure, *(t.confidence for t in near)], weights=np.maximum(lengths, 1e-3)))
    made = Turn(
        start=begin,
        end=until,
        person=near[0].person if near else label,
        confidence=sure,
        evidence=Evidence(voice=sure),
        overlap=any(t.overlap for t in near),
    )
    own[to] = sorted([*rest, made], key=lambda t: (t.start, t.end))


def _without(turns: Sequence[Turn], span: Segment) -> list[Turn]:
    """The turns without the parts inside the span."""
    out: list[Turn] = []
    for turn in turns:
        if turn.end <= span.start or turn.start >= span.end:
            out.append(turn)
            continue
        if span.start - turn.start >= SLIVER:
            out.append(turn.model_copy(update={"end": round(span.start, 3)}))
        if turn.end - span.end >= SLIVER:
            out.append(turn.model_copy(update={"start": round(span.end, 3)}))
    return out
