"""What is heard in a channel by itself goes out of the one sound, and out of its text."""

from discreet.pipeline.channel_transcripts import decode_transcripts, encode_transcripts, fill_unheard, with_view_words
from discreet.pipeline.privacy import RedactionPlan
from redaction import PiiFinder, RedactionSettings, Transcript
from timeline import Segment, Word

SPEECH = [Segment(0.0, 9.0)]


def said(text: str, start: float = 1.0) -> list[Word]:
    return [
        Word(start=start + 0.5 * i, end=start + 0.5 * i + 0.4, text=word, confidence=0.9)
        for i, word in enumerate(text.split())
    ]


def finder() -> PiiFinder:
    return PiiFinder(RedactionSettings(deny=("Gareth",)))


def transcript(text: str, start: float = 1.0, **more: object) -> Transcript:
    return Transcript(said(text, start), "en", 0.9, **more)  # type: ignore[arg-type]


def test_a_private_word_of_a_channel_is_redacted_in_sound_and_text() -> None:
    before = RedactionPlan(words=said("the plan is fine and the budget"))
    after = with_view_words(before, finder, [transcript("my name is Gareth and I am here")], SPEECH)
    (redaction,) = after.redactions
    assert redaction.start <= 2.5 < 2.9 <= redaction.end
    assert redaction.id == "c1-w1"
    assert [w.text for w in after.words] == ["the", "plan", "is", "[DENIED]", "and", "the", "budget"]
    assert [w.text for w in after.said["c1-w1"]] == ["Gareth"]
    assert after.forms.within("gareth") == "DENIED"
    assert "Gareth" not in repr(after)


def test_what_is_gone_already_is_not_taken_twice() -> None:
    words = transcript("my name is Gareth")
    once = with_view_words(RedactionPlan(), finder, [words], SPEECH)
    assert with_view_words(once, finder, [words, words], SPEECH).redactions == once.redactions


def test_a_channel_in_a_language_that_is_not_covered_adds_nothing() -> None:
    foreign = Transcript(said("ich bin Gareth"), "de", 0.9)
    before = RedactionPlan(words=said("the plan"))
    assert with_view_words(before, finder, [foreign], SPEECH) == before


def test_speech_that_only_a_channel_made_out_is_understood() -> None:
    mixed = transcript("we start", 0.0, unheard=[Segment(2.0, 3.0), Segment(6.0, 8.0)])
    whole = fill_unheard(mixed, [transcript("two words", 2.0), transcript("two more", 2.0)])
    assert [w.text for w in whole.words] == ["we", "start", "two", "words"]
    assert whole.unheard == [Segment(6.0, 8.0)]
    assert fill_unheard(mixed, []) == mixed


def test_words_keep_the_order_in_which_they_were_said_where_alignment_left_them_crossing() -> None:
    crossing = Transcript([*said("to", 1.3), *said("describe", 1.1)], "en", 0.9)
    assert fill_unheard(crossing, []) == fill_unheard(crossing, [transcript("more", 5.0)]) == crossing


def test_transcripts_are_kept_as_bytes() -> None:
    kept = [transcript("two words", unheard=[Segment(1.0, 2.0)]), transcript("")]
    assert decode_transcripts(encode_transcripts(kept)) == kept
