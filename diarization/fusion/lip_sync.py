"""Faces over time, and how well their lips fit a voice's turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diarization.fusion.settings import (
    CHANCE_SHIFT,
    CLEAR_FIT,
    DOUBT_SECONDS,
    PARTLY_FITS,
    SEEN_TOGETHER,
    TURN_EDGE,
    USUAL_LIPS,
)
from diarization.settings import FusionSettings
from timeline import FaceTrack, Segment, Turn, union

_GRID = 0.1
"""Step, s, of the shifts at which lips and turns are compared."""

SILENT_LIPS = (
    "Lips tell little about who speaks in this recording: they move as much while others talk. They were used only "
    "where they fit a voice without doubt."
)
"""Note if lips fit voices only by chance."""

Times = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One person's tracks, never two at once.

    Attributes:
        tracks: by start.
        enrolled: the enrolled person recognised in them, or None.
    """

    tracks: tuple[FaceTrack, ...]
    enrolled: str | None

    @property
    def start(self) -> float:
        """First sighting, s."""
        return self.tracks[0].start


def seen_together(a: Sequence[FaceTrack], b: Sequence[FaceTrack]) -> bool:
    """Whether any two of the tracks are on screen at the same time in different places, and so are two people."""
    return any(min(s.end, t.end) - max(s.start, t.start) > SEEN_TOGETHER and not one_place(s, t) for s in a for t in b)


def one_place(a: FaceTrack, b: FaceTrack) -> bool:
    """Whether two simultaneous tracks overlap, so that they may be one face found twice.

    Most of the smaller one must be inside the other, most of the time.
    """
    at = np.linspace(max(a.start, b.start), min(a.end, b.end), 9)
    one, other = (np.stack([np.interp(at, t.times, t.boxes[:, i]) for i in range(4)], axis=1) for t in (a, b))
    low, high = np.maximum(one[:, :2], other[:, :2]), np.minimum(one[:, :2] + one[:, 2:], other[:, :2] + other[:, 2:])
    covered = np.maximum(high - low, 0.0).prod(axis=1)
    smaller = np.minimum(one[:, 2:].prod(axis=1), other[:, 2:].prod(axis=1))
    return bool((covered > 0.5 * smaller).mean() > 0.5)


def faces(tracks: Sequence[FaceTrack], settings: FusionSettings) -> list[Face]:
    """Join tracks of one face over time, ordered by first sighting.

    Tracks recognised as one enrolled person are joined, and tracks with similar appearance; never two that share the
    screen, nor of two enrolled people. If two on screen at once were recognised as one enrolled person, the less
    similar one is unknown.
    """
    order = sorted(tracks, key=lambda t: (t.start, t.id))
    apart = _apart(order)
    who = [track.enrolled for track in order]
    for i in sorted(range(len(order)), key=lambda i: (-order[i].similarity, i)):
        if who[i] is not None and any(
            who[j] == who[i] and apart[i, j] for j in range(len(order)) if _beats(order, j, i)
        ):
            who[i] = None
    alike = _alikeness(order)
    for i, a in enumerate(who):
        for j, b in enumerate(who[:i]):
            if a is not None and b is not None:
                apart[i, j] = apart[j, i] = apart[i, j] or a != b
                alike[i, j] = alike[j, i] = 1.0 if a == b else -1.0
    members = [[i] for i in range(len(order))]
    alike[apart] = -1.0
    np.fill_diagonal(alike, -1.0)
    while len(order) > 1:
        i, j = (int(v) for v in np.unravel_index(int(alike.argmax()), alike.shape))
        if alike[i, j] < settings.same_face:
            break
        i, j = min(i, j), max(i, j)
        share = len(members[i]) / (len(members[i]) + len(members[j]))
        apart[i] |= apart[j]
        apart[:, i] = apart[i]
        alike[i] = np.where(apart[i], -1.0, share * alike[i] + (1 - share) * alike[j])
        alike[i, i] = -1.0
        alike[:, i] = alike[i]
        alike[j], alike[:, j] = -1.0, -1.0
        members[i] += members[j]
        members[j] = []
    groups = [sorted(group) for group in members if group]
    return [
        Face(tuple(order[i] for i in group), next((w for i in group if (w := who[i]) is not None), None))
        for group in sorted(groups)
    ]


