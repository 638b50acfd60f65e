"""All attacks on a corpus, the strongest of them, and what the conversion costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from discreet.voice_evaluation.corpus import Corpus, Take
from discreet.voice_evaluation.cost import Quality, quality
from discreet.voice_evaluation.sound import Sounds
from timeline import FloatArray
from voice.attacks import (
    ATTACKERS,
    AttackMaterial,
    Linked,
    Outcome,
    Plda,
    Prosody,
    SemiInformed,
    Trials,
    Vectors,
    Wccn,
    mcadams,
    outcome,
    power_for,
)
from weights import Store

FIRST, SECOND = "ecapa", "campplus"
"""The network that attackers train back ends on, and one that only ever compares."""
BREAKS = 0.15
"""Equal error rate to which a well trained attacker brings McAdams' coefficient, at most: published attackers reach
4.5 % (VoicePrivacy 2024), these back ends 7 % on two languages' read speech."""
CHECKED_KEYS = 4
"""Under which McAdams' coefficient is attacked, to check the attacker."""
LEAST_SPEAKERS, LEAST_KEYS = 200, 8
"""What an attacker should have learned from; less overstates how well a voice is hidden."""
LEAST_GROUP = 4
"""Speakers of a group that is reported on its own."""
TEXT_NOTE = "Not measured: what the words themselves tell. Whoever knows what somebody says, or how, needs no voice."
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What is done.

    Attributes:
        quality: compare words, melody, loudness, pace and naturalness, too.
        most: takes to compare for that.
        check: attack McAdams' coefficient with the same attackers, to see whether they are trained well enough.
        rounds: resamples for the intervals.
    """

    quality: bool = True
    most: int = 60
    check: bool = True
    rounds: int = 1000


@dataclass(frozen=True, slots=True)
class VoiceReport:
    """What was found.

    Attributes:
        speakers: how many were attacked.
        keys: under how many keys they were converted.
        learned: speakers and keys that the semi-informed attacker learned from.
        attacks: ``"network attacker"`` -> what it reaches.
        strongest: the name of the attack with the lowest equal error rate.
        purpose: how surely one pseudonym has one voice, and different people different ones, under one key.
        groups: ``"label"`` -> what the strongest attack reaches among the speakers with that label.
        check: what the attacker reaches on McAdams' coefficient; None: not tried.
        quality: what the conversion costs; None: not measured.
        notes: what to know when reading it.
    """

    speakers: int
    keys: int
    learned: tuple[int, int]
    attacks: dict[str, Outcome] = field(repr=False)
    strongest: str
    purpose: Outcome = field(repr=False)
    groups: dict[str, Outcome] = field(repr=False)
    check: Outcome | None
    quality: Quality | None
    notes: list[str]

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def evaluate(
    corpus: Corpus, store: Store, sounds: Sounds, options: Options | None = None, progress: Progress = lambda line: None
) -> VoiceReport:
    """Attack ``corpus``.

    Raises:
        ModelError: ECAPA is not in the store.
        InputError: a recording cannot be read, or is too short.
    """
    options = options or Options()
    notes = [TEXT_NOTE]
    trials: dict[str, Trials] = {}
    material: AttackMaterial | None = None
    for model in (FIRST, SECOND):
        if model != FIRST and not store.has(model):
            notes.append(f"{model} is not in the store, so the second embedding was not tried")
            continue
        progress(f"embedding with {model}")
        here = _material(corpus, lambda takes, model=model: sounds.embeddings(takes, model))  # type: ignore[misc]
        material = material or here
        trials |= dict(_tried(here, model))
    assert material is not None
    progress("rhythm, melody and loudness")
    heard = Prosody()(_material(corpus, sounds.prosody, whole=False))
    if heard is not None:
        trials[Prosody.name] = heard
    progress("intervals")
    attacks = {name: outcome(each, options.rounds) for name, each in trials.items()}
    strongest = min(attacks, key=lambda name: attacks[name].eer.value)
    learned = _learned(material)
    check = None
    if options.check:
        progress("attacking McAdams' coefficient with the same attackers")
        check = check_attacker(corpus, sounds, store, options.rounds)
    notes += _notes(corpus, material, learned, check)
    return VoiceReport(
        speakers=len(material.enrolled),
        keys=len(material.keys),
        learned=learned,
        attacks=attacks,
        strongest=strongest,
        purpose=outcome(Linked()(material), options.rounds),
        groups=dict(_groups(corpus, trials[strongest])),
        check=check,
        quality=quality(corpus, sounds, store, options.most) if options.quality else None,
        notes=notes,
    )


def check_attacker(corpus: Corpus, sounds: Sounds, store: Store, rounds: int = 1000) -> Outcome | None:
    """The semi-informed attackers on the same speakers under McAdams' coefficient; None where they cannot be trained.

    What they reach must be far below what they reach on a voice that is called well hidden.
    """
    from diarization import DiarizationSettings, VoiceEmbedder

    embedder = VoiceEmbedder.from_store(store, DiarizationSettings.model_validate({"voiceprint": FIRST}))
    parts: list[FloatArray] = []
    takes: list[Take] = []
    for key in range(1, CHECKED_KEYS + 1):
        moved = [mcadams(sounds.read(take), power_for((key, take.speaker))) for take in corpus.originals]
        parts.append(embedder.pieces(moved))
        takes += [Take(take.speaker, take.number, key, take.path) for take in corpus.originals]
    converted = Vectors(
        np.concatenate(parts),
        tuple(take.speaker for take in takes),
        tuple(take.number for take in takes),
        tuple(take.key for take in takes),
    )
    material = AttackMaterial(sounds.embeddings(corpus.originals, FIRST), converted)
    found = [SemiInformed("WCCN", Wccn)(material), SemiInformed("PLDA", Plda)(material)]
    reached = [outcome(each, rounds) for each in found if each is not None]
    return min(reached, key=lambda each: each.eer.value, default=None)


def _material(corpus: Corpus, vectors: Callable[[tuple[Take, ...]], Vectors], whole: bool = True) -> AttackMaterial:
    return AttackMaterial(
        vectors(corpus.originals),
        vectors(corpus.converted),
        vectors(corpus.training) if whole and corpus.training else None,
        vectors(corpus.undone) if whole and corpus.undone else None,
    )


def _tried(material: AttackMaterial, model: str) -> Iterator[tuple[str, Trials]]:
    for attacker in ATTACKERS:
        if model != FIRST and isinstance(attacker, SemiInformed):
            continue
        found = attacker(material)
        if found is not None:
            yield f"{model} {attacker.name}", found


def _learned(material: AttackMaterial) -> tuple[int, int]:
    """Speakers, of those who are attacked at one time half, and keys."""
    names, keys = set(material.enrolled[::2]), set(material.keys)
    if material.training is not None:
        names |= {name for name in material.training.speakers if name.partition("~")[0] not in material.enrolled[1::2]}
        keys |= {1000 + key for key in material.training.keys}
    return len(names), len(keys)


def _notes(corpus: Corpus, material: AttackMaterial, learned: tuple[int, int], check: Outcome | None) -> Iterator[str]:
    if len(material.keys) < 2:
        yield "converted under one key only, so the lazy and the semi-informed attacker could not be tried"
    elif learned[0] < LEAST_SPEAKERS or learned[1] < LEAST_KEYS:
        yield (
            f"the semi-informed attacker learned from {learned[0]} speakers under {learned[1]} keys; with less than"
            f" {LEAST_SPEAKERS} under {LEAST_KEYS} it may look weaker than it is (--training gives it more)"
        )
    if check is not None and check.eer.value > BREAKS:
        yield (
            f"THE ATTACKER IS BADLY TRAINED: it reaches {check.eer.value:.1%} on McAdams' coefficient, which a good one"
            f" brings under {BREAKS:.0%}; do not rely on the semi-informed figures"
        )
    if not corpus.undone:
        yield "nobody tried to turn the voices back (--undone gives the result of an attempt)"
    if corpus.missing:
        yield f"{corpus.missing} originals have no converted counterpart and were left out"


def _groups(corpus: Corpus, trials: Trials) -> Iterator[tuple[str, Outcome]]:
    for kind, labels in corpus.labels.items():
        for label in sorted(set(labels.values())):
            index = [i for i, name in enumerate(trials.enrolled) if labels.get(name) == label]
            if len(index) < LEAST_GROUP:
                continue
            rows = np.isin(trials.spoken, index)
            place = {number: at for at, number in enumerate(index)}
            part = Trials(
                trials.scores[rows][:, index],
                np.array([place[number] for number in trials.spoken[rows]], np.int64),
                tuple(trials.enrolled[i] for i in index),
            )
            try:
                yield f"{kind}: {label}", outcome(part)
            except ValueError:
                continue
