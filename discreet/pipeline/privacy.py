"""Decides what must not be heard or read: private words, words of people not to be quoted, unintelligible speech."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from redaction import (
    SurfaceForms,
    assign_words,
    redact_unheard,
    redact_unquoted,
    unquoted_forms,
)
from timeline import Person, Redaction, Segment, Turn, Word, total, union

if TYPE_CHECKING:  # slow to import, and whoever reads a report needs none of it
    from diarization import Fusion
    from discreet.config.settings import Settings
    from redaction import Clip, PiiFinder, Transcript

COVERED = ("en",)
"""Languages for which models find private words."""
UNCHECKED = "UNCHECKED"
"""Kind of the redactions of speech whose words were not checked."""
EDGE = 0.1
"""Seconds silenced on both sides of such speech."""


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """What is private in a recording. Its repr shows no word.

    Attributes:
        words: the words as they may be written.
        redactions: what is taken out of the sound.
        notes: what the user should know about it.
        said: redaction's id -> the words said there, which must no longer be heard.
        forms: what must appear in no text.
        clips: redaction's id -> the surrogate that is said there.
        language: the spoken language, as the recogniser's code; empty if unknown.
        covered: whether the language is certain, and private words can be found in it.
        spoken: every word of the recording, including private ones.
        heard: what was heard in any combination of the channels, with its place; only where channels differ. Not kept.
    """

    words: list[Word] = field(default_factory=list, repr=False)
    redactions: list[Redaction] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    said: dict[str, tuple[Word, ...]] = field(default_factory=dict, repr=False)
    forms: SurfaceForms = field(default_factory=SurfaceForms, repr=False)
    clips: Mapping[str, Clip] = field(default_factory=dict, repr=False)
    language: str = ""
    covered: bool = True
    spoken: tuple[str, ...] = field(default=(), repr=False)
    heard: tuple[Word, ...] = field(default=(), repr=False)

    def noted(self, *notes: str) -> RedactionPlan:
        """The same plan with more notes."""
        return replace(self, notes=[*self.notes, *notes])


def covered(transcript: Transcript) -> bool:
    """Whether private words can be found in the transcript: its language is covered and not doubtful."""
    return transcript.language in COVERED and not transcript.doubtful


def find_private(
    finder: Callable[[], PiiFinder],
    settings: Settings,
    transcript: Transcript | None,
    speech: Sequence[Segment],
    fusion: Fusion,
) -> RedactionPlan:
    """Decide about every word and every stretch of speech.

    Args:
        finder: makes the finder of private words; called only if there are words.
        settings: what to do with speech that could not be checked.
        transcript: what was said; None if nothing was transcribed: then all ``speech`` is silenced.
        speech: where somebody speaks, seconds.
        fusion: people and turns.
    """
    if transcript is None:
        return RedactionPlan(
            redactions=_silenced(speech, "unchecked", "nobody checked what is said"), notes=_unchecked(speech)
        )
    if transcript.words and not covered(transcript) and settings.process.uncovered_language == "silence":
        note = (
            f"The language was taken for {transcript.language or 'unknown'} ({transcript.probability:.2f}), whose "
            "private words cannot be found: all speech was silenced and no transcript was made. If it is English, "
            "run it again with --set redaction.language=en."
        )
        return RedactionPlan(
            redactions=_silenced(speech, "language", "private words of this language are not found"), notes=[note]
        )
    notes: list[str] = []
    words = assign_words(transcript.words, fusion.turns)
    redactions: list[Redaction] = []
    said: dict[str, tuple[Word, ...]] = {}
    forms = SurfaceForms()
    if words:
        found, forms = finder().redact(words, speech)
        words, redactions, said = found.words, found.redactions, found.said
    kept, unquoted = redact_unquoted(words, fusion.people, fusion.withheld)
    forms, words = forms.joined(unquoted_forms(words, kept)), kept
    redactions += unquoted
    redactions += redact_unheard([span.grown(EDGE) for span in transcript.unheard], settings.redaction)
    if transcript.unheard:
        seconds = total(transcript.unheard)
        done = "left as it was" if settings.redaction.unheard == "keep" else f"taken out ({settings.redaction.unheard})"
        notes.append(f"{seconds:.1f} s of speech could not be understood and was {done}.")
    spoken = tuple(word.text for word in transcript.words)
    return RedactionPlan(
        words,
        redactions,
        notes,
        said,
        forms,
        language=transcript.language,
        covered=covered(transcript),
        spoken=spoken,
    )


def _unchecked(speech: Sequence[Segment]) -> list[str]:
    return ["Words were not transcribed, so all speech was silenced."] if speech else []


def _silenced(spans: Sequence[Segment], prefix: str, reason: str) -> list[Redaction]:
    return [
        Redaction(
            id=f"{prefix}{number}",
            kind="word",
            start=span.start,
            end=span.end,
            entity=UNCHECKED,
            operator="silence",
            reason=reason,
        )
        for number, span in enumerate(union(s.grown(EDGE) for s in spans), 1)
    ]


def voice_redactions(people: Sequence[Person], turns: Sequence[Turn], gap: float = 0.5) -> list[Redaction]:
    """One redaction for each stretch in which somebody speaks who has not agreed to be heard."""
    out: list[Redaction] = []
    for person in people:
        if person.heard:
            continue
        reason = "has not agreed to be heard" if person.registered else "not enrolled: has not agreed to be heard"
        spans = union((Segment(t.start, t.end) for t in turns if t.person == person.id), gap)
        out += [
            Redaction(
                id=f"voice-{person.id}-{number}",
                kind="voice",
                start=span.start,
                end=span.end,
                person=person.id,
                operator="convert",
                reason=reason,
            )
            for number, span in enumerate(spans, 1)
        ]
    return out
