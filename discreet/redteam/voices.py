"""Voices: is a changed voice like somebody known, or like its own original?

The ignorant attacker compares the sound as it is with what is known of people. With the original recording, each turn
of somebody who may not be heard is compared with the original turns of everybody, as the owner of a recording can test
it. Attackers who train on converted speech need a corpus: ``discreet evaluate voice`` makes that attack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from capture import mono_sound, probe
from discreet.redteam.attack import Attacked, counted, not_attacked, rated
from discreet.redteam.known_people import Known
from discreet.redteam.target import Session, Target
from timeline import FloatArray

KNOWN, OWN = "voices of known people", "changed voices"
RATE = 16_000
LEAST_S, MOST_S = 1.5, 6.0
"""Seconds of a turn that is compared; of longer ones the first part."""


class Embedder(Protocol):
    """Turns speech into unit embeddings; ``same`` is the cosine at which as many pairs are mistaken either way."""

    @property
    def same(self) -> float:
        """That cosine."""
        ...

    def pieces(self, pieces: Sequence[FloatArray]) -> FloatArray:
        """Embeddings ``[N, D]`` of ``N`` pieces ``[n_i]`` at 16 kHz."""
        ...


def known_voices(targets: Sequence[Target], known: Known, embedder: Embedder) -> Attacked:
    """Turns of people who may not be heard that sound like somebody known."""
    if not known.sounds:
        return not_attacked(KNOWN, "no sound of known people was given (--known)")
    templates = np.stack(
        [_mean(embedder.pieces([sound_of(path)[: 30 * RATE] for path in paths])) for paths in known.sounds.values()]
    )
    places, tried = [], 0
    for target in targets:
        for session in target.sessions:
            for person, start, piece in _hidden_turns(session, session.recording):
                tried += 1
                if float((embedder.pieces([piece]) @ templates.T).max()) >= embedder.same:
                    places.append(f"{target.folder.name}/{session.name}, {person} at {start:.1f} s")
    if not tried:
        return not_attacked(KNOWN, "nobody speaks in a changed voice for long enough")
    return counted(KNOWN, places, tried, "turns in a changed voice that sound like somebody known")


def own_voices(targets: Sequence[Target], originals: Sequence[Path], embedder: Embedder) -> Attacked:
    """Rank-1 of finding the original speaker of a turn in a changed voice; ``originals``: one for each session."""
    sessions = [session for target in targets for session in target.sessions]
    if not originals:
        return not_attacked(OWN, "the original recording was not given (--original); see also discreet evaluate voice")
    if len(originals) != len(sessions):
        return not_attacked(OWN, f"{len(originals)} originals for {len(sessions)} sessions")
    right = trials = 0
    chances = []
    for session, original in zip(sessions, originals, strict=True):
        changed = list(_hidden_turns(session, session.recording))
        told = list(_hidden_turns(session, original))
        people = sorted({person for person, _, _ in told})
        if len(people) < 2 or not changed:
            continue
        embedded = embedder.pieces([piece for _, _, piece in told])
        for (person, start, _), vector in zip(
            changed, embedder.pieces([piece for _, _, piece in changed]), strict=True
        ):
            # The turn itself is left out: its own original would be found by its words alone.
            means = [
                _mean(embedded[[n for n, (who, at, _) in enumerate(told) if who == one and at != start]])
                for one in people
            ]
            guess = people[int(np.argmax([float(mean @ vector) for mean in means]))]
            right, trials = right + (guess == person), trials + 1
            chances.append(1 / len(people))
    if not trials:
        return not_attacked(OWN, "it needs two people with a changed voice in one session, with two turns each")
    return rated(OWN, right, trials, float(np.mean(chances)), "turns whose original speaker was found")


def _hidden_turns(session: Session, recording: Path | None) -> Iterator[tuple[str, float, FloatArray]]:
    """Person, start (s) and sound of each turn of somebody who may not be heard, where nobody else speaks."""
    hidden = {person.id for person in session.timeline.people if not person.heard}
    if recording is None or not hidden:
        return
    sound = sound_of(recording)
    for turn in session.timeline.turns:
        piece = sound[round(turn.start * RATE) : round(min(turn.end, turn.start + MOST_S) * RATE)]
        # Silence is no voice: whoever is left out says nothing.
        if turn.person in hidden and not turn.overlap and len(piece) >= LEAST_S * RATE and np.abs(piece).max() > 1e-3:
            yield turn.person, turn.start, piece


def sound_of(path: Path) -> FloatArray:
    """The sound of a recording as ``[n]`` at 16 kHz, empty where it has none."""
    info = probe(path)
    if not info.has_audio:
        return np.zeros(0, np.float32)
    return np.concatenate([np.zeros(0, np.float32), *mono_sound(path, info).blocks()])


def _mean(rows: Any) -> FloatArray:
    mean = rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1])
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)
