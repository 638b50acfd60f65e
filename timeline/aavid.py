"""Export of the text files of AAVID, the research pipeline that Discreet continues.

AAVID wrote, for each label (a registered name or an unknown one):

- ``speaking_segments.json``: ``{label: [[first_frame, last_frame], ...]}``;
- ``label_scores.txt``: the label, ``  frames: [...]``, ``  scores: [...]``, a blank line;
- ``timeline_labeled.txt``: ``start end label``, seconds with three decimals.

Frames count at 25 per second as in AAVID, which converted every video to that rate. A score is the log-odds of our
probability, so AAVID's threshold of 0 still means "speaks".
"""

from __future__ import annotations

import json
import math

from timeline.document import Timeline

FRAMES_PER_SECOND = 25
MERGE_FRAMES = 12
"""Frames of a pause (about half a second) up to which it does not end a speaking segment."""


def _labels(timeline: Timeline) -> dict[str | None, str]:
    return {None: "unknown", **{person.id: person.label for person in timeline.people}}


def _log_odds(probability: float) -> float:
    p = min(max(probability, 1e-4), 1 - 1e-4)
    return round(math.log(p / (1 - p)), 3)


def _scores(timeline: Timeline) -> dict[str, dict[int, float]]:
    labels = _labels(timeline)
    out: dict[str, dict[int, float]] = {}
    for track in timeline.tracks:
        by_frame = out.setdefault(labels[track.person], {})
        for t, probability in track.speaking:
            frame = round(t * FRAMES_PER_SECOND)
            by_frame[frame] = max(by_frame.get(frame, -math.inf), _log_odds(probability))
    return {label: dict(sorted(frames.items())) for label, frames in out.items() if frames}


def speaking_segments(timeline: Timeline) -> str:
    """``speaking_segments.json``: the frames in which each face on screen speaks."""
    out: dict[str, list[list[int]]] = {}
    for label, scores in _scores(timeline).items():
        segments: list[list[int]] = []
        for frame in (frame for frame, score in scores.items() if score >= 0.0):
            if segments and frame - segments[-1][1] <= MERGE_FRAMES:
                segments[-1][1] = frame
            else:
                segments.append([frame, frame])
        out[label] = segments
    return json.dumps(out, indent=4, ensure_ascii=False) + "\n"


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
        f"{turn.start:.3f} {turn.end:.3f} {'_'.join(labels[turn.person].split())}\n"
        for turn in sorted(timeline.turns, key=lambda turn: (turn.start, turn.end))
    )
