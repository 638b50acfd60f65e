"""More people than Sortformer has slots: ``python -m evaluation.runs.many_speakers``.

Real voices take turns, four times each. A simulated Sortformer hears perfectly but has four slots: the fifth person
gets the first slot, and so on. Printed are the labels that come out, the share of the speech under each label that is
its main person's, and what the report says.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from diarization import DiarizationSettings, make_voiceprint
from diarization.sortformer import FRAME, SLOTS, STEP, SortformerDiarizer, SortformerWindow
from evaluation.runs.voices import Clips, load
from timeline import ArrayAudio
from weights import Store

ROUNDS, LONGEST, PAUSE = 4, 5 * 16000, 5
"""Turns of each person, samples of the longest, frames of silence between."""


def meeting(
    clips: Clips, people: list[str], rng: np.random.Generator
) -> tuple[ArrayAudio, list[str], SortformerWindow]:
    """The sound, who talks in each frame ("": nobody), and the output of a Sortformer with four slots."""
    order = [people[i] for _ in range(ROUNDS) for i in rng.permutation(len(people))]
    sound, who = [], []
    for place, person in enumerate(order):
        turn = order[:place].count(person)
        clip = clips[person][turn % len(clips[person])][:LONGEST]
        frames = len(clip) // FRAME
        sound += [clip[: frames * FRAME], np.zeros(PAUSE * FRAME, np.float32)]
        who += [person] * frames + [""] * PAUSE
    slots = {person: i % SLOTS for i, person in enumerate(dict.fromkeys(order))}
    activity = np.full((len(who), SLOTS), 0.03, np.float32)
    for frame, person in enumerate(who):
        if person:
            activity[frame, slots[person]] = 0.93
    return ArrayAudio(np.concatenate(sound)), who, SortformerWindow(0, activity)


def main() -> None:
    """Print a line for each meeting."""
    settings = DiarizationSettings()
    voiceprint = make_voiceprint(Store(), settings)
    clips = load(ROUNDS, 6.0)
    for seed, count in enumerate((2, 4, 4, 5, 5, 6, 7, 9)):
        rng = np.random.default_rng(seed)
        people = [str(name) for name in rng.permutation(sorted(clips))[:count]]
        audio, who, stretch = meeting(clips, people, rng)

        def listen(
            audio: object, progress: object = None, stretch: SortformerWindow = stretch
        ) -> list[SortformerWindow]:
            return [stretch]

        found = SortformerDiarizer(listen, voiceprint, settings.voiceprint, settings)(audio)
        shares: dict[str, Counter[str]] = {}
        for turn in found.turns:
            inside = who[round(turn.start / STEP) : round(turn.end / STEP)]
            shares.setdefault(turn.person, Counter()).update(person for person in inside if person)
        right, total = sum(max(s.values()) for s in shares.values()), sum(s.total() for s in shares.values())
        note = " ".join(found.notes) or "slots kept"
        print(f"{count} people  {len(found.embeddings)} labels  purity {right / total:.3f}  {note}", flush=True)


if __name__ == "__main__":
    main()
