"""Attack the level ``features``: ``python -m evaluation.runs.sharing_features [--folder DIR]``.

Twenty speakers say the same sentences over an equal channel. An informed attacker learns from what the level tells of
half of them, and says who speaks in the others: the upper 95 % limit of its rank-1 must be at most twice chance, from 1
turn and from 10. Features of sound, which the level does not hold, show what they would give away; the first, 80 mel
bands, is the control: it must reach .95, and its words must be understood again, or the attack is void.

``--folder`` keeps the made speech, which takes ten minutes. The second table has the readers of VCTK, real voices.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluation.attacks.linkage import Linked, linked
from evaluation.attacks.mel_inversion import mel, sound_from
from evaluation.attacks.sound_features import CANDIDATES
from evaluation.data.interviews import SPEAKER, sessions
from evaluation.data.same_text_speakers import RATE, Reading, made, readers, sentences
from redaction import RedactionSettings, Transcriber
from sharing.levels import Features
from timeline import ArrayAudio, FloatArray
from voice.quality import plain_words, word_errors
from weights import Store

SENTENCES, SPOKEN = 100, 20
"""Sentences for the level, of which only words and times are needed, and for features of sound."""
TURNS = (1, 10)
MOST, CONTROL, LOST, UNDERSTOOD = 2.0, 0.95, 0.9, 0.5
"""Times chance at most; rank-1 of the control at least; word error rate after inversion at least; of the control at
most."""
GAP_S = 0.5
LEVEL = "the level features"


def told(readings: Sequence[Reading]) -> npt.NDArray[np.float64]:
    """What the level tells of each answer: how often who speaks, and where somebody else does at the same time."""
    artefact = Features().make(sessions(readings))
    (text,) = artefact.texts.values()
    by: dict[str, list[dict[str, str]]] = {}
    for line in csv.DictReader(text.splitlines()):
        by.setdefault(line["session"], []).append(line)
    return np.array([_answer(by[f"S-{number}"]) for number in range(len(readings))])


def _answer(lines: Sequence[dict[str, str]]) -> list[float]:
    own = [line for line in lines if line["speaker"] == SPEAKER]
    both = [float(line.get("overlap") or 0) for line in lines]
    order = sum((line["speaker"] == SPEAKER) << place for place, line in enumerate(lines[:12]))
    return [float(len(own)), float(len(lines) - len(own)), sum(both), both[1], float(order)]


def level_attacked(readings: Sequence[Reading], turns: Sequence[int]) -> Iterator[tuple[str, int, Linked]]:
    """The level, as it is exported."""
    rows = told(readings)
    for count in turns:
        yield LEVEL, count, linked(rows, *_labels(readings), count)


def sound_attacked(readings: Sequence[Reading], turns: Sequence[int]) -> Iterator[tuple[str, int, Linked]]:
    """Features of sound that the level does not hold."""
    for what, features in CANDIDATES.items():
        rows = np.array([features(one.sound) for one in readings])
        for count in turns:
            yield what, count, linked(rows, *_labels(readings), count)


def _labels(readings: Sequence[Reading]) -> tuple[list[str], list[int]]:
    return [one.speaker for one in readings], [one.number for one in readings]


def inverted(readings: Sequence[Reading], bands: int, frames: int) -> list[FloatArray]:
    """Each reading after mel spectra and back."""
    return [sound_from(mel(one.sound, bands, frames), frames) for one in readings]


def lost(listen: Transcriber, readings: Sequence[Reading], sounds: Sequence[FloatArray]) -> float:
    """Word error rate of the readings, heard from ``sounds`` one after the other."""
    gap = np.zeros(round(GAP_S * RATE), np.float32)
    heard = listen.transcribe(ArrayAudio(np.concatenate([part for one in sounds for part in (one, gap)]))).words
    said = [word for one in readings for word in plain_words(one.text)]
    return word_errors(said, plain_words(" ".join(word.text for word in heard))) / len(said)


def main() -> int:
    """Print the tables; 1 if a mark is not met, or the attack is void."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.runs.sharing_features", description="Attack features.")
    parser.add_argument("--folder", type=Path, help="keeps the made speech")
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="for the level")
    parser.add_argument("--spoken", type=int, default=SPOKEN, help="for features of sound")
    given = parser.parse_args()
    store, texts = Store(), sentences()
    level = list(level_attacked(list(made(store, texts[: given.sentences])), TURNS))
    shown("20 voices, equal sentences", level)
    spoken = list(made(store, texts[: given.spoken], sound=True, folder=given.folder))
    several = min(TURNS[-1], given.spoken // 2)
    sound = list(sound_attacked(spoken, (1, several)))
    shown("features of sound, which the level does not hold", sound)
    real = list(readers())
    if real:
        both = [*level_attacked(real, (1, 4)), *sound_attacked(real, (1, 4))]
        shown("4 readers of VCTK, equal sentences (few: told, not judged)", both)
    listen = Transcriber.from_store(store, RedactionSettings(language="en"))
    some = [one for place, one in enumerate(spoken) if place % 21 == 0]
    rates = {name: lost(listen, some, inverted(some, *how)) for name, how in {"80": (80, 1), "20": (20, 10)}.items()}
    silence = lost(listen, some, [np.zeros_like(one.sound) for one in some])
    print(
        f"word error rate after inversion: 80 bands {rates['80']:.2f}, 20 bands of 100 ms {rates['20']:.2f}", flush=True
    )
    control = next(found for _, count, found in sound if count == several)
    marks = [
        *(
            (f"{count} turns: at most {MOST:g} x chance {found.chance:.3f}: {found.upper:.3f}", met(found))
            for _, count, found in level
        ),
        (f"word error rate of what the level holds of sound: {silence:.2f}", silence >= LOST),
        (f"control, 80 mel bands, {several} turns: {control.rank1:.3f}", control.rank1 >= CONTROL),
        (f"control, words of 80 mel bands: {rates['80']:.2f}", rates["80"] <= UNDERSTOOD),
    ]
    for what, right in marks:
        print(f"{what}: {'met' if right else 'NOT MET'}", flush=True)
    return int(not all(right for _, right in marks))


def met(found: Linked) -> bool:
    """Whether nobody can be linked: the upper limit of rank-1 is at most twice chance."""
    return found.upper <= MOST * found.chance


def shown(title: str, rows: Sequence[tuple[str, int, Linked]]) -> None:
    """Print a table."""
    print(f"{title}: chance {rows[0][2].chance:.3f}", flush=True)
    for what, count, found in rows:
        print(
            f"  {what:42s} {count:2d} turns: rank-1 {found.rank1:.3f}, 95 % at most {found.upper:.3f}"
            f" ({found.trials} trials, {found.attacker})",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
