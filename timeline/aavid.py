"""The text files of AAVID, the research pipeline that Discreet continues: written from the document, and read back.

AAVID writes, for each label (a registered name, or ``Unknown``):

- ``speaking_segments.json``: ``{label: [[first_frame, last_frame], ...]}``, indented by four;
- ``label_scores.txt``: the label, ``  frames: [...]``, ``  scores: [...]``, a blank line;
- ``timeline_labeled.txt``: ``start end label``, seconds with three decimals, blanks in a label as underscores.

Frames count at 25 a second as in AAVID, which converts every video to that rate, and have no gaps while a face is on
screen. A score is the log-odds of the probability here, so that AAVID's threshold of 0 still means "speaks". Segments
follow AAVID's rule: the scores at or above 0 are smoothed with a median over 59 frames, pauses of up to 59 frames do
not end a segment, what is shorter than 31 frames is left out, and each segment begins 15 frames earlier and ends 15
later. A segment may so begin before frame 0.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence

import numpy as np

from timeline.document import Person, Recording, Timeline, Track, Turn
from timeline.labels import distinct

FRAMES_PER_SECOND = 25
MEDIAN, PAUSE, SHORTEST, AROUND = 59, 59, 31, 15
"""Frames of AAVID's rule for speaking segments."""
UNKNOWN_FACE = "Unknown"
"""The label of faces that are nobody's of the list."""
_LEAST = 1e-4
"""The least probability that is told from 0: scores lie in -9.21 to 9.21."""
_TOGETHER = 0.25
"""Seconds between two scores of one face up to which the frames between them have scores, too."""
_NUMPY = re.compile(r"np\.float\d*\(([^()]*)\)")
"""How NumPy 2 writes a number within a list."""
_LIST = re.compile(r"(?P<name>\w+): \[(?P<values>[^\[\]]*)\]")


def _labels(timeline: Timeline) -> dict[str | None, str]:
    people = ((person.id, person.label) for person in timeline.people)
    return {None: UNKNOWN_FACE, **distinct(people, _field, [UNKNOWN_FACE])}


def _log_odds(probability: float) -> float:
    p = min(max(probability, _LEAST), 1 - _LEAST)
    return round(math.log(p / (1 - p)), 3)


def _by_frame(track: Track) -> dict[int, float]:
    """Frame -> probability, for every frame between scores that are close together."""
    if not track.speaking:
        return {}
    times, values = np.array(track.speaking, np.float64).T
    at = np.arange(math.ceil(round(times[0] * FRAMES_PER_SECOND, 3)), round(times[-1] * FRAMES_PER_SECOND) + 1)
    after = np.clip(np.searchsorted(times, at / FRAMES_PER_SECOND - 1e-6), 0, len(times) - 1)
    before = np.maximum(after - 1, 0)
    exact = np.abs(times[after] - at / FRAMES_PER_SECOND) < 0.5 / FRAMES_PER_SECOND
    kept = exact | (times[after] - times[before] <= _TOGETHER)
    found = np.interp(at / FRAMES_PER_SECOND, times, values)
    return dict(zip(at[kept].tolist(), found[kept].tolist(), strict=True))


def _scores(timeline: Timeline) -> dict[str, dict[int, float]]:
    labels = _labels(timeline)
    out: dict[str, dict[int, float]] = {}
    for track in timeline.tracks:
        of_label = out.setdefault(labels[track.person], {})
        for frame, probability in _by_frame(track).items():
            of_label[frame] = max(of_label.get(frame, -math.inf), _log_odds(probability))
    return {label: dict(sorted(frames.items())) for label, frames in out.items() if frames}


def speaking_segments(timeline: Timeline) -> str:
    """``speaking_segments.json``: frames in which each face on screen speaks."""
    found = {label: _segments(list(scores), list(scores.values())) for label, scores in _scores(timeline).items()}
    return json.dumps(found, indent=4, ensure_ascii=False) + "\n"


