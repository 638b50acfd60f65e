"""Other voices for people who have not agreed to be heard: a synthesiser says their words again.

Only levels, pitch curves and the times of words are taken from their sound. While they speak, none of it is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from discreet.pipeline.people import plan_voices, voice_key
from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.serialise_speech import SPOKEN
from discreet.pipeline.serialise_survey import SURVEY
from discreet.pipeline.voice_likeness import CHECKED, CheckedVoices, KnownVoices
from redaction import Clip, names_in
from timeline import Segment, Word, intersect, number_of, subtract, total, union
from voice import VoicePlan, VoiceSpan, voice_for
from voice.resynthesis import (
    SAID_RATE,
    SILENT_ROOM,
    MixedVoice,
    Phrase,
    PhraseSynthesiser,
    PhraseToSay,
    RoomTone,
    SoundSurvey,
    SpokenTrack,
    VoiceAssigner,
    is_reliable,
    load_styles,
    loudness,
    phrases_of,
    survey,
)

if TYPE_CHECKING:
    from diarization import Fusion
    from discreet.pipeline.context import RunContext
    from discreet.pipeline.runner import StageRunner
    from discreet.pipeline.source import Source
    from timeline import Progress

LANGUAGES = ("en",)
"""Languages of the synthesiser."""
OWN_SHARE = 0.7
"""A word of somebody who is heard stays in their own voice if at least this share of it can; else it is said again."""
COVERED_SHARE = 0.5
"""A word is not said if at least this share of it is redacted."""
_WEAK = (
    "Voices of people who are not heard were converted (voice.mode warp). That does not withstand an attacker who"
    " works at it: voice.mode prosody or words does."
)


@dataclass(frozen=True, slots=True, eq=False)
class OtherVoices:
    """Which voices are heard.

    Attributes:
        plan: whose own sound is kept, and when; everything else is converted or replaced by room tone.
        track: the resynthesised speech; None: there is none.
        clips: surrogates, in the voices of the people who say them.
        notes: what the user should know about it.
    """

    plan: VoicePlan
    track: SpokenTrack | None = None
    clips: Mapping[str, Clip] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which words are said again. Its repr shows no word.

    Attributes:
        said: words that are said again.
        doubtful: words that are not, because they were hardly understood.
        cut: times at which nobody keeps their own voice, even if they agreed, so that a word is in one voice.
    """

    said: tuple[Word, ...] = field(repr=False)
    doubtful: tuple[Word, ...] = field(repr=False)
    cut: tuple[Segment, ...] = ()


def choose(
    plan: RedactionPlan, kept: Sequence[Segment], least_confidence: float, length: float = float("inf")
) -> Choice:
    """Decide which words of a recording are said again.

    Args:
        plan: the words as they may be written, and the redactions.
        kept: when everybody who speaks keeps their own voice, s; disjoint, in order.
        least_confidence: least confidence of a word that is said again.
        length: of the recording, s; see :func:`voice.resynthesis.is_reliable`.
    """
    gone = union(Segment(r.start, r.end) for r in plan.redactions if r.kind == "word")
    said: list[Word] = []
    doubtful: list[Word] = []
    cut: list[Segment] = []
    for word in plan.words:
        span = [Segment(word.start, max(word.end, word.start + 1e-3))]
        whole = total(span)
        own = total(intersect(span, kept)) / whole
        if word.redaction is not None or own >= OWN_SHARE or total(intersect(span, gone)) >= COVERED_SHARE * whole:
            continue
        (said if is_reliable(word, length, least_confidence) else doubtful).append(word)
        if own > 0:
            cut.append(span[0])
    return Choice(tuple(said), tuple(doubtful), tuple(union(cut)))