def _beats(tracks: Sequence[FaceTrack], j: int, i: int) -> bool:
    return (tracks[j].similarity, -j) > (tracks[i].similarity, -i)


def _apart(tracks: Sequence[FaceTrack]) -> npt.NDArray[np.bool_]:
    """``[N, N]`` which tracks are on screen together."""
    start, end = np.array([t.start for t in tracks]), np.array([t.end for t in tracks])
    out = np.minimum(end[:, None], end) - np.maximum(start[:, None], start) > SEEN_TOGETHER
    np.fill_diagonal(out, False)
    for i, j in zip(*np.nonzero(np.triu(out)), strict=True):
        out[i, j] = out[j, i] = not one_place(tracks[i], tracks[j])
    return np.asarray(out)


def _alikeness(tracks: Sequence[FaceTrack]) -> npt.NDArray[np.float64]:
    """``[N, N]`` cosine of the appearances; -1 if one is unknown."""
    out = np.full((len(tracks), len(tracks)), -1.0)
    known = [i for i, t in enumerate(tracks) if t.embedding is not None]
    if known:
        matrix = np.stack([np.asarray(tracks[i].embedding, np.float64) for i in known])
        out[np.ix_(known, known)] = matrix @ matrix.T
    return out


def covered(times: Times, spans: Sequence[Segment]) -> npt.NDArray[np.bool_]:
    """``[N]`` which instants lie in any of the spans."""
    flat = np.array([edge for span in union(spans) for edge in (span.start, span.end)], np.float64)
    return np.asarray(np.searchsorted(flat, times, side="right") % 2 == 1)


def samples(tracks: Sequence[FaceTrack]) -> tuple[Times, Times, Times]:
    """``(times, speaking scores, seconds that each stands for)`` of all the tracks, each ``[N]``."""
    times, scores, widths = [], [], []
    for track in tracks:
        if len(track.speaking_times):
            times.append(track.speaking_times)
            scores.append(track.speaking)
            gap = float(np.median(np.diff(track.speaking_times))) if len(track.speaking_times) > 1 else 0.04
            widths.append(np.full(len(track.speaking_times), gap))
    if not times:
        empty = np.zeros(0)
        return empty, empty, empty
    return np.concatenate(times), np.concatenate(scores), np.concatenate(widths)


@dataclass(frozen=True, slots=True)
class LipFit:
    """How well a face's lips fit a voice.

    Attributes:
        lead: -1..1, how much more the lips move inside the voice's turns than outside; drawn to 0 if there is little
            evidence, or if lips and turns fit about as well when shifted in time.
        seen: seconds that the face was on screen during those turns.
        lively: mean speaking score inside.
        quiet: mean speaking score outside.
    """

    lead: float
    seen: float
    lively: float
    quiet: float


