"""``features``: one row a turn, and nothing of words, sound or time in it."""

from __future__ import annotations

from dataclasses import replace

from sharing.levels import Features, Session


def test_a_row_tells_who_speaks_after_whom(session: Session) -> None:
    a, b, s = "P-AAAAAAAAAAAAA", "P-BBBBBBBBBBBBB", session.token
    text = Features().make([session]).texts["turns.csv"]
    assert text.splitlines() == [
        "session,turn,speaker,before,overlap",
        f"{s},1,{a},,0",
        f"{s},2,{b},{a},0",
        f"{s},3,{a},{b},1",
        f"{s},4,{b},{a},0",
    ]


def test_a_pause_makes_no_row_of_its_own(session: Session) -> None:
    plain = session.timeline
    first = plain.turns[0]
    middle = (first.start + first.end) / 2
    halves = [first.model_copy(update={"end": middle - 0.2}), first.model_copy(update={"start": middle + 0.2})]
    paused = replace(session, timeline=plain.model_copy(update={"turns": [*halves, *plain.turns[1:]]}))
    assert Features().make([paused]).texts == Features().make([session]).texts


def test_every_column_is_in_the_dictionary(session: Session) -> None:
    made = Features().make([session])
    assert [column.name for column in made.columns] == made.texts["turns.csv"].splitlines()[0].split(",")
