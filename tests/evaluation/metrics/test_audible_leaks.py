"""A private word counts as heard again if it, or one that sounds like it, is recognised near its place."""

import numpy as np
import pytest

from evaluation.metrics.audible_leaks import heard_again, redacted
from redaction import RedactionSettings
from timeline import ArrayAudio, Redaction, Word


def heard(text: str, start: float = 5.0) -> list[Word]:
    return [Word(start=start, end=start + 0.4, text=text)]


@pytest.mark.parametrize(
    ("secret", "word", "leaks"),
    [
        ("Meier", "Meier,", True),
        ("Margaret", "Margret", True),
        ("ten", "10", True),
        ("10", "Ten.", True),
        ("Meier", "letter", False),
        ("to", "two", False),
    ],
)
def test_what_counts_as_heard(secret: str, word: str, leaks: bool) -> None:
    assert heard_again(secret, 5.0, 5.4, heard(word)) is leaks


@pytest.mark.parametrize(("start", "near"), [(3.5, False), (3.7, True), (6.3, True), (6.5, False)])
def test_only_a_word_within_a_second_of_the_place_counts(start: float, near: bool) -> None:
    assert heard_again("Meier", 5.0, 5.4, heard("Meier", start)) is near


def test_redacted_sound_is_as_long_and_differs_only_there() -> None:
    rng = np.random.default_rng(1)
    audio = ArrayAudio(rng.normal(0, 0.1, 5 * 16000).astype(np.float32), 16000)
    gone = Redaction(
        id="r1", kind="word", start=2.0, end=2.5, entity="PERSON", operator="silence", score=1.0, reason="model"
    )
    safe = redacted(audio, [gone], RedactionSettings())
    assert len(safe.samples) == len(audio.samples)
    inside = slice(int(2.05 * 16000), int(2.45 * 16000))
    assert not safe.samples[inside].any()
    np.testing.assert_array_equal(safe.samples[: int(1.9 * 16000)], audio.samples[: int(1.9 * 16000)])
    np.testing.assert_array_equal(safe.samples[int(2.6 * 16000) :], audio.samples[int(2.6 * 16000) :])
