"""A simulated meeting: everybody has four turns, and the fifth person hears themselves under the first's slot."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from diarization.sortformer import FRAME, SLOTS
from evaluation.runs.many_speakers import PAUSE, ROUNDS, meeting


@pytest.mark.parametrize("count", [2, 4, 6])
def test_turns_slots_and_sound_go_together(count: int) -> None:
    people = [f"p{number}" for number in range(count)]
    clips = {person: [np.full(3 * FRAME + 5, i + 1.0, np.float32)] for i, person in enumerate(people)}
    audio, who, window = meeting(clips, people, np.random.default_rng(1))
    turns = [person for person, _ in groupby(who) if person]
    assert sorted(turns) == sorted(people * ROUNDS)
    assert len(who) == len(turns) * (3 + PAUSE) == len(window.activity)
    samples = np.concatenate(list(audio.blocks()))
    assert len(samples) == len(who) * FRAME
    slots: dict[str, int] = {}
    for frame, person in enumerate(who):
        own = samples[frame * FRAME : (frame + 1) * FRAME]
        active = np.flatnonzero(window.activity[frame] > 0.5)
        if not person:
            assert (own == 0).all()
            assert len(active) == 0
            continue
        assert (own == people.index(person) + 1).all()
        (slot,) = active
        assert slots.setdefault(person, int(slot)) == slot
    assert [slots[person] for person in dict.fromkeys(turns)] == [i % SLOTS for i in range(count)]
