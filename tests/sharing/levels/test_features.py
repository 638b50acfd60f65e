"""``features``: one row a turn, and nothing of words, sound or time in it."""

from __future__ import annotations

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


def test_every_column_is_in_the_dictionary(session: Session) -> None:
    made = Features().make([session])
    assert [column.name for column in made.columns] == made.texts["turns.csv"].splitlines()[0].split(",")
