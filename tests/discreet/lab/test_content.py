import numpy as np
import pytest

from discreet.lab.content import bleu, chrf, state_likeness, wer

SAID = [["the", "cat", "sat", "on", "the", "mat"], ["it", "was", "late", "in", "the", "day"]]


def test_what_is_the_same_is_perfect() -> None:
    assert wer(SAID, SAID) == 0.0
    assert bleu(SAID, SAID) == pytest.approx(1.0)
    assert chrf([" ".join(each) for each in SAID], [" ".join(each) for each in SAID]) == pytest.approx(1.0)


def test_what_shares_nothing_is_worth_nothing() -> None:
    other = [["xxxx"] * 6, ["zzzz"] * 6]
    assert wer(SAID, other) == 1.0
    assert bleu(SAID, other) < 0.1
    assert chrf(["abc def"], ["xyz"]) == 0.0


def test_one_word_of_six_is_a_sixth() -> None:
    assert wer(SAID[:1], [["the", "cat", "sat", "on", "a", "mat"]]) == pytest.approx(1 / 6)


def test_bleu_is_that_of_the_paper() -> None:
    # 5 of 6 words, 3 of 5 pairs, 2 of 4 triples, 1 of 3 fours; equal lengths.
    heard = ["the", "cat", "sat", "on", "a", "mat"]
    assert bleu(SAID[:1], [heard]) == pytest.approx((5 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** 0.25)


def test_who_says_less_pays_for_brevity() -> None:
    short = [SAID[0][:4]]
    assert bleu(SAID[:1], short) == pytest.approx(np.exp(1 - 6 / 4))


def test_nothing_heard_is_no_reason_to_fail() -> None:
    assert np.isnan(wer([], []))
    assert bleu([["a"]], [[]]) == 0.0
    assert chrf([""], [""]) == 0.0


def test_states_that_differ_only_in_what_all_share_are_not_alike() -> None:
    random = np.random.default_rng(0)
    sounds = [random.normal(size=(20, 8)) + 50 for _ in range(2)]
    same = state_likeness(sounds, sounds, lambda sound: sound)
    other = state_likeness(sounds, sounds[::-1], lambda sound: sound)
    assert same == pytest.approx(1.0)
    assert abs(other) < 0.4
