"""The public form of a document: what a reader of the results needs, and nothing that helps to recognise somebody.

Gone are the SHA-256 of the recording, which links a result to every other copy of it; how alike faces and voices were
to those of enrolled people; and where the faces of people are who may not be seen, picture by picture.
"""

from __future__ import annotations

import re

from timeline.document import Evidence, Redaction, Timeline

_FIGURES = re.compile(r" \([^()]*\d[^()]*\)")


def public_form(timeline: Timeline) -> Timeline:
    """The document without what links and likens. The public form of a public form is itself.

    Args:
        timeline: with ``provenance.source``, a keyed hash that tells the owner alone which recording it is.
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
    """Without figures in the reason, which tell how alike somebody is; of a word they tell nothing about anybody."""
    if redaction.kind == "word":
        return redaction
    reason, before = redaction.reason, ""
    while reason != before:  # brackets may stand in brackets
        reason, before = _FIGURES.sub("", reason), reason
    return redaction.model_copy(update={"reason": reason})