def lip_fit(face: Face, turns: Sequence[Turn], leave_out: Sequence[Turn] = ()) -> LipFit:
    """How well ``face`` fits the voice with ``turns``; times in ``leave_out`` count as neither inside nor outside.

    Scorers differ in scale, and some call every moving mouth a speaking one. So the lead is the better of two measures:
    the difference of the mean scores, and how well the score distinguishes inside from outside regardless of scale (2
    AUC - 1). A face that moves all the time has the same score inside and outside and leads in neither. One that moves
    now and then can coincide with a voice's turns by chance, the more easily the fewer they are: see :func:`_chance`.
    """
    times, speaking, seconds = samples(face.tracks)
    inside = covered(times, [Segment(t.start, t.end) for t in turns])
    outside = ~inside & ~covered(times, [Segment(t.start, t.end) for t in leave_out])
    far = outside & ~covered(times, [Segment(max(0.0, t.start - TURN_EDGE), t.end + TURN_EDGE) for t in turns])
    seen, unseen = float(seconds[inside].sum()), float(seconds[far].sum())

    def mean(where: npt.NDArray[np.bool_], weight: float) -> float:
        return float((speaking[where] @ seconds[where] + DOUBT_SECONDS * USUAL_LIPS) / (weight + DOUBT_SECONDS))

    lively, quiet = mean(inside, seen), mean(far, unseen)
    lead = lively - quiet
    if lively >= USUAL_LIPS and inside.any() and far.any():
        from scipy.stats import rankdata  # slow to import

        ranks = rankdata(np.concatenate([speaking[inside], speaking[far]]))
        count, others = int(inside.sum()), int(far.sum())
        auc = float((ranks[:count].sum() - count * (count + 1) / 2) / (count * others))
        lead = max(lead, (2 * auc - 1) * (seen / (seen + DOUBT_SECONDS)) * (unseen / (unseen + DOUBT_SECONDS)))
    if lead > 0:
        lead *= _chance(times, speaking, inside, outside)
    return LipFit(lead, seen, lively, quiet)


def lips_are_reliable(fits: Sequence[Sequence[LipFit]], sure: float) -> bool:
    """Whether lips tell who speaks in this recording.

    They do not where more faces fit a voice a little than fit one well: everybody's lips move as chance has it, and a
    They do not if more faces fit a voice a little than fit one well: then lips move independently of speech, and a face

    Args:
        fits: of each face, to each voice.
        sure: lead from which on lips fit well.
    """
    best = np.array([max((found.lead for found in row), default=0.0) for row in fits])
    partly = int(((best >= PARTLY_FITS) & (best < sure)).sum())
    return partly < 2 or partly <= int((best >= sure).sum())


def _chance(times: Times, speaking: Times, inside: npt.NDArray[np.bool_], outside: npt.NDArray[np.bool_]) -> float:
    """0..1, how far a fit stands out from those of the same lips and turns shifted against each other in time.

    The ranks of the scores, summed over the turns, are computed at every shift (a cross-correlation). Their spread
    measures chance; the value without shift is divided by ``CLEAR_FIT`` times that spread.
    """
    counts = inside | outside
    if counts.sum() < 2 or not inside.any() or not outside.any():
        return 0.0
    from scipy.stats import rankdata  # slow to import

    steps = np.floor(times[counts] / _GRID).astype(int)
    steps -= steps.min()
    size = int(steps.max()) + 1
    ranks = rankdata(speaking[counts])
    total = np.bincount(steps, ranks - ranks.mean(), size) / np.maximum(np.bincount(steps, minlength=size), 1)
    voice = np.bincount(steps, inside[counts], size) > 0
    found = np.fft.irfft(np.fft.rfft(total) * np.conj(np.fft.rfft(voice - voice.mean())), size)
    far = round(CHANCE_SHIFT / _GRID)
    others = found[far : size - far + 1]
    if len(others) < 2 * far:
        return 1.0
    spread = float(np.sqrt((others**2).mean()))
    return float(np.clip(found[0] / max(CLEAR_FIT * spread, 1e-9), 0, 1))


def lip_movement_level(
    tracks: Sequence[FaceTrack], start: float, end: float, quiet: float, lively: float
) -> float | None:
    """How much the lips move in ``[start, end)``: 0 as outside the person's turns, 1 as inside.

    None if none of the tracks has a score there.
    """
    total, weight = 0.0, 0
    for track in tracks:
        a, b = np.searchsorted(track.speaking_times, [start, end])
        total, weight = total + float(track.speaking[a:b].sum()), weight + int(b - a)
    if not weight:
        return None
    return float(np.clip((total / weight - quiet) / max(lively - quiet, 0.05), 0, 1))
