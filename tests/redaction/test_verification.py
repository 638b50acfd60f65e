"""Proof: a private word that is still heard goes, wider each time, and in the end with all that is said around it."""

import numpy as np

from redaction import RedactedWords, RedactionSettings, verify
from redaction.operators import RedactedAudio
from redaction.verification import leaks, skipped
from timeline import ArrayAudio, Redaction, Segment, Word

S = RedactionSettings(proof_context=2.0)
AUDIO = ArrayAudio(np.full(16000 * 20, 0.1, np.float32))


def word(text, start, length=0.4):
    return Word(start=start, end=start + length, text=text, confidence=0.9)


def cut(id="w1", start=5.0, end=5.6, operator="beep"):
    return Redaction(id=id, kind="word", start=start, end=end, entity="PERSON", operator=operator, reason="test")


CLEAR = [word("and", 4.3), word("then", 4.7, 0.25), word("came", 5.7), word("later", 9.0)]
SAID = {"w1": (word("Okonkwo", 5.05),)}


class Ear:
    """Hears ``word`` at its place as long as any of its sound is left outside of what was taken out."""

    def __init__(self, *heard: Word, deaf_from: float = 0.0) -> None:
        self.heard, self.windows = heard, []

    def __call__(self, audio, speech=None, progress=None):
        assert isinstance(audio, RedactedAudio)
        self.windows.append(list(speech))
        x = np.concatenate(list(audio.blocks()))
        # The input is constant: where it was not touched, it still is 0.1.
        left = [np.mean(np.isclose(x[int(w.start * 16000) : int(w.end * 16000)], 0.1)) for w in self.heard]
        return [w for w, share in zip(self.heard, left, strict=True) if share > 0.1]


def test_what_is_not_heard_stays_as_it_is():
    ear = Ear(word("and", 4.3), word("came", 5.7))
    proof = verify(ear, AUDIO, RedactedWords(CLEAR, [cut()], SAID), S)
    assert proof.redactions == [cut()]
    assert (proof.widened, proof.silenced, proof.notes()) == (0, 0, [])
    assert ear.windows == [[Segment(3.0, 7.6)]]
    assert proof.listened == 7.6 - 3.0


def test_a_word_still_heard_is_taken_out_wider_until_it_is_not():
    ear = Ear(word("Okonkwo", 5.4, 0.5))
    proof = verify(ear, AUDIO, RedactedWords(CLEAR, [cut()], SAID), S)
    (only,) = proof.redactions
    assert only.start <= 5.0
    assert only.end >= 5.9
    assert "widened" in only.reason
    assert only.operator == "beep"
    assert proof.widened == 1
    assert not proof.silenced
    assert len(ear.windows) == 2


def test_what_only_sounds_like_it_counts_near_its_place():
    ear = Ear(word("Ocongwo", 5.5))
    assert verify(ear, AUDIO, RedactedWords(CLEAR, [cut()], SAID), S).widened == 1


def test_what_cannot_be_made_inaudible_takes_its_whole_segment_along():
    class Stubborn(Ear):
        def __call__(self, audio, speech=None, progress=None):
            self.windows.append(list(speech))
            return [word("okonkwo", 5.2)]

    ear = Stubborn()
    proof = verify(ear, AUDIO, RedactedWords(CLEAR, [cut()], SAID), S)
    (only,) = proof.redactions
    assert only.operator == "silence"
    assert only.start <= 4.3
    assert only.end >= 6.1
    assert only.end < 9.0
    assert "segment was silenced" in only.reason
    assert proof.silenced == 1
    assert len(ear.windows) == S.proof_rounds + 1
    assert len(proof.notes()) == 2


def test_a_word_heard_somewhere_else_gets_a_redaction_of_its_own():
    ear = Ear(word("Okonkwo", 9.5))
    proof = verify(
        ear, AUDIO, RedactedWords(CLEAR, [cut(), cut("w2", 9.0, 9.3)], {**SAID, "w2": (word("Mbeki", 9.1),)}), S
    )
    extra = proof.redactions[-1]
    assert extra.id not in ("w1", "w2")
    assert extra.start <= 9.5
    assert extra.end >= 9.9
    assert extra.entity == "PERSON"
    assert proof.redactions[0] == cut()


def heard(text, at, said=SAID, clear=CLEAR):
    return [leak.redaction for leak in leaks([cut()], said, [word(text, at)], clear)]


def test_common_words_count_within_their_redaction_alone():
    said = {"w1": (word("42", 5.0), word("Maple", 5.1), word("Street", 5.3), word("the", 5.5))}
    assert heard("street", 5.2, said) == ["w1"]
    assert heard("42", 5.1, said) == ["w1"]
    assert heard("the", 5.2, said) == []
    assert heard("street", 6.4, said) == []


def test_what_was_said_there_in_the_clear_is_no_leak():
    said = {"w1": (word("Will", 5.0), word("Okonkwo", 5.1))}
    clear = [*CLEAR, word("will", 5.8)]
    assert heard("will", 5.3, said) == ["w1"]
    assert heard("will", 5.5, said, clear) == []


def test_digits_said_again_are_heard():
    said = {"w1": (word("415-555-0132", 5.0),)}
    assert heard("0132", 5.3, said) == ["w1"]
    assert heard("0132", 15.0, said) == ["w1"]


SENTENCE = [word(text, 6.0 + i * 0.5) for i, text in enumerate(["and", "then", "she", "came", "home", "late", "again"])]


def test_what_the_listener_skipped_is_what_it_gave_no_word_for():
    windows = [Segment(3.0, 12.0)]
    assert skipped(windows, SENTENCE, [word("hum", 5.0)], 2.0) == [Segment(4.0, 11.4)]
    assert skipped(windows, SENTENCE, [word("came", 7.5)], 2.0) == []  # three on either side
    assert skipped(windows, SENTENCE[:3], [], 2.0) == []
    assert skipped([Segment(0.0, 5.0)], SENTENCE, [], 2.0) == []  # nobody listened there
    assert skipped(windows, [w.model_copy(update={"redaction": "w1"}) for w in SENTENCE], [], 2.0) == []


def test_a_sentence_that_the_listener_skipped_is_listened_to_alone():
    class Careless(Ear):
        def __call__(self, audio, speech=None, progress=None):
            heard = super().__call__(audio, speech, progress)
            return [] if len(self.windows) == 1 else heard

    ear = Careless(*SENTENCE, word("Okonkwo", 5.4, 0.5))
    proof = verify(ear, AUDIO, RedactedWords([*CLEAR, *SENTENCE], [cut()], SAID), RedactionSettings(proof_context=4.0))
    assert ear.windows[1][0].start < 5.4 < 9.4 < ear.windows[1][0].end
    assert proof.widened == 1
    assert proof.redactions[0].end >= 5.9
