"""``transcript``: the order stays, the times do not; noise on real times says what it gives away."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sharing.levels import Included, Session, Transcript
from sharing.levels.transcript import MEASURED, at_constant_rate
from tests.sharing.levels.conftest import document
from timeline import Timeline, Turn, Word


def test_words_stand_in_their_order_at_a_constant_rate(session: Session) -> None:
    timeline = next(iter(Transcript({}).make([session]).timelines.values()))
    assert [word.text for word in timeline.words] == ["good", "morning", "[PERSON]", "hello", "so", "yes"]
    assert {round(word.end - word.start, 3) for word in timeline.words} == {0.4}
    assert timeline.tracks == []
    assert timeline.recording.width == 0


@st.composite
def meetings(draw: st.DrawFn) -> Timeline:
    """Three turns of two people, of any length and with any pauses, with the same words."""
    turns, words, at = [], [], 0.0
    for number, person in enumerate(("a", "b", "a")):
        at += draw(st.floats(0, 20))
        length = draw(st.floats(0.3, 30))
        turns.append(Turn(start=at, end=at + length, person=person))
        words.append(Word(start=at, end=at + length, text=f"w{number}", person=person))
        at += length
    plain = {"recording": {"duration": at}, "people": [{"id": i, "pseudonym": i} for i in "ab"]}
    return Timeline.model_validate(plain).model_copy(update={"turns": turns, "words": words})


@given(meetings(), meetings())
def test_two_meetings_with_the_same_words_in_the_same_order_are_the_same(one: Timeline, two: Timeline) -> None:
    assert at_constant_rate(one).to_json() == at_constant_rate(two).to_json()


def test_somebody_who_may_not_be_quoted_still_has_a_turn_of_constant_length(session: Session) -> None:
    silent = replace(session, people={**session.people, "p2": Included("P-BBBBBBBBBBBBB")})
    timeline = next(iter(Transcript({}).make([silent]).timelines.values()))
    lengths = {round(turn.end - turn.start, 3) for turn in timeline.turns if turn.person == "P-BBBBBBBBBBBBB"}
    assert lengths == {1.0}


@given(meetings(), st.floats(0.01, 0.99), st.floats(0, 30))
def test_a_pause_within_what_one_person_says_leaves_no_trace(whole: Timeline, share: float, pause: float) -> None:
    first, *rest = whole.turns
    cut = first.start + share * (first.end - first.start)

    def later(one: Turn | Word) -> Turn | Word:
        return one.model_copy(update={"start": one.start + pause, "end": one.end + pause})

    paused = whole.model_copy(
        update={
            "turns": [
                first.model_copy(update={"end": cut}),
                first.model_copy(update={"start": cut + pause, "end": first.end + pause}),
                *map(later, rest),
            ],
            "words": [
                whole.words[0].model_copy(update={"end": min(cut, whole.words[0].end)}),
                *map(later, whole.words[1:]),
            ],
        }
    )
    assert at_constant_rate(paused).to_json() == at_constant_rate(whole).to_json()


def test_jitter_moves_turns_by_no_more_than_it_says_and_tells_what_it_gives_away(session: Session) -> None:
    made = Transcript({}, jitter=0.25).make([session])
    timeline = next(iter(made.timelines.values()))
    starts = [t["start"] for t in document()["turns"] if t["person"] != "p3"]
    moved = [abs(a - b) for a, b in zip(starts, sorted(t.start for t in timeline.turns), strict=True)]
    assert max(moved) <= 0.25 + 1e-9
    assert max(moved) > 0
    (figure,) = [f"{one:.0%}" for jitter, one, _ in MEASURED if jitter == 0.25]
    assert figure in made.notes[0]


def test_jitter_is_drawn_anew_each_time(session: Session) -> None:
    def starts() -> list[float]:
        timeline = next(iter(Transcript({}, jitter=1.0).make([session]).timelines.values()))
        return [turn.start for turn in timeline.turns]

    assert starts() != starts()
