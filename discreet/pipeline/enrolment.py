"""Enrolment: the registry's checks together with the rooms that analyse faces and voices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from capture import VideoFile, mono_sound, probe
from discreet.config.settings import Settings
from registered import Clip, Consent, Enroller, Enrolment, EnrolmentOptions, Problem, Registry, Video
from timeline import InputError, PeopleError
from weights import Store

if TYPE_CHECKING:
    from diarization import SpeakerEmbedder
    from vision import FaceFinder

PHOTOS = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}


@dataclass(frozen=True, slots=True)
class EnrolmentFiles:
    """The files somebody is enrolled from, and how: ``faces`` are photos or videos, ``voices`` are clips."""

    faces: Sequence[Path] = ()
    voices: Sequence[Path] = ()
    options: EnrolmentOptions = field(default_factory=EnrolmentOptions)


def enroll(
    registry: Registry,
    store: Store,
    settings: Settings,
    name: str,
    files: EnrolmentFiles,
    consent: Consent | None = None,
) -> Enrolment:
    """Enrol ``name`` from files.

    Templates are made for the recogniser and the voiceprint of the settings, and for every other one on this machine.

    Raises:
        InputError: a file is missing, or a voice clip holds no sound.
        ModelError: a model is missing.
        PeopleError: too little passed the quality checks; it lists every problem.
    """
    for path in (*files.faces, *files.voices):
        if not path.is_file():
            raise InputError(f"{path} is not a file", "check the path")
    photos = [path for path in files.faces if path.suffix.lower() in PHOTOS]
    videos = [
        Video(path.name, VideoFile(path, settings=settings.capture))
        for path in files.faces
        if path.suffix.lower() not in PHOTOS
    ]
    clips = []
    for path in files.voices:
        info = probe(path, settings.capture)
        if not info.has_audio:
            raise InputError(f"{path} has no sound", "give a clip in which only this person speaks")
        clips.append(Clip(path.name, mono_sound(path, info, settings.capture)))
    samples = EnrolmentSamples(photos, videos, clips, files.options)
    return enrol_samples(registry, store, settings, name, samples, consent)


def require_enrolment_models(store: Store, settings: Settings, *, faces: bool, voices: bool) -> None:
    """Raises ModelError, naming all missing models at once, unless faces or voices, or both, can be enrolled."""
    from diarization import SPEECH_MODEL, voiceprint_models
    from vision import stored_models

    ids = stored_models(settings.vision) if faces else []
    store.require([*ids, *([SPEECH_MODEL, *voiceprint_models(settings.diarization)] if voices else [])])


@dataclass(frozen=True, slots=True)
class EnrolmentSamples:
    """What somebody is enrolled from: photos, videos of the face, clips of the voice; and how."""

    photos: Sequence[Path] = ()
    videos: Sequence[Video] = ()
    clips: Sequence[Clip] = ()
    options: EnrolmentOptions = field(default_factory=EnrolmentOptions)

    @property
    def faces(self) -> bool:
        """Whether a face is shown."""
        return bool(self.photos or self.videos)


def enrol_samples(
    registry: Registry,
    store: Store,
    settings: Settings,
    name: str,
    samples: EnrolmentSamples,
    consent: Consent | None = None,
) -> Enrolment:
    """Enrol ``name`` from what is in memory or in files. Raises as :func:`enroll`."""
    photos, videos, clips = samples.photos, samples.videos, samples.clips
    require_enrolment_models(store, settings, faces=samples.faces, voices=bool(clips))
    face_finder = voice_embedder = speech_finder = None
    if samples.faces:
        from vision import FaceFinder

        face_finder = FaceFinder.from_store(store, settings.vision)
    if clips:
        from diarization import SpeechFinder, make_voiceprint

        voice_embedder = make_voiceprint(store, settings.diarization)
        speech_finder = SpeechFinder.from_store(store, settings.diarization)
    further = EnrolmentOptions(add=True, force=samples.options.force)
    enroller = Enroller(registry, face_finder, voice_embedder, speech_finder, settings.registered)
    done = enroller.enrol(name, photos, videos, clips, consent, samples.options)
    person, problems = done.person, done.problems
    for voiceprint in _other_voiceprints(store, settings) if clips else ():
        try:
            again = Enroller(registry, None, voiceprint, speech_finder, settings.registered)
            person = again.enrol(done.person.name, (), (), clips, options=further).person
        except PeopleError as error:
            problems = (*problems, Problem(voiceprint.model, "not-enrolled", str(error), error.remedy))
    for finder in _others(store, settings) if samples.faces else ():
        try:
            again = Enroller(registry, finder, settings=settings.registered)
            person = again.enrol(done.person.name, photos, videos, options=further).person
        except PeopleError as error:  # what was asked for is done; only the other recogniser has no template
            problems = (*problems, Problem(finder.model, "not-enrolled", str(error), error.remedy))
    return replace(done, person=person, problems=problems)


def _other_voiceprints(store: Store, settings: Settings) -> Iterator[SpeakerEmbedder]:
    """The installed voiceprints of other profiles, for the same reason as in :func:`_others`."""
    from diarization import DiarizationSettings, make_voiceprint

    for name in (DiarizationSettings().voiceprint, "titanet-l", "titanet-s"):
        if name != settings.diarization.voiceprint and all(store.has(id) for id in name.split("+")):
            yield make_voiceprint(store, settings.diarization.model_copy(update={"voiceprint": name}))


def _others(store: Store, settings: Settings) -> Iterator[FaceFinder]:
    """Finders with the other installed recognisers, so that the person is known in other profiles, too.

    Templates of different recognisers cannot be compared. Without one of the chosen recogniser a person who agreed to
    be seen is masked.
    """
    from vision import RECOGNISERS, FaceFinder, template_model

    chosen = template_model(settings.vision.recognise.recogniser)
    for id in RECOGNISERS:
        if id != chosen and store.has(id):
            recognise = settings.vision.recognise.model_copy(update={"recogniser": id})
            yield FaceFinder.from_store(store, settings.vision.model_copy(update={"recognise": recognise}))
