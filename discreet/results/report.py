"""The report of a run: who was found, what was redacted, and what was not done."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from discreet.pipeline.privacy import UNCHECKED
from redaction import NOT_UNDERSTOOD, UNQUOTED
from timeline import Person, Segment, Timeline, number_of, stamp, total

SPEECH = {
    NOT_UNDERSTOOD: "speech that was not understood",
    UNCHECKED: "speech that was not checked",
    UNQUOTED: "speech of people who may not be quoted",
}
"""Kinds of redactions of speech rather than of a private word, and their names in the report."""


def summary(timeline: Timeline) -> dict[str, object]:
    """The facts of a result, for people and for ``--json``: seconds, counts, people, notes."""
    words = Counter(r.entity or "private" for r in timeline.redactions if r.kind == "word")
    recording = timeline.recording
    return {
        "duration": recording.duration,
        "picture": f"{recording.width}x{recording.height}" if recording.width else None,
        "fps": recording.fps,
        "people": [
            {
                "id": person.id,
                "label": person.label,
                "registered": person.registered,
                "seen": person.seen,
                "heard": person.heard,
                "quoted": person.quoted,
                "speech_seconds": round(
                    total(Segment(t.start, t.end) for t in timeline.turns if t.person == person.id), 1
                ),
                "tracks": sum(track.person == person.id for track in timeline.tracks),
            }
            for person in timeline.people
        ],
        "tracks": len(timeline.tracks),
        "tracks_masked": sum(track.masked for track in timeline.tracks),
        "turns": len(timeline.turns),
        "words": len(timeline.words),
        "private": dict(sorted(words.items())),
        "off_screen_seconds": round(total(_off_screen(timeline)), 1) if timeline.tracks else None,
        "voices_changed_seconds": round(
            total(Segment(r.start, r.end) for r in timeline.redactions if r.kind == "voice"), 1
        ),
        "stages": [stage.model_dump() for stage in timeline.provenance.stages],
        "notes": timeline.provenance.notes,
    }


def _off_screen(timeline: Timeline) -> list[Segment]:
    """Speech of nobody whose face is on screen. Not all of it is found."""
    from vision import off_screen_speech

    scores = [np.asarray(track.speaking, np.float64).reshape(-1, 2) for track in timeline.tracks]
    voice = [Segment(turn.start, turn.end) for turn in timeline.turns]
    return off_screen_speech([(rows[:, 0], rows[:, 1]) for rows in scores], voice)


def agreed(person: Person) -> str:
    """What an enrolled person agreed to. Strangers agreed to nothing: for them, what the settings decide."""
    if not person.registered:
        quoted = "quoted under a pseudonym, as the settings say" if person.quoted else "not quoted"
        return f"not enrolled, so masked and in another voice; {quoted}"
    answers = [word for word in ("seen", "heard", "quoted") if getattr(person, word)]
    answers += ["named"] if person.name is not None else []
    return f"enrolled, agreed to be {_listed(answers)}" if answers else "enrolled, agreed to nothing"


def _spoke(seconds: float) -> str:
    return f"spoke {seconds} s" if seconds else "did not speak"


def _listed(words: list[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])


def report_text(timeline: Timeline) -> str:
    """The report as plain text. It holds no private word: everything comes from the document."""
    facts = summary(timeline)
    picture = f", {facts['picture']} at {facts['fps']} frames a second" if facts["picture"] else ", no picture"
    sections = [
        ["Discreet report"],
        [f"Recording: {stamp(timeline.recording.duration)[:8]}{picture}"],
        ["People", *_people(timeline, facts)],
        ["Taken out", *_taken_out(facts)],
        [
            "Cost",
            *(
                f"  {s.name}: {s.seconds:.1f} s ({s.rtf:.2f} of the recording's length), {s.peak_rss_mb:.0f} MB at most"
                for s in timeline.provenance.stages
            ),
        ],
    ]
    if timeline.provenance.notes:
        sections.append(["What to know", *(f"  - {note}" for note in timeline.provenance.notes)])
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _people(timeline: Timeline, facts: dict[str, Any]) -> list[str]:
    rows = {row["id"]: row for row in facts["people"]}
    lines = [
        f"  {person.label} ({agreed(person)}): {_spoke(rows[person.id]['speech_seconds'])},"
        f" {number_of(rows[person.id]['tracks'], 'face track')}"
        for person in timeline.people
    ]
    others = facts["tracks"] - sum(row["tracks"] for row in rows.values())
    if others:
        lines.append(f"  faces that belong to none of them: {number_of(others, 'face track')}")
    if facts["off_screen_seconds"]:
        lines.append(f"  speech from off screen, as far as can be told: {facts['off_screen_seconds']} s")
    return lines or ["  nobody was found"]


def _taken_out(facts: dict[str, Any]) -> list[str]:
    words = {kind: count for kind, count in facts["private"].items() if kind not in SPEECH}
    found = ", ".join(f"{count} x {kind}" for kind, count in words.items()) or "none found"
    return [
        f"  faces: {facts['tracks_masked']} of {number_of(facts['tracks'], 'track')} masked throughout",
        f"  voices: {facts['voices_changed_seconds']} s of turns in another voice",
        f"  private words: {found}",
        *(
            f"  {SPEECH[kind]}: {number_of(count, 'place')}"
            for kind, count in facts["private"].items()
            if kind in SPEECH
        ),
    ]
