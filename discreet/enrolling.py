"""Enrolment: the registry's checks joined with the rooms that can see and hear."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from capture import AudioFile, VideoFile, probe
from discreet.settings import Settings
from registered import Clip, Consent, Enroller, Enrolment, Registry, Video
from timeline import InputError
from weights import Store

PHOTOS = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}


def enroll(
    registry: Registry,
    store: Store,
    settings: Settings,
    name: str,
    faces: Sequence[Path] = (),
    voices: Sequence[Path] = (),
    consent: Consent | None = None,
    *,
    add: bool = False,
    keep: bool = False,
    force: str = "",
) -> Enrolment:
    """Enrol ``name`` from photos or videos of the face and clips of the voice.

    Raises:
        InputError: a file is missing, or a voice clip holds no sound.
        ModelError: a model is missing.
        PeopleError: the quality checks found too little that is good; every problem is told.
    """
    for path in (*faces, *voices):
        if not path.is_file():
            raise InputError(f"{path} is not a file", "check the path")
    photos = [path for path in faces if path.suffix.lower() in PHOTOS]
    videos = [
        Video(path.name, VideoFile(path, settings=settings.capture))
        for path in faces
        if path.suffix.lower() not in PHOTOS
    ]
    clips = []
    for path in voices:
        info = probe(path, settings.capture)
        if not info.has_audio:
            raise InputError(f"{path} has no sound", "give a clip in which only this person speaks")
        clips.append(Clip(path.name, AudioFile(path, info=info, settings=settings.capture)))

    face_finder = voice_embedder = speech_finder = None
    if faces:
        from vision import FaceFinder

        face_finder = FaceFinder.from_store(store, settings.vision)
    if voices:
        from diarization import SpeechFinder, VoiceEmbedder

        voice_embedder = VoiceEmbedder.from_store(store, settings.diarization)
        speech_finder = SpeechFinder.from_store(store, settings.diarization)
    enroller = Enroller(registry, face_finder, voice_embedder, speech_finder, settings.registered)
    return enroller.enrol(name, photos, videos, clips, consent, add=add, keep=keep, force=force)