class OtherVoicesStage:
    """Makes :class:`OtherVoices` for one run.

    Args:
        source: the recording.
        context: settings, models and people.
        runner: stores what was made.
    """

    def __init__(self, source: Source, context: RunContext, runner: StageRunner) -> None:
        self._source, self._context, self._runner = source, context, runner
        self._settings = context.settings.voice

    def __call__(self, people: Fusion, plan: RedactionPlan, progress: Progress) -> OtherVoices:
        """The voices of a recording with the speakers ``people`` and the redactions of ``plan``."""
        source, settings = self._source, self._settings
        if settings.mode == "warp" or not source.info.has_audio:
            unheard = any(not person.heard for person in people.people) and source.info.has_audio
            converted = plan_voices(self._context, people, source.sha256)
            return OtherVoices(converted, clips=plan.clips, notes=(_WEAK,) if unheard else ())
        choice = choose(plan, self._kept(people), self._least_confidence(plan), source.sound.duration)
        phrases = phrases_of(choice.said)
        before = self._runner.kept_part("survey", SURVEY)
        found = survey(source.sound, phrases, lambda done: progress(0.1 * done), before)
        if before is None:
            self._runner.part("survey", SURVEY, lambda: found)
        voices = self._voice_plan(people, found.room, choice)
        if not phrases and not plan.clips:
            return OtherVoices(voices, clips=plan.clips, notes=self._notes(choice))
        speech = _Speech(self._context, source, people, self._runner)
        track = speech.track(phrases, found)
        track.prepare(lambda done: progress(0.1 + 0.9 * done))
        clips = speech.surrogates(plan, found)
        if self._runner.keeps:
            speech.release()  # What it made is stored.
        return OtherVoices(voices, track, clips, self._notes(choice))

    def _least_confidence(self, plan: RedactionPlan) -> float:
        if not plan.covered or plan.language not in LANGUAGES:
            return 2.0  # The synthesiser does not speak the language, or it is unknown.
        return 0.0 if self._settings.doubtful == "say" else self._settings.least_confidence

    def _kept(self, people: Fusion) -> list[Segment]:
        """When the original sound is kept."""
        rate = self._source.sound.sample_rate
        pieces = self._voice_plan(people, SILENT_ROOM).pieces(rate, self._settings.guard, self._settings.handover)
        return union(Segment(piece.start / rate, piece.end / rate) for piece in pieces if piece.voice is None)

    def _voice_plan(self, people: Fusion, room: RoomTone, choice: Choice | None = None) -> VoicePlan:
        cut = choice.cut if choice else ()
        converted = self._converted(people, choice) if choice and self._settings.doubtful == "convert" else []
        apart = union(Segment(span.start, span.end) for span in converted)
        spans = list(converted)
        for person in people.people:
            turns = people.turns if person.heard else people.withheld
            own = union(Segment(turn.start, turn.end) for turn in turns if turn.person == person.id)
            left = subtract(own, [*cut] if person.heard else apart)
            spans += [VoiceSpan(each.start, each.end, None if person.heard else room) for each in left]
        return VoicePlan(spans, room)

    def _converted(self, people: Fusion, choice: Choice) -> list[VoiceSpan]:
        secret = self._context.registry.secret("voice")
        keys = {
            word.person: voice_key(self._context, people, word.person, self._source.sha256) for word in choice.doubtful
        }
        return [VoiceSpan(w.start, w.end, voice_for(secret, keys[w.person])) for w in choice.doubtful]

    def _notes(self, choice: Choice) -> tuple[str, ...]:
        settings, notes = self._settings, []
        if choice.said:
            notes.append(
                f"{number_of(len(choice.said), 'word')} of people who are not heard: said again by a synthesiser"
                f" (voice.mode {settings.mode}). Laughter, breaths and other sounds between their words are not there."
            )
        if choice.doubtful:
            what = "converted, which does not withstand an attacker" if settings.doubtful == "convert" else "left out"
            words = number_of(len(choice.doubtful), "word")
            notes.append(f"{words} of theirs, hardly understood or impossible to say: {what}.")
        return tuple(notes)


class _Speech:
    """The synthesiser; its model is loaded when it first has something to say."""

    def __init__(self, context: RunContext, source: Source, people: Fusion, runner: StageRunner) -> None:
        self._context, self._source, self._people, self._runner = context, source, people, runner
        self._speaker: PhraseSynthesiser | None = None
        self._known: Callable[[MixedVoice], bool] | None = None

    def track(self, phrases: Sequence[Phrase], found: SoundSurvey) -> SpokenTrack:
        """Everything that is said again; parts that an earlier run made are reused."""
        voices = self._cast({phrase.person for phrase in phrases}, found)
        sayings = [
            PhraseToSay(phrase, voices[self._key(phrase.person)], float(level), pitch, found.range(phrase.person))
            for phrase, level, pitch in zip(phrases, found.levels, found.pitches, strict=True)
        ]
        return SpokenTrack(
            sayings,
            lambda saying: self._ready()(saying),
            self._source.sound.sample_rate,
            lambda number, make: self._runner.extended(f"voices-{number}", SPOKEN, make),
        )

    def surrogates(self, plan: RedactionPlan, found: SoundSurvey) -> dict[str, Clip]:
        """The surrogates of ``plan``; those of people who are not heard are said in the voices these people get."""
        heard = {person.id for person in self._people.people if person.heard}
        who = {r.id: r.person for r in plan.redactions if r.id in plan.clips and r.person not in heard}
        voices = self._cast(set(who.values()), found) if who else {}
        clips = dict(plan.clips)
        for id, person in who.items():
            clip, names = clips[id], names_in(clips[id].text)
            if names:
                seconds, level = clip.end - clip.start, loudness(clip.samples, SAID_RATE)
                phonemes = [name.phonemes for name in names]
                made = self._ready().in_place(phonemes, voices[self._key(person)], seconds, level)
                clips[id] = replace(clip, samples=made, made={})
        return clips

    def _key(self, person: str | None) -> str:
        return voice_key(self._context, self._people, person, self._source.sha256)

    def _cast(self, people: Iterable[str | None], found: SoundSurvey) -> dict[str, MixedVoice]:
        context = self._context
        enrolled = [person.voice_key for person in sorted(context.people, key=lambda p: (p.enrolled, p.id))]
        cast: dict[str, MixedVoice] = {}

        def made(known: Mapping[str, bool]) -> Mapping[str, bool]:
            fits = CheckedVoices(known, self._fits)
            caster = VoiceAssigner(
                context.registry.secret("voice"),
                load_styles(context.store),
                enrolled,
                same_sex=context.settings.voice.sex == "same",
                fits=fits,
            )
            cast.update(caster({self._key(person): found.low(person) for person in sorted(people, key=str)}))
            return fits.known

        self._runner.extended("voices-checked", CHECKED, made)
        return cast

    def _fits(self) -> Callable[[MixedVoice], bool]:
        """Checks that a voice is similar to no enrolled person's; the result is cached for the run."""
        if self._known is None:
            known = KnownVoices.of(self._context, lambda voice: self._ready().sample(voice))
            self._known = known or (lambda voice: True)
        return self._known

    def release(self) -> None:
        """Free the model's 400 MiB; it is loaded again if something else has to be said."""
        self._speaker = None

    def _ready(self) -> PhraseSynthesiser:
        if self._speaker is None:
            threads = min(4, os.cpu_count() or 1)
            rate = self._source.sound.sample_rate
            mode = self._context.settings.voice.mode
            assert mode != "warp", "nothing is said again"
            self._speaker = PhraseSynthesiser.from_store(self._context.store, mode, rate, threads)
        return self._speaker
