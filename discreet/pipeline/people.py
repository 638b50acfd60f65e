"""Voices, faces and enrolled people become the people of the recording, each with a voice to be heard in."""

from __future__ import annotations

from collections.abc import Sequence

from diarization import Diarization, EnrolledPerson, Fusion, fuse
from discreet.pipeline.context import RunContext
from registered import Gallery
from timeline import FaceTrack
from voice import VoicePlan, VoiceSpan, voice_for


def find_people(context: RunContext, voices: Diarization, tracks: Sequence[FaceTrack]) -> Fusion:
    """The people of the recording and their turns."""
    settings, answers = context.settings.diarization, context.answers
    gallery = Gallery.for_voices(context.registry, settings.voiceprint)
    enrolled = {p.id: EnrolledPerson(p.name, answers[p.id]) for p in context.people}
    # The registry says whether strangers are quoted: it also knows of records that cannot be read. Nobody unknown is
    # quoted, either, while somebody who may not be quoted has no template by which to be recognised.
    unheard = any(not answers[person.id].quoted for person in context.without_voice_template())
    quoted = settings.fusion.stranger_quoted and context.registry.answers(None).quoted and not unheard
    rules = settings.fusion.model_copy(update={"stranger_quoted": quoted})
    return fuse(voices, tracks, gallery, enrolled, settings.model_copy(update={"fusion": rules}))


def plan_voices(context: RunContext, fusion: Fusion, recording: str) -> VoicePlan:
    """Who is heard how: people who agreed in their own voice, everybody else and every other sound in another.

    Args:
        context: holds the key from which voices are drawn.
        fusion: people and turns.
        recording: a hash of the recording. Somebody enrolled has the same voice in every recording; a stranger's
            is drawn for this one, for nobody knows who they are in another.
    """
    secret = context.registry.secret("voice")
    spans = []
    for person in fusion.people:
        key = fusion.enrolled.get(person.id) or f"{recording}/{person.id}"
        setting = None if person.heard else voice_for(secret, key)
        spoken = fusion.turns if person.heard else fusion.withheld
        spans += [VoiceSpan(turn.start, turn.end, setting) for turn in spoken if turn.person == person.id]
    return VoicePlan(spans, voice_for(secret, "nobody known"))
