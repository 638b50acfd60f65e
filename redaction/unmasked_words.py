"""Words that only the result reveals: where voices overlap, taking one out makes another one intelligible.

A recogniser that hears two voices at once writes down one of them, or neither. Nothing of the other was searched for
private words. So the result is transcribed again, and what was not heard before is silenced, until nothing new is
heard.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from redaction.operators import SURROGATE, Clip, RedactedAudio
from redaction.settings import (
    LAST_ROUND_MARGIN,
    NEAR_NEW_WORD,
    NEW_DIGITS,
    SAME_WORD_LIKENESS,
    WIDER_NEW_WORD,
    RedactionSettings,
)
from redaction.surface_forms import letter_runs
from redaction.text.lexicon import bare_word, is_common, is_given, sound
from redaction.text.private_spans import NOT_UNDERSTOOD
from redaction.verification import Verification
from timeline import Audio, Redaction, Segment, Word, total, union

_NUMBERS = frozenset("oh zero one two three four five six seven eight nine double triple".split())  # noqa: SIM905

SoundListener = Callable[[Audio], Sequence[Word]]
"""Transcribes a sound, as often and in as many ways as somebody who listens to it may."""


def new_words(again: Sequence[Word], known: Sequence[Word]) -> list[Word]:
    """The words of ``again`` that tell something and that nobody heard near their place before.

    Names, rare words and numbers tell something. A common word that nobody heard does not.

    Args:
        again: what is heard in the result.
        known: everything that was heard and searched for private words.
    """
    heard = sorted(known, key=lambda w: w.start)
    starts = [w.start for w in heard]
    longest = max((w.end - w.start for w in heard), default=0.0)
    out = []
    for word, telling in zip(again, _telling(again), strict=True):
        first = bisect_left(starts, word.start - NEAR_NEW_WORD - longest)
        near = [
            w
            for w in heard[first : bisect_right(starts, word.end + NEAR_NEW_WORD)]
            if w.end >= word.start - NEAR_NEW_WORD
        ]
        if telling and not _explained(word, near):
            out.append(word)
    return out


def _telling(words: Sequence[Word]) -> list[bool]:
    plain = [bare_word(w.text).lower() for w in words]
    count = [text in _NUMBERS or text.isdigit() for text in plain]
    out = [_tells(word) for word in words]
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and count[end]:
            end += 1
        if end - at >= NEW_DIGITS:
            out[at:end] = [True] * (end - at)
        at = max(end, at + 1)
    return out


def _tells(word: Word) -> bool:
    text = bare_word(word.text)
    if text[:1].isupper() and is_given(text):
        return True
    return any((len(t) > 1 if t.isdigit() else len(t) > 2 and not is_common(t)) for t in letter_runs(text))


def _explained(word: Word, near: Sequence[Word]) -> bool:
    """Whether ``word`` was heard before: as itself, alike in sound or spelling, or as a part of its neighbours."""
    plain = "".join(letter_runs(bare_word(word.text))).lower()
    texts = ["".join(letter_runs(bare_word(w.text))).lower() for w in near]
    if plain in texts or (len(plain) > 1 and plain in "".join(texts)):
        return True
    if any(c.isdigit() for c in plain):
        return False
    key = sound(plain)
    return any(
        (len(key) > 2 and sound(text) == key)
        or SequenceMatcher(None, plain, text, autojunk=False).ratio() >= SAME_WORD_LIKENESS
        for text in texts
        if len(text) > 2 and not text.isdigit()
    )


def silence_new_words(
    listen: SoundListener,
    audio: Audio,
    proof: Verification,
    known: Sequence[Word],
    settings: RedactionSettings,
    clips: Mapping[str, Clip] | None = None,
) -> Verification:
    """Listen to the result until it reveals no word that was not heard before; silence each one that it does.

    Args:
        listen: transcribes the result.
        audio: the sound before redaction, 16 kHz.
        proof: the redactions so far.
        known: every word that was heard and searched for private words, redacted or not.
        settings: operators, and the number of rounds.
        clips: the surrogates' clips.
    """
    spans: list[Segment] = []
    listened, rounds = proof.listened, max(1, settings.proof_rounds)
    said = [Segment(r.start, r.end) for r in proof.redactions if r.operator == SURROGATE]
    for turn in range(rounds):
        now = RedactedAudio(audio, [*proof.redactions, *_redactions(spans)], settings, clips or {})
        listened += audio.duration
        new = [w for w in new_words(listen(now), known) if not _inside(w, said)]
        if not new:
            break
        margin = WIDER_NEW_WORD * (turn + 1) if turn < rounds - 1 else LAST_ROUND_MARGIN
        grown = [Segment(w.start, max(w.end, w.start)).grown(margin) for w in new]
        spans = union([*spans, *(Segment(max(0.0, s.start), s.end) for s in grown)])
    return replace(proof, redactions=[*proof.redactions, *_redactions(spans)], listened=listened, new=total(spans))


def _inside(word: Word, spans: Sequence[Segment]) -> bool:
    middle = (word.start + word.end) / 2
    return any(s.start <= middle < s.end for s in spans)


def _redactions(spans: Sequence[Segment]) -> list[Redaction]:
    return [
        Redaction(
            id=f"new{number}",
            kind="word",
            start=round(span.start, 3),
            end=round(span.end, 3),
            entity=NOT_UNDERSTOOD,
            operator="silence",
            reason="heard only in the result, so nobody could check it",
        )
        for number, span in enumerate(spans, 1)
    ]
