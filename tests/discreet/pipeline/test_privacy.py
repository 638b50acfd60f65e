"""Every doubtful word is taken out: unchecked, not understood, in another language, of somebody not to be quoted."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from diarization import Fusion
from discreet.config.settings import load
from discreet.pipeline.privacy import find_private, voice_redactions
from redaction import PiiFinder, RedactionSettings, Transcript
from timeline import Person, Segment, Turn, Word

SPEECH = [Segment(0, 2), Segment(3, 5)]
ANN = Person(id="p1", name="Ann", pseudonym="Speaker 1", registered=True, heard=True)
BOB = Person(id="p2", pseudonym="Speaker 2", quoted=False)


def words(text: str, start: float = 0.0) -> list[Word]:
    return [
        Word(start=start + i * 0.4, end=start + i * 0.4 + 0.35, text=word, confidence=0.9)
        for i, word in enumerate(text.split())
    ]


def fusion(people: Sequence[Person] = (ANN,), *turns: tuple[float, float, str]) -> Fusion:
    return Fusion(list(people), [Turn(start=s, end=e, person=p, confidence=1) for s, e, p in turns], {})


def finder() -> PiiFinder:
    return PiiFinder(RedactionSettings(), people=["Ann Whittaker"])


def never() -> PiiFinder:
    raise AssertionError("nothing was to be looked for")


def covered(private_spans: Sequence[Segment], span: Segment) -> bool:
    return any(p.start <= span.start and p.end >= span.end for p in private_spans)


def test_speech_that_nobody_transcribed_is_silenced() -> None:
    private = find_private(never, load(), None, SPEECH, fusion())
    assert all(covered([Segment(r.start, r.end) for r in private.redactions], span) for span in SPEECH)
    assert {r.operator for r in private.redactions} == {"silence"}
    assert private.notes


def test_a_language_nobody_covers_is_silenced_and_said() -> None:
    transcript = Transcript(words("guten Tag Herr Meier"), "de", 0.98)
    private = find_private(never, load(), transcript, SPEECH, fusion())
    assert private.words == []
    assert all(covered([Segment(r.start, r.end) for r in private.redactions], span) for span in SPEECH)
    assert "taken for de" in private.notes[0]


def test_speech_that_was_not_understood_is_taken_out_and_said() -> None:
    private = find_private(finder, load(), Transcript(words("hello there"), "en", 0.9, [SPEECH[1]]), SPEECH, fusion())
    assert covered([Segment(r.start, r.end) for r in private.redactions], SPEECH[1])
    assert [word.text for word in private.words] == ["hello", "there"]
    assert "could not be understood" in private.notes[0]


def test_the_name_of_somebody_enrolled_is_private_whoever_says_it() -> None:
    transcript = Transcript(words("then Whittaker came in"), "en", 0.9)
    private = find_private(finder, load(), transcript, SPEECH, fusion((ANN,), (0, 2, "p1")))
    assert [word.text for word in private.words] == ["then", "[PERSON]", "came", "in"]
    cut = private.redactions[0]
    assert cut.start <= 0.4
    assert cut.end >= 0.75


def test_who_may_not_be_quoted_is_silenced_and_left_out() -> None:
    transcript = Transcript(words("hello there friend", 0.0) + words("fine thanks", 3.0), "en", 0.9)
    private = find_private(finder, load(), transcript, SPEECH, fusion((ANN, BOB), (0, 2, "p1"), (3, 5, "p2")))
    assert [word.text for word in private.words] == ["hello", "there", "friend"]
    silenced = [Segment(r.start, r.end) for r in private.redactions if r.operator == "silence"]
    assert covered(silenced, Segment(3, 5))


@pytest.mark.parametrize(("person", "kept"), [("p1", 3), ("p2", 0)])
def test_where_somebody_who_may_not_be_quoted_may_have_spoken_nothing_stands(person: str, kept: int) -> None:
    transcript = Transcript(words("hello there friend", 0.0), "en", 0.9)
    maybe = (Turn(start=0, end=1.2, person=person, overlap=True),)
    private = find_private(
        finder, load(), transcript, SPEECH, replace(fusion((ANN, BOB), (0, 2, "p1")), possible=maybe)
    )
    assert len(private.words) == kept
    assert covered([Segment(r.start, r.end) for r in private.redactions], Segment(0, 1.2)) == (not kept)


@pytest.mark.parametrize(("person", "count"), [(ANN, 0), (BOB, 1)])
def test_a_voice_is_changed_unless_its_owner_agreed(person: Person, count: int) -> None:
    turns = [Turn(start=0, end=1, person=person.id), Turn(start=1.2, end=2, person=person.id)]
    found = voice_redactions([person], turns)
    assert len(found) == count
    assert all((r.start, r.end, r.operator) == (0, 2, "convert") for r in found)
