"""Level ``features``: the order of turns as a table, without words, sound or times.

Features of sound were tried and recognise people: of nine voices (chance .11), mel spectra averaged over 100 ms gave
.96 although no word could be understood any more, and contours of pitch and energy with their mean and spread taken
out .23 after one turn. What is left out here was linked; what is left in is the order, which was not (.12).
"""

from __future__ import annotations

from collections.abc import Sequence

from sharing.levels.people import pseudonymous
from sharing.levels.session import Artefact, Column, Session
from sharing.levels.transcript import said_in

FILE = "turns.csv"
HEAD = "session,turn,speaker,before,overlap"


class Features:
    """One row a turn: who speaks, after whom, and whether somebody else speaks at the same time."""

    name = "features"

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export: one table of all sessions."""
        rows = [HEAD]
        for session in sessions:
            timeline = pseudonymous(session)
            overlaps = {(turn.person, turn.start, turn.end) for turn in timeline.turns if turn.overlap}
            before = ""
            for number, one in enumerate((one for one in said_in(timeline) if one.person), 1):
                overlap = int((one.person, one.start, one.end) in overlaps)
                rows.append(f"{session.token},{number},{one.person},{before},{overlap}")
                before = one.person
        columns = (
            Column(FILE, "session", "pseudonym", "stable in this project, unknown in any other"),
            Column(FILE, "turn", "number", "place of the turn in the session, from 1"),
            Column(FILE, "speaker", "pseudonym", "who speaks"),
            Column(FILE, "before", "pseudonym", "who spoke before; empty for the first turn"),
            Column(FILE, "overlap", "0 or 1", "whether somebody else speaks at the same time"),
        )
        notes = ["Words, sound and times are left out: those that were tried recognise people."]
        return Artefact(texts={FILE: "\n".join(rows) + "\n"}, columns=columns, notes=notes)
