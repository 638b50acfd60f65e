"""What each attacker may know decides what it finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from voice.attacks import (
    ATTACKERS,
    AttackMaterial,
    Ignorant,
    Lazy,
    Linked,
    Plda,
    Prosody,
    SemiInformed,
    Undo,
    Vectors,
    Wccn,
    outcome,
)

SPEAKERS, TAKES, SIZE = 24, 4, 24
Floats = npt.NDArray[np.float64]


def unit(values: Floats) -> Floats:
    return np.asarray(values / np.linalg.norm(values, axis=-1, keepdims=True))


def vectors(values: Floats, key: int = 0) -> Vectors:
    """``[S, T, D]`` as utterances of speakers."""
    count = len(values)
    who = tuple(f"s{i:02d}" for i in range(count) for _ in range(values.shape[1]))
    takes = tuple(range(values.shape[1])) * count
    return Vectors(unit(values).reshape(-1, values.shape[-1]), who, takes, (key,) * len(who))


def own_voices(seed: int = 0) -> Floats:
    random = np.random.default_rng(seed)
    return random.normal(0, 1, (SPEAKERS, 1, SIZE)) + random.normal(0, 0.2, (SPEAKERS, TAKES, SIZE))


def rotated(values: Floats, key: int) -> Floats:
    """A converter that turns all voices the same way, known to whoever has the key."""
    turn, _ = np.linalg.qr(np.random.default_rng(100 + key).normal(size=(SIZE, SIZE)))
    return np.asarray(values @ turn)


def replaced(values: Floats, key: int) -> Floats:
    """A converter that leaves nothing: every speaker has another voice under every key."""
    random = np.random.default_rng(200 + key)
    return random.normal(0, 1, (SPEAKERS, 1, SIZE)) + random.normal(0, 0.2, values.shape)


def drowned(values: Floats, key: int) -> Floats:
    """A converter that hides a voice under a far larger one, in half of the directions; keys draw it."""
    noise = np.random.default_rng(300 + key).normal(0, 8.0, (SPEAKERS, 1, SIZE))
    noise[..., SIZE // 2 :] = 0.0
    return np.asarray(values + noise)


def material(convert: object, keys: int = 4, own: Floats | None = None) -> AttackMaterial:
    assert callable(convert)
    own = own_voices() if own is None else own
    parts = [vectors(convert(own, key), key) for key in range(1, keys + 1)]
    return AttackMaterial(vectors(own), parts[0].joined(*parts[1:]))


def found(attacker: object, given: AttackMaterial) -> float:
    assert callable(attacker)
    return outcome(attacker(given), rounds=20).eer.value


def test_an_unconverted_voice_is_found_by_everybody() -> None:
    given = material(lambda own, key: own)
    for attacker in ATTACKERS:
        if not isinstance(attacker, Undo):
            assert found(attacker, given) < 0.05, attacker.name
    assert outcome(Ignorant()(given), 20).identified == 1.0


def test_a_voice_of_which_nothing_is_left_is_found_by_nobody() -> None:
    given = material(replaced)
    for attacker in (Ignorant(), Lazy(), SemiInformed("w", Wccn), SemiInformed("p", Plda)):
        assert found(attacker, given) > 0.3, attacker.name
    assert found(Linked(), given) == 0.0, "and yet it is the same voice in every meeting"


def test_a_converter_without_a_key_of_its_own_hides_from_the_ignorant_only() -> None:
    given = material(lambda own, key: rotated(own, 0))
    assert found(Ignorant(), given) > 0.25
    assert found(Lazy(), given) < 0.05


def test_only_who_trains_looks_past_what_drowns_the_voice() -> None:
    given = material(drowned, keys=6)
    assert found(Lazy(), given) > 0.25
    assert found(SemiInformed("w", Wccn), given) < 0.2


def test_who_turns_it_back_finds_what_the_ignorant_does_not() -> None:
    given = material(lambda own, key: rotated(own, key))
    back = replace(given, undone=vectors(own_voices(), 1))
    assert Undo()(given) is None
    assert found(Undo(), back) < 0.05 < found(Ignorant(), back)


def test_one_key_is_too_few_for_who_converts_for_itself() -> None:
    given = material(replaced, keys=1)
    assert Lazy()(given) is None
    assert SemiInformed("w", Wccn)(given) is None


def test_nobody_is_compared_with_what_was_learned_from() -> None:
    trials = SemiInformed("w", Wccn)(material(drowned))
    assert trials is not None
    even = trials.spoken % 2 == 0
    assert np.isnan(trials.scores[even][:, 1::2]).all()
    assert np.isfinite(trials.scores[even][:, ::2]).all()


def test_speakers_made_of_those_attacked_are_not_learned_from() -> None:
    given = material(drowned)
    seen: list[set[str]] = []

    def train(values: Floats, who: tuple[str, ...]) -> Wccn:
        seen.append(set(who))
        return Wccn(values, who)

    more = vectors(own_voices(5), 9)
    named = Vectors(more.values, tuple(f"{name}~1.1" for name in more.speakers), more.takes, more.keys)
    SemiInformed("w", train)(replace(given, training=named))
    for learned, inside in zip(seen, (given.enrolled[0::2], given.enrolled[1::2]), strict=True):
        assert not {name.partition("~")[0] for name in learned} & set(inside)
        assert any("~" in name for name in learned)


def test_prosody_that_is_kept_gives_its_speaker_away_whatever_its_level() -> None:
    assert found(Prosody(), material(lambda own, key: own)) < 0.15
    assert found(Prosody(), material(replaced)) > 0.3


def test_every_utterance_is_attacked_once_per_key() -> None:
    trials = Ignorant()(material(drowned, keys=3))
    assert trials.scores.shape == (3 * SPEAKERS * TAKES, SPEAKERS)
    assert np.isfinite(trials.scores).all()


def test_names_are_told_apart() -> None:
    assert len({attacker.name for attacker in ATTACKERS}) == len(ATTACKERS)


@pytest.mark.parametrize("short", ["speakers", "takes", "keys"])
def test_utterances_without_a_speaker_take_or_key_are_refused(short: str) -> None:
    given = {"speakers": ("a", "b"), "takes": (0, 0), "keys": (0, 0)}
    given[short] = given[short][:1]
    with pytest.raises(ValueError, match="differ in number"):
        Vectors(np.zeros((2, 3)), **given)  # type: ignore[arg-type]
