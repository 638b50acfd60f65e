"""Who speaks when, and what is said, in one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diarization import Diarization, SpeechFinder, make_diarizer
from discreet.pipeline.amplify import Normalised, WithProgress
from discreet.pipeline.context import RunContext
from discreet.pipeline.source import Source
from redaction import Transcriber, Transcript
from timeline import Progress, Segment, silent, union


def diarize(source: Source, context: RunContext, progress: Progress) -> Diarization:
    """Who speaks when, by voice alone, and where anybody speaks at all."""
    found = make_diarizer(context.store, context.settings.diarization)(source.sound, progress)
    return replace(found, speech=union([*found.speech, *find_speech(source, context)]))


def find_speech(source: Source, context: RunContext, progress: Progress = silent) -> list[Segment]:
    """Where anybody speaks, however quietly: everything that must be searched for private words."""
    finder = SpeechFinder.from_store(context.store, context.settings.diarization)
    found = list(finder(WithProgress(Normalised(source.sound), progress)))
    return union([*found, *(span for view in source.views for span in finder(Normalised(view)))])


def transcribe(source: Source, context: RunContext, speech: Sequence[Segment], progress: Progress) -> Transcript:
    """What is said in ``speech``."""
    transcriber = Transcriber.from_store(context.store, context.settings.redaction)
    return transcriber.transcribe(Normalised(source.sound), speech, progress)


def transcribe_views(source: Source, context: RunContext, language: str, progress: Progress) -> list[Transcript]:
    """What is said in each of the other mixes (:attr:`Source.views`), where anybody speaks in it."""
    known = context.settings.redaction.model_copy(update={"language": language or None})
    finder = SpeechFinder.from_store(context.store, context.settings.diarization)
    transcriber = Transcriber.from_store(context.store, known)
    out = []
    for number, view in enumerate(source.views, 1):
        out.append(transcriber.transcribe(Normalised(view), finder(Normalised(view))))
        progress(number / len(source.views))
    return out
