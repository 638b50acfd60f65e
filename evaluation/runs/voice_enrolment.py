"""What enrolment does with a clip of two takes: ``python -m evaluation.runs.voice_enrolment --keep FILE.npz``.

Clips are put together from two takes of :mod:`evaluation.data.voice_takes`, some six seconds each: of one person in
two channels or on two days, and of two people, half of them through the same channel. The checks of
enrolment either take the whole clip, or only its greater part because nothing tells, or refuse it. Printed are the
shares, apart for the people of the validation set, and how often the part that is taken holds both people. Far-field
speech is left out: it is too noisy to be enrolled. FILE.npz keeps the embedded takes and is the same as that of
``evaluation.runs.voice_likelihood``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from diarization import DiarizationSettings, VoiceEmbedder
from evaluation.data import composed
from evaluation.data.voice_takes import PIECE, Takes, takes
from evaluation.metrics.intervals import wilson
from registered import VoiceQuality, greater_part, split_voices, voices_ratio
from weights import Store

LONGEST, SHORTEST = 5, 3
"""Pieces of a take at most and at least."""
_EACH = 60
"""Clips for each person and kind."""
_LENGTH = 12.0
"""Seconds of speech that a clip is taken to have, where the rest of it must be long enough: the media's are shorter."""
_TELEPHONE = "telephone"


@dataclass(frozen=True, slots=True, eq=False)
class MixedClip:
    """Rows of two takes in :class:`Takes`, and the kind: "one person" or "two people"."""

    rows: npt.NDArray[np.int64]
    kind: str


def _pick(index: list[int], half: int, dice: np.random.Generator) -> list[int]:
    """Consecutive pieces of one half of a take, so that two channels do not share words."""
    part = index[: len(index) // 2] if half == 0 else index[len(index) // 2 :]
    start = int(dice.integers(max(1, len(part) - LONGEST + 1)))
    return part[start : start + LONGEST]


def clips(found: Takes, people: Sequence[str]) -> Iterator[MixedClip]:
    """Clips of two takes of ``people``; the same ones every time."""
    dice = np.random.default_rng(0)
    by: dict[str, dict[tuple[str, str], list[int]]] = {person: {} for person in people}
    for row, (person, clip, channel) in enumerate(zip(found.person, found.clip, found.channel, strict=True)):
        if str(person) in by:
            recorded = channel == "as recorded"
            by[str(person)].setdefault((str(clip) if recorded else "", str(channel)), []).append(row)
    for person in people:
        own = sorted(by[person])
        for _ in range(_EACH if len(own) > 1 else 0):
            one, other = (own[i] for i in dice.choice(len(own), 2, replace=False))
            parts = _pick(by[person][one], 0, dice), _pick(by[person][other], 1, dice)
            if min(map(len, parts)) >= SHORTEST:
                yield MixedClip(np.array([*parts[0], *parts[1]]), "one person")
        others = [p for p in people if p != person and by[p]]
        for number in range(_EACH if others and own else 0):
            second = others[int(dice.integers(len(others)))]
            one = own[int(dice.integers(len(own)))]
            theirs = sorted(by[second])
            same = number % 2 == 0 and one in by[second]
            other = one if same else theirs[int(dice.integers(len(theirs)))]
            parts = _pick(by[person][one], 0, dice), _pick(by[second][other], 1, dice)
            if min(map(len, parts)) >= SHORTEST:
                yield MixedClip(np.array([*parts[0], *parts[1]]), "two people")


def outcome(clip: MixedClip, found: Takes, embedder: VoiceEmbedder, rules: VoiceQuality) -> str:
    """What enrolment does: "whole", "part", "mixed" (a part with both people) or "refused"."""
    vectors = found.vectors[clip.rows]
    other = split_voices(vectors, rules.other_share)
    if other is None:
        return "whole"
    narrow = bool((found.channel[clip.rows] == _TELEPHONE).all())
    likely = voices_ratio(vectors, other, embedder, PIECE, narrow)
    if likely <= rules.two_people:
        return "refused"
    if likely >= rules.one_person:
        return "whole"
    chosen = greater_part(vectors, other)
    if chosen.mean() * _LENGTH < rules.min_speech:
        return "refused"
    return "mixed" if len(set(found.person[clip.rows][chosen])) > 1 else "part"


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.voice_enrolment", description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="file in which the embedded takes are kept")
    args = parser.parse_args(argv)
    store = Store()
    embedder = VoiceEmbedder.from_store(store, DiarizationSettings())
    every, rules = takes(store, embedder, args.keep), VoiceQuality()
    found = every.where(every.source != "far-field")
    unseen = {p for p in composed.everybody() if composed.person_folder(p).is_relative_to(composed.FOLDERS[1])}
    everybody = sorted({str(person) for person in found.person})
    for part, people in (
        ("development", [p for p in everybody if p not in unseen]),
        ("validation", [p for p in everybody if p in unseen]),
    ):
        counts: dict[str, Counter[str]] = {}
        for clip in clips(found, people):
            counts.setdefault(clip.kind, Counter())[outcome(clip, found, embedder, rules)] += 1
        for kind, count in counts.items():
            total = count.total()
            cells = []
            for what in ("whole", "part", "mixed", "refused"):
                low, high = wilson(count[what], total)
                cells.append(f"{what} {count[what] / total:.3f} [{low:.3f}, {high:.3f}]")
            print(f"{part}, {kind}: {', '.join(cells)} ({total} clips of {len(people)} people)", flush=True)


if __name__ == "__main__":
    main()
