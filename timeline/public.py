"""The public form of a document: what readers need, and nothing that helps to recognise people.

It lacks the SHA-256 of the recording, which links a result to every copy of it; how similar faces and voices are to
enrolled people; and the positions, picture by picture, of faces that may not be seen.
"""

from __future__ import annotations

import re

from timeline.document import Evidence, Redaction, Timeline

_FIGURES = re.compile(r" \([^()]*\d[^()]*\)")


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
    reason, before = redaction.reason, ""
    while reason != before:  # brackets may be nested
        reason, before = _FIGURES.sub("", reason), reason
    return redaction.model_copy(update={"reason": reason})
