"""Words that are audible only outside the mixed sound: in a single channel, or in the difference of two."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from discreet.pipeline import serialise
from discreet.pipeline.privacy import RedactionPlan, covered
from redaction import PiiFinder, Transcript, placeholder, still_unheard
from timeline import Redaction, Segment, Word, intersect, total, union

_COVERED = 0.9
"""A redaction adds nothing if others cover at least this share of it."""
_WORD = 0.5
"""A word is redacted if at least this share of it lies in a redaction."""


def fill_unheard(transcript: Transcript, beside: Sequence[Transcript]) -> Transcript:
    """``transcript`` with words of ``beside`` added where its own sound was not understood."""
    words, unheard = list(transcript.words), transcript.unheard
    for other in beside:
        if not unheard:
            break
        new = [w for w in other.words if any(s.start <= (w.start + w.end) / 2 < s.end for s in unheard)]
        words, unheard = [*words, *new], still_unheard(unheard, new)
    if len(words) == len(transcript.words):
        return transcript  # words that alignment left crossing keep the order in which they were said
    return replace(transcript, words=sorted(words, key=lambda w: (w.start, w.end)), unheard=unheard)


def with_view_words(
    private: RedactionPlan,
    finder: Callable[[], PiiFinder],
    transcripts: Sequence[Transcript],
    speech: Sequence[Segment],
) -> RedactionPlan:
    """``private`` with the private words of ``transcripts`` added, to be redacted in the mixed sound and the text.

    Args:
        private: what was found in the mixed sound.
        finder: makes the finder of private words; called only if there are words.
        transcripts: what was heard outside the mixed sound.
        speech: where somebody speaks, seconds.
    """
    for number, transcript in enumerate(transcripts, 1):
        if not transcript.words or not covered(transcript):
            continue
        found, forms = finder().redact(transcript.words, speech)
        gone = union(Segment(r.start, r.end) for r in private.redactions if r.kind == "word")
        new = {r.id: _renamed(r, number) for r in found.redactions if not _covered(r, gone)}
        private = replace(
            private,
            words=with_placeholders(private.words, list(new.values())),
            redactions=[*private.redactions, *new.values()],
            said=private.said | {new[id].id: said for id, said in found.said.items() if id in new},
            forms=private.forms.joined(forms),
        )
    return private


def _renamed(redaction: Redaction, number: int) -> Redaction:
    reason = f"{redaction.reason}; heard in a channel of its own"
    return redaction.model_copy(update={"id": f"c{number}-{redaction.id}", "reason": reason})


def _covered(redaction: Redaction, gone: Sequence[Segment]) -> bool:
    span = Segment(redaction.start, redaction.end)
    return total(intersect([span], gone)) >= _COVERED * span.duration


def with_placeholders(words: Sequence[Word], redactions: Sequence[Redaction]) -> list[Word]:
    """Replace the words that lie in a redaction with one placeholder for each redaction."""
    out: list[Word] = []
    for word in words:
        hit = next((r for r in redactions if word.redaction is None and _inside(word, r)), None)
        if hit is None:
            out.append(word)
        elif not (out and out[-1].redaction == hit.id):
            out.append(word.model_copy(update={"text": placeholder(hit.entity or "PRIVATE"), "redaction": hit.id}))
        else:
            out[-1] = out[-1].model_copy(update={"end": max(out[-1].end, word.end)})
    return out


def _inside(word: Word, redaction: Redaction) -> bool:
    shared = min(word.end, redaction.end) - max(word.start, redaction.start)
    return shared >= 0 and shared >= _WORD * (word.end - word.start)


def encode_transcripts(transcripts: Sequence[Transcript]) -> bytes:
    """Transcripts as bytes."""
    return json.dumps([serialise.encode_transcript(t).decode() for t in transcripts]).encode()


def decode_transcripts(data: bytes) -> list[Transcript]:
    """Decode the bytes of :func:`encode_transcripts`. Raises ValueError or KeyError if they are not valid."""
    return [serialise.decode_transcript(text.encode()) for text in json.loads(data)]


TRANSCRIPTS = serialise.Serialiser(encode_transcripts, decode_transcripts)