def _segments(frames: Sequence[int], scores: Sequence[float]) -> list[list[int]]:
    """AAVID's rule: see above. ``frames`` ascend."""
    speaks = np.concatenate([[0], np.cumsum(np.asarray(scores) >= 0.0)])
    at = np.arange(len(frames))
    half = MEDIAN // 2
    smooth = speaks[np.minimum(at + half + 1, len(at))] - speaks[np.maximum(at - half, 0)] > half
    edges = np.flatnonzero(np.diff(np.concatenate([[0], smooth.astype(np.int8), [0]])))
    runs: list[list[int]] = []
    for first, end in edges.reshape(-1, 2).tolist():
        if runs and first - runs[-1][1] - 1 <= PAUSE:
            runs[-1][1] = end - 1
        else:
            runs.append([first, end - 1])
    return [[frames[a] - AROUND, frames[b] + AROUND] for a, b in runs if b - a + 1 >= SHORTEST]


def label_scores(timeline: Timeline) -> str:
    """``label_scores.txt``: the active-speaker score of each label in each frame where it is on screen."""
    return "".join(
        f"{label}\n  frames: {list(scores)}\n  scores: {list(scores.values())}\n\n"
        for label, scores in _scores(timeline).items()
    )


def timeline_labeled(timeline: Timeline) -> str:
    """``timeline_labeled.txt``: every turn with the label of its speaker."""
    labels = _labels(timeline)
    return "".join(
        f"{turn.start:.3f} {turn.end:.3f} {_field(labels[turn.person])}\n"
        for turn in sorted(timeline.turns, key=lambda turn: (turn.start, turn.end))
    )


def _field(label: str) -> str:
    return "_".join(label.split())


def from_aavid(scores: str = "", labeled: str = "") -> Timeline:
    """The document of AAVID's files. Labels become pseudonyms: who agreed to be named, these files do not say.

    Args:
        scores: ``label_scores.txt``, from which ``speaking_segments.json`` follows.
        labeled: ``timeline_labeled.txt``.

    Raises:
        ValueError: naming the line that is none of these files'.
    """
    tracks = _read_scores(scores)
    turns = [_read_turn(number, line) for number, line in enumerate(labeled.splitlines(), 1) if line.strip()]
    labels = {_field(label): label for label, _ in tracks if label != UNKNOWN_FACE}
    for _, _, field in turns:
        labels.setdefault(field, field)
    ids = {field: f"p{number}" for number, field in enumerate(labels, 1)}
    ends = [track.end for _, track in tracks] + [end for _, end, _ in turns]
    return Timeline(
        recording=Recording(duration=max(ends, default=0.0)),
        people=[Person(id=ids[field], pseudonym=label) for field, label in labels.items()],
        tracks=[track.model_copy(update={"person": ids.get(_field(label))}) for label, track in tracks],
        turns=[Turn(start=start, end=end, person=ids[field]) for start, end, field in turns],
    )


def _read_scores(text: str) -> list[tuple[str, Track]]:
    lines = [line for line in text.splitlines() if line.strip()]
    out: list[tuple[str, Track]] = []
    for number in range(0, len(lines), 3):
        label, *rows = lines[number : number + 3]
        try:
            frames, scores = (_read_list(row, name) for row, name in zip(rows, ("frames", "scores"), strict=True))
            rows_of = zip(frames, scores, strict=True)
            speaking = sorted((frame / FRAMES_PER_SECOND, _probability(score)) for frame, score in rows_of)
            start, end = speaking[0][0], speaking[-1][0]
        except (ValueError, SyntaxError, TypeError, IndexError):
            raise ValueError(f"not scores of AAVID: {label.strip()[:80]!r}") from None
        out.append((label.strip(), Track(id=f"t{len(out) + 1}", start=start, end=end, speaking=speaking)))
    return out


def _read_list(row: str, name: str) -> list[float]:
    found = _LIST.fullmatch(_NUMPY.sub(r"\1", row.strip()))
    if found is None or found["name"] != name:
        raise ValueError(name)
    return [float(value) for value in found["values"].split(",")] if found["values"].strip() else []


def _probability(score: float) -> float:
    return 1 / (1 + math.exp(-min(max(score, -50.0), 50.0)))


def _read_turn(number: int, line: str) -> tuple[float, float, str]:
    try:
        start, end, label = line.replace(",", " ").split()
        return float(start), float(end), label
    except ValueError:
        raise ValueError(f"line {number} is no turn of AAVID's: {line.strip()[:80]!r}") from None
