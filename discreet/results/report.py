"""What a person reads after a run: who was found, what was taken out, and what was not done."""

from __future__ import annotations

from collections import Counter

import numpy as np

from timeline import Person, Segment, Timeline, total
from timeline.captions import stamp


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
    """Speech that goes with nobody's lips: spoken by somebody who is not on screen. Not all of it is found."""
    from vision import off_screen_speech

    scores = [np.asarray(track.speaking, np.float64).reshape(-1, 2) for track in timeline.tracks]
    voice = [Segment(turn.start, turn.end) for turn in timeline.turns]
    return off_screen_speech([(rows[:, 0], rows[:, 1]) for rows in scores], voice)


def _answers(person: Person) -> str:
    agreed = [word for word in ("seen", "heard", "quoted") if getattr(person, word)]
    return ", ".join(agreed) if agreed else "nothing"


def report_text(timeline: Timeline) -> str:
    """The report as plain text. It holds no private word: everything comes from the document."""
    facts = summary(timeline)
    people = {p["id"]: p for p in facts["people"]}  # type: ignore[attr-defined]
    picture = f", {facts['picture']} at {facts['fps']} frames a second" if facts["picture"] else ", no picture"
    lines = [
        "Discreet report",
        "",
        f"Recording: {stamp(timeline.recording.duration)[:8]}{picture}",
        "",
        "People (what each agreed to)",
    ]
    for person in timeline.people:
        row = people[person.id]
        enrolled = "enrolled" if person.registered else "not enrolled"
        lines.append(
            f"  {person.label} ({enrolled}; agreed to be: {_answers(person)}): "
            f"spoke {row['speech_seconds']} s, {row['tracks']} face tracks"
        )
    if facts["off_screen_seconds"]:
        lines.append(f"  by nobody on screen, as far as lips tell: {facts['off_screen_seconds']} s of speech")
    lines += ["" if timeline.people else "  nobody was found", "Taken out"]
    lines.append(f"  faces: {facts['tracks_masked']} of {facts['tracks']} tracks masked throughout")
    lines.append(f"  voices: {facts['voices_changed_seconds']} s of turns in another voice")
    private = facts["private"]
    found = ", ".join(f"{count} x {entity}" for entity, count in private.items()) if private else "none found"  # type: ignore[attr-defined]
    lines.append(f"  private words: {found}")
    lines += ["", "Cost"]
    lines += [
        f"  {s.name}: {s.seconds:.1f} s ({s.rtf:.2f} of the recording's length), {s.peak_rss_mb:.0f} MB at most"
        for s in timeline.provenance.stages
    ]
    notes = timeline.provenance.notes
    lines += ["", "What to know", *(f"  - {note}" for note in notes)] if notes else []
    return "\n".join(lines) + "\n"
