"""Speaks surrogates in place of names, and checks by ear that nothing private can still be heard."""

from __future__ import annotations

from dataclasses import replace

from diarization import SpeechFinder
from discreet.pipeline.amplify import Normalised
from discreet.pipeline.context import RunContext
from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.source import Source
from redaction import (
    Kokoro,
    RedactedWords,
    SurrogateChooser,
    Transcriber,
    Verification,
    silence_new_words,
    speak_surrogates,
    verify,
)
from timeline import Audio, Progress, Word


def speak_names(source: Source, context: RunContext, plan: RedactionPlan) -> RedactionPlan:
    """The plan with surrogates spoken in place of private names; names without a surrogate become beeps.

    No surrogate is a name that was said in the recording or belongs to an enrolled person.
    """
    taken = [*plan.spoken, *(person.name for person in context.people)]
    names = SurrogateChooser(context.registry.secret("surrogates"), taken).choose(plan.redactions, plan.said)
    redactions, clips = speak_surrogates(source.sound, plan.redactions, names, lambda: Kokoro.from_store(context.store))
    return replace(plan, redactions=redactions, clips=clips)


def listen_again(source: Source, context: RunContext, plan: RedactionPlan, progress: Progress) -> Verification:
    """Listen to the redacted sound; redactions in which something is still heard become wider.

    The sound is the original with the redactions applied. Private words are silenced before voices are changed, so they
    are gone from changed voices, too.

    Where the sound is a mix of different channels, voices overlap: all of the result is listened to as well, and
    whatever was not heard before is silenced.
    """
    settings = context.settings.redaction
    known = settings.for_proof().model_copy(update={"language": settings.language or plan.language or None})
    listener = Transcriber.from_store(context.store, known)
    audio = Normalised(source.sound)
    done = RedactedWords(plan.words, plan.redactions, plan.said)
    proof = verify(listener, audio, done, settings, progress, plan.clips)
    if not plan.heard:
        return proof
    finder = SpeechFinder.from_store(context.store, context.settings.diarization)

    def twice(sound: Audio) -> list[Word]:
        sound = Normalised(sound)
        return [*listener(sound), *listener(sound, finder(sound))]

    return silence_new_words(twice, source.sound, proof, plan.heard, settings, plan.clips)
