"""Combines voices, faces and enrolled people into the people of the recording, and chooses a voice for each."""

from __future__ import annotations

from collections.abc import Sequence

from diarization import Diarization, EnrolledPerson, Fusion, fuse
from discreet.pipeline.context import RunContext
from registered import Gallery
from timeline import FaceTrack
from voice import VoicePlan, VoiceSpan, voice_for

NOBODY = "nobody known"
"""The key of the voice of everybody and everything that belongs to no known person."""


def find_people(context: RunContext, voices: Diarization, tracks: Sequence[FaceTrack]) -> Fusion:
    """The people of the recording and their turns."""
    settings, answers = context.settings.diarization, context.answers
    gallery = Gallery.for_voices(context.registry, settings.voiceprint)
    enrolled = {p.id: EnrolledPerson(p.name, answers[p.id]) for p in context.people}
    # The registry says whether strangers are quoted, because it also knows of records that cannot be read. Nobody
    # unknown is quoted either while somebody who may not be quoted has no template to be recognised by.
    unheard = any(not answers[person.id].quoted for person in context.without_voice_template())
    quoted = settings.fusion.stranger_quoted and context.registry.answers(None).quoted and not unheard
    rules = settings.fusion.model_copy(update={"stranger_quoted": quoted})
    return fuse(voices, tracks, gallery, enrolled, settings.model_copy(update={"fusion": rules}))


def voice_key(context: RunContext, fusion: Fusion, person: str | None, recording: str) -> str:
    """The key that, with the registry's secret, decides which other voice somebody gets.

    An enrolled person has the same voice in every recording, until they are given a new one. A stranger's voice is
    chosen for this recording only, because nobody knows who they are in another.

    Args:
        context: holds the enrolled people.
        fusion: the people of the recording.
        person: id of one of them; None: nobody known.
        recording: a hash of the recording.
    """
    if person is None:
        return NOBODY
    id = fusion.enrolled.get(person)
    return next((each.voice_key for each in context.people if each.id == id), f"{recording}/{person}")


def plan_voices(context: RunContext, fusion: Fusion, recording: str) -> VoicePlan:
    """Who is heard in which voice: people who agreed in their own, everybody else and every other sound in another.

    Args:
        context: holds the key from which voices are chosen.
        fusion: people and turns.
        recording: a hash of the recording, see :func:`voice_key`.
    """
    secret = context.registry.secret("voice")
    spans = []
    for person in fusion.people:
        setting = None if person.heard else voice_for(secret, voice_key(context, fusion, person.id, recording))
        spoken = fusion.turns if person.heard else fusion.withheld
        spans += [VoiceSpan(turn.start, turn.end, setting) for turn in spoken if turn.person == person.id]
    return VoicePlan(spans, voice_for(secret, NOBODY))
