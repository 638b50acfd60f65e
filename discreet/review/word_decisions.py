"""Decisions about words: more taken out, something brought back, a word corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from discreet.pipeline import with_placeholders
from discreet.review.decision_kinds import Correct, Redact
from discreet.review.decisions_file import DecisionsError
from discreet.review.draft import Draft, ReviewScene
from discreet.review.rules import SAME
from redaction import PrivateSpan, SurfaceForms, redact
from timeline import Redaction, Segment, Word

REASON = "added in a review"
_SHARE = 0.5
"""Of a word, how much a span has to hold of it to mean it."""


def redacted(draft: Draft, scene: ReviewScene, id: str, decision: Redact) -> Draft:
    """With more taken out: the words that the spans mean, and where they mean none, just the time."""
    spans = scene.spans(decision.spans)
    words = draft.plan.words
    chosen = {i for i, word in enumerate(words) if word.redaction is None and _means(spans, word)}
    if decision.every:
        chosen |= _other_places(words, spans)
    if decision.words:
        draft = _with_words(draft, scene, f"{id}-w", decision, sorted(chosen))
        held = [words[i] for i in chosen]
        bare = [span for span in spans if not any(_meets(span, word) for word in held)]
        return _with_time(draft, f"{id}-t", decision, bare)
    draft = _with_time(draft, f"{id}-t", decision, spans)
    others = [i for i in sorted(chosen) if not _means(spans, words[i])]
    places = {(words[i].start, words[i].end, words[i].text) for i in others}
    left = [i for i, word in enumerate(draft.plan.words) if (word.start, word.end, word.text) in places]
    return _with_words(draft, scene, f"{id}-w", decision, left)


def _with_words(draft: Draft, scene: ReviewScene, prefix: str, decision: Redact, chosen: Sequence[int]) -> Draft:
    plan = draft.plan
    private: list[PrivateSpan] = []
    for i in chosen:
        if private and private[-1].last == i - 1:
            private[-1] = replace(private[-1], last=i)
        else:
            private.append(PrivateSpan(i, i, decision.entity, 1.0, REASON))
    settings = scene.settings.model_copy(
        update={"policy": {**scene.settings.policy, decision.entity: decision.operator}}
    )
    done = redact(plan.words, private, settings, scene.speech, prefix)
    forms = SurfaceForms((decision.entity, [w.text for w in said]) for said in done.said.values())
    return _added(draft, done.words, done.redactions, done.said, forms)


def _with_time(draft: Draft, prefix: str, decision: Redact, spans: Sequence[Segment]) -> Draft:
    redactions = [
        Redaction(
            id=f"{prefix}{number}",
            kind="word",
            start=span.start,
            end=span.end,
            entity=decision.entity,
            operator=decision.operator,
            reason=REASON,
        )
        for number, span in enumerate(spans, 1)
    ]
    words = with_placeholders(draft.plan.words, redactions)
    said = {
        each.id: tuple(w for w in draft.plan.words if w.redaction is None and _means([_span(each)], w))
        for each in redactions
    }
    said = {id: found for id, found in said.items() if found}
    forms = SurfaceForms((decision.entity, [w.text for w in found]) for found in said.values())
    return _added(draft, words, redactions, said, forms)


def _added(
    draft: Draft,
    words: list[Word],
    redactions: Sequence[Redaction],
    said: dict[str, tuple[Word, ...]],
    forms: SurfaceForms,
) -> Draft:
    # Where somebody chose to take out one occurrence only, the others are meant to stand.
    standing = " ".join(word.text for word in words if word.redaction is None)
    new = [row for row in forms.rows if SurfaceForms.of_rows([row]).within(standing) is None]
    plan = replace(
        draft.plan,
        words=words,
        redactions=[*draft.plan.redactions, *redactions],
        said={**draft.plan.said, **said},
        forms=draft.plan.forms.joined(SurfaceForms.of_rows(new)),
    )
    return replace(draft, plan=plan, added=draft.added | {each.id for each in redactions})


def without_redactions(draft: Draft, ids: Sequence[str]) -> Draft:
    """Without these redactions; the words that they took out stand again.

    Raises:
        DecisionsError: one of the words is somebody's who may not be quoted.
    """
    plan = draft.plan
    back = {id: plan.said.get(id, ()) for id in ids}
    closed = {person.id for person in draft.people.people if not person.quoted}
    if any(word.person in closed for words in back.values() for word in words):
        raise DecisionsError("a word is said by somebody who may not be quoted", "only consent brings it back")
    words = [word for word in plan.words if word.redaction not in back]
    words = sorted([*words, *(w for found in back.values() for w in found)], key=lambda w: (w.start, w.end))
    entities = {redaction.id: redaction.entity or "PRIVATE" for redaction in plan.redactions}
    gone = SurfaceForms((entities.get(id, "PRIVATE"), [w.text for w in found]) for id, found in back.items())
    plan = replace(
        plan,
        words=words,
        redactions=[each for each in plan.redactions if each.id not in back],
        said={id: found for id, found in plan.said.items() if id not in back},
        clips={id: clip for id, clip in plan.clips.items() if id not in back},
        forms=plan.forms.without(gone),
    )
    return replace(draft, plan=plan, added=draft.added - back.keys())


def with_word_corrected(draft: Draft, scene: ReviewScene, decision: Correct) -> Draft:
    """With the word at that time spelled anew.

    Raises:
        DecisionsError: no word stands there any more, or the new spelling is private elsewhere.
    """
    (span,) = scene.spans([decision])
    if draft.plan.forms.within(decision.text) is not None:
        raise DecisionsError(
            "the new spelling is a private word that was taken out elsewhere", "redact the word instead"
        )
    words, found = [], False
    for word in draft.plan.words:
        at = abs(word.start - span.start) <= SAME and abs(word.end - span.end) <= SAME and word.redaction is None
        found = found or at
        words.append(word.model_copy(update={"text": decision.text, "confidence": 1.0}) if at else word)
    if not found:
        raise DecisionsError(f"no word stands at {decision.start:.3f} s any more", "undo the correction")
    return replace(draft, plan=replace(draft.plan, words=words))


def _span(redaction: Redaction) -> Segment:
    return Segment(redaction.start, redaction.end)


def _means(spans: Sequence[Segment], word: Word) -> bool:
    """Whether one of the spans holds enough of the word."""
    length = max(word.end - word.start, 1e-3)
    end = word.start + length
    return any(min(s.end, end) - max(s.start, word.start) >= _SHARE * length - 1e-6 for s in spans)


def _meets(span: Segment, word: Word) -> bool:
    return word.end > span.start and word.start < span.end


def _other_places(words: Sequence[Word], spans: Sequence[Segment]) -> set[int]:
    """Where else the words of each span are said, in the same order."""
    texts = [_bare(word.text) if word.redaction is None else "" for word in words]
    out: set[int] = set()
    for span in spans:
        wanted = [texts[i] for i, word in enumerate(words) if texts[i] and _means([span], word)]
        for at in range(len(texts) - len(wanted) + 1 if wanted else 0):
            if texts[at : at + len(wanted)] == wanted:
                out |= set(range(at, at + len(wanted)))
    return out


def _bare(text: str) -> str:
    plain = text.casefold().replace("’", "'")
    plain = plain.rstrip(".,;:!?\"'").removesuffix("'s")
    return "".join(c for c in plain if c.isalnum())
