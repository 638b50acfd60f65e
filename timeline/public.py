"""The public form of a document: what readers need, and nothing that helps to recognise people.

It lacks the SHA-256 of the recording, which links a result to every copy of it; how similar faces and voices are to
enrolled people; and the positions, picture by picture, of faces that may not be seen.
"""

from __future__ import annotations

from timeline.document import Evidence, Redaction, Timeline


def public_form(timeline: Timeline) -> Timeline:
    """The document without whatever links it to recordings or people. Applying this twice changes nothing more.

    Args:
        timeline: with ``provenance.source``, a keyed hash that identifies the recording to its owner alone.
    """
    return timeline.model_copy(
        update={
            "tracks": [track.model_copy(update={"boxes": []}) if track.masked else track for track in timeline.tracks],
            "turns": [turn.model_copy(update={"evidence": Evidence()}) for turn in timeline.turns],
            "redactions": [_plain(redaction) for redaction in timeline.redactions],
            "provenance": timeline.provenance.model_copy(update={"source_sha256": ""}),
        }
    )


def _plain(redaction: Redaction) -> Redaction:
    """Remove figures from the reason, which tell how similar somebody is. Figures about words are harmless and stay."""
    if redaction.kind == "word":
        return redaction
    return redaction.model_copy(update={"reason": without_figures(redaction.reason)})


def without_figures(text: str) -> str:
    """The text without brackets behind a space that hold a digit, themselves or in brackets within them that stay."""
    kept: list[str] = []
    opened: list[tuple[int | None, bool]] = []  # where a bracket's space stands, and whether it holds a digit
    for char in text:
        if char == "(":
            opened.append((len(kept) - 1 if kept and kept[-1] == " " else None, False))
        elif char.isdecimal() and opened:
            opened[-1] = (opened[-1][0], True)
        elif char == ")" and opened:
            at, digit = opened.pop()
            if digit and at is not None:
                del kept[at:]
                continue
            if digit and opened:
                opened[-1] = (opened[-1][0], True)
        kept.append(char)
    return "".join(kept)
