"""Level ``features``: the order of turns as a table, without words, sound or times.

Features of sound identify people (``evaluation.runs.sharing_features``). Of twenty voices that say the same (chance
.05), mel spectra averaged over 100 ms identified all, although hardly a word could be understood any more (word error
rate .88), and contours of pitch and loudness without their mean and spread identified .67 after one turn. So no feature
of sound is exported, only the order of turns, which identifies nobody (.05).
"""

from __future__ import annotations

from collections.abc import Sequence

from sharing.levels.people import pseudonymous
from sharing.levels.session import Artefact, Column, Session
from sharing.levels.transcript import joined, said_in

FILE = "turns.csv"
HEAD = "session,turn,speaker,before,overlap"


class Features:
    """One row per turn: who speaks, after whom, and whether somebody else speaks at the same time."""

    name = "features"

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export: one table of all sessions."""
        rows = [HEAD]
        for session in sessions:
            timeline = pseudonymous(session)
            over = [turn for turn in timeline.turns if turn.overlap]
            before = ""
            for number, one in enumerate(joined(one for one in said_in(timeline) if one.person), 1):
                overlap = int(any(o.person == one.person and one.start <= o.start < one.end for o in over))
                rows.append(f"{session.token},{number},{one.person},{before},{overlap}")
                before = one.person
        columns = (
            Column(FILE, "session", "pseudonym", "stable in this project, unknown in any other"),
            Column(FILE, "turn", "number", "place of the turn in the session, from 1"),
            Column(FILE, "speaker", "pseudonym", "who speaks"),
            Column(FILE, "before", "pseudonym", "who spoke before; empty for the first turn"),
            Column(FILE, "overlap", "0 or 1", "whether somebody else speaks at the same time"),
        )
        notes = ["Words, sound and times are left out, because they can identify people."]
        return Artefact(texts={FILE: "\n".join(rows) + "\n"}, columns=columns, notes=notes)
