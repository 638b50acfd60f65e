"""Nothing is heard in a result that was not heard, and searched for private words, before."""

import numpy as np
import pytest

from redaction import RedactionSettings, Verification
from redaction.operators import RedactedAudio
from redaction.unmasked_words import new_words, silence_new_words
from timeline import ArrayAudio, Redaction, Word

S = RedactionSettings()
AUDIO = ArrayAudio(np.full(16000 * 20, 0.1, np.float32))
KNOWN = [Word(start=5.0, end=5.4, text="We", confidence=1), Word(start=5.5, end=6.0, text="agreed.", confidence=1)]


def word(text, start=7.0, length=0.4):
    return Word(start=start, end=start + length, text=text, confidence=0.9)


def new(*texts, known=()):
    return [w.text for w in new_words([word(t, 7.0 + 0.4 * i) for i, t in enumerate(texts)], known)]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["Llewellyn"], ["Llewellyn"]),
        (["then", "Llewellyn", "came"], ["Llewellyn"]),
        (["Grace", "went"], ["Grace"]),
        (["the", "grace"], []),
        (["4417"], ["4417"]),
        (["five", "five", "oh"], ["five", "five", "oh"]),
        (["five", "or", "six"], []),
        (["we", "agreed"], []),
    ],
)
def test_names_rare_words_and_numbers_that_nobody_heard_are_new(texts, told):
    assert new(*texts) == told


@pytest.mark.parametrize(
    ("heard", "before"),
    [
        ("Llewellyn", "llewellyn,"),
        ("Llewellyn", "Lewellyn"),
        ("Kowalczyk", "Kowalchik"),
        ("4417", "4417."),
        ("44", "4417"),
    ],
)
def test_another_spelling_of_what_was_heard_near_there_is_not_new(heard, before):
    assert new(heard, known=[word(before, 7.8)]) == []
    assert new(heard, known=[word(before, 12.0)]) == [heard]


def test_a_number_is_not_explained_by_one_that_looks_like_it():
    assert new("4418", known=[word("4417")]) == ["4418"]


class Ear:
    """Hears words as long as any of their sound is left, and some only once nothing is left of others."""

    def __init__(self, heard, behind=None):
        self.heard, self.behind, self.times = heard, behind or {}, 0

    def __call__(self, audio):
        assert isinstance(audio, RedactedAudio)
        self.times += 1
        x = np.concatenate(list(audio.blocks()))

        def there(w):
            return np.isclose(x[int(w.start * 16000) : int(w.end * 16000)], 0.1).mean() > 0.1

        return [w for w in self.heard if there(w) and not any(there(o) for o in self.behind.get(w.text, ()))]


def test_what_is_heard_only_in_the_result_is_silenced_and_heard_no_more():
    hidden, under = word("Llewellyn"), word("Swansea", 7.1)
    ear = Ear([*KNOWN, hidden, under], {"Swansea": [hidden]})
    proof = silence_new_words(ear, AUDIO, Verification([]), KNOWN, S)
    assert [r.operator for r in proof.redactions] == ["silence"]
    (only,) = proof.redactions
    assert only.start <= 7.0
    assert only.end >= 7.5
    assert only.start > 6.0
    assert ear(RedactedAudio(AUDIO, proof.redactions, S)) == KNOWN
    assert proof.new == pytest.approx(only.end - only.start)
    assert "words were heard only after" in proof.notes()[0]


def test_where_nothing_is_new_nothing_changes_and_one_look_is_enough():
    ear = Ear(KNOWN)
    cut = Redaction(id="w1", kind="word", start=9, end=9.5, entity="PERSON", operator="beep", reason="test")
    proof = silence_new_words(ear, AUDIO, Verification([cut]), KNOWN, S)
    assert proof.redactions == [cut]
    assert (proof.new, ear.times, proof.notes()) == (0.0, 1, [])


def test_what_is_still_heard_in_the_last_round_takes_a_second_on_both_sides_along():
    def stubborn(audio):
        return [word("Llewellyn")]

    proof = silence_new_words(stubborn, AUDIO, Verification([]), KNOWN, S)
    (only,) = proof.redactions
    assert (only.start, only.end) == (6.0, 8.4)


def test_a_surrogate_is_not_taken_for_something_new():
    said = Redaction(id="w1", kind="word", start=7, end=7.5, entity="PERSON", operator="surrogate", reason="test")

    def listens(audio):
        return [word("Llewellyn")]

    assert silence_new_words(listens, AUDIO, Verification([said]), KNOWN, S).redactions == [said]
