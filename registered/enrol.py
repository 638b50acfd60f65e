"""Enrolling somebody from photos, videos and voice clips.

All problems of all files are reported at once. Good files are enough if there are enough of them; the result lists
what was wrong with the others.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from registered.consent import Consent
from registered.enrolment_problems import EnrolmentError, Problem
from registered.enrolment_selection import Found, look_alikes
from registered.face_checks import GoodFace, check_faces
from registered.finder_protocols import FaceFinder, Image, SpeechFinder, VoiceEmbedder
from registered.people import Enrolled, clean_name
from registered.photos import read_photo
from registered.registry import Registry
from registered.settings import Settings
from registered.video_checks import Video, check_video
from registered.voice_checks import RATE, Clip, GoodVoice, check_voice
from timeline import DiscreetError, FloatArray, PeopleError

__all__ = ["Clip", "Enroller", "Enrolment", "Video"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The result of an enrolment.

    Attributes:
        person: as the registry has them now.
        faces: face templates added.
        voices: voice templates added.
        problems: what was wrong with files that were not used.
        forced: look-alikes that were accepted because a reason was given.
        advice: what would improve recognition.
    """

    person: Enrolled
    faces: int
    voices: int
    problems: tuple[Problem, ...] = ()
    forced: tuple[Problem, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrolmentOptions:
    """How somebody is enrolled.

    Attributes:
        add: add to an enrolled person instead of rejecting the name.
        keep: also keep the good photos, frames and clips, encrypted.
        force: the reason for accepting somebody who resembles another enrolled person; kept with the record.
    """

    add: bool = False
    keep: bool = False
    force: str = ""


class Enroller:
    """Enrols people into ``registry``.

    Args:
        registry: stores them.
        faces: needed for photos and videos.
        voices: needed for clips, as is ``speech``.
        speech: finds the speech in a clip.
        settings: quality requirements.
    """

    def __init__(
        self,
        registry: Registry,
        faces: FaceFinder | None = None,
        voices: VoiceEmbedder | None = None,
        speech: SpeechFinder | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._registry = registry
        self._faces = faces
        self._voices = voices
        self._speech = speech
        self._settings = settings or Settings()

    def enrol(
        self,
        name: str,
        photos: Sequence[Path] = (),
        videos: Sequence[Video] = (),
        clips: Sequence[Clip] = (),
        consent: Consent | None = None,
        options: EnrolmentOptions = EnrolmentOptions(),
    ) -> Enrolment:
        """Enrol ``name``.

        Args:
            name: any Unicode; unique regardless of case.
            photos: each of this one person.
            videos: frames are chosen from about the first half minute.
            clips: each of this one voice, 16 kHz.
            consent: None: opted out of all four; with ``options.add``: unchanged.
            options: whether to add to somebody, to keep the files, and to accept a look-alike.

        Raises:
            EnrolmentError: too few files were good; ``problems`` says what is wrong with each file.
            PeopleError: the name is invalid or taken; with ``options.add``, there is no such person.
        """
        name, reason = clean_name(name), options.force.strip()
        existing = self._registry.get(name) if options.add else self._registry.find(name)
        if existing is not None and not options.add:
            raise PeopleError(
                f"{existing.name!r} is enrolled already", "choose another name, or add to their record with --add"
            )
        if not (photos or videos or clips):
            raise EnrolmentError("nothing to enrol from", "give a photo, a video or a voice clip")
        found = self._look(photos, videos, clips)
        found.of_one_person(self._faces, self._voices, self._settings)
        face, voice = self._limits(self._settings.face.own_share, self._settings.voice.own_share)
        if existing is not None:
            found.like(existing, face, voice)
        found.check_enough(name, len(photos) + len(videos), len(clips), self._settings)
        face, voice = self._limits(1.0, self._settings.voice.alike_share)
        alike = look_alikes(self._registry, found, existing.id if existing else None, face, voice)
        if alike and not reason:
            raise EnrolmentError(
                f"{name} was not enrolled: {alike[0].message}",
                "if they are two people (twins, say), enrol with a reason: --force 'twins'",
                alike + found.problems,
            )
        person = self._write(name, existing, found, consent, f"look-alike accepted: {reason}" if alike else "")
        if options.keep:
            person = self._keep(person, found, new=existing is None)
        return Enrolment(
            person,
            faces=len(found.faces),
            voices=sum(len(voice.embeddings) for voice in found.voices),
            problems=tuple(found.problems),
            forced=tuple(alike),
            advice=tuple(found.advice(self._faces.same if self._faces else 0.0, self._settings)),
        )

    def _limits(self, face: float, voice: float) -> tuple[tuple[str, float] | None, tuple[str, float] | None]:
        """Model and cosine limit for faces and for voices, as shares of the recognition thresholds.

        The limits are lower among the photos of one person: they are likely to be the same person, and varied photos
        are better.
        """
        return (
            (self._faces.model, face * self._faces.same) if self._faces else None,
            (self._voices.model, voice * self._voices.same) if self._voices else None,
        )

    def _look(self, photos: Sequence[Path], videos: Sequence[Video], clips: Sequence[Clip]) -> Found:
        found, settings = Found(), self._settings
        for path in photos:
            image = read_photo(path)
            if isinstance(image, Problem):
                found.problems.append(image)
                continue
            face = check_faces(str(path), image, self._finder(image), settings.face)
            if isinstance(face, GoodFace):
                found.faces.append(face)
            else:
                found.problems.extend(face)
        for video in videos:
            frames, problems = check_video(video, self._finder, settings.face)
            found.faces.extend(frames)
            found.problems.extend(problems)
        for clip in clips:
            if self._speech is None:
                raise ValueError("clips need a speech finder")
            voice = check_voice(clip, self._embedder, self._speech, settings.voice)
            if isinstance(voice, GoodVoice):
                found.voices.append(voice)
            else:
                found.problems.extend(voice)
        return found

    @property
    def _finder(self) -> FaceFinder:
        if self._faces is None:
            raise ValueError("photos and videos need a face finder")
        return self._faces

    @property
    def _embedder(self) -> VoiceEmbedder:
        if self._voices is None:
            raise ValueError("clips need a voice embedder")
        return self._voices

    def _write(
        self, name: str, existing: Enrolled | None, found: Found, consent: Consent | None, note: str
    ) -> Enrolled:
        def filled(person: Enrolled) -> Enrolled:
            for face in found.faces:
                person = person.with_face(self._finder.model, face.embedding, face.quality)
            for voice in found.voices:
                person = person.with_voice(self._embedder.model, voice.embeddings, voice.quality)
            return person

        def changed(person: Enrolled) -> Enrolled:
            person = filled(person if consent is None else person.with_consent(consent))
            return replace(person, notes=(*person.notes, note)) if note else person

        if existing is None:
            return self._registry.add(filled(Enrolled.new(name, consent, note)))
        return self._registry.update(existing.id, changed)

    def _keep(self, person: Enrolled, found: Found, new: bool) -> Enrolled:
        try:
            for face in found.faces:
                self._registry.keep(person.id, "face", "image/png", _png(face.image))
            for voice in found.voices:
                self._registry.keep(person.id, "voice", "audio/wav", _wav(voice.samples))
        except DiscreetError:
            if new:  # an error means that nothing was enrolled
                self._registry.forget(person.id)
            raise
        return self._registry.get(person.id)


def _png(image: Image) -> bytes:
    import cv2

    return bytes(cv2.imencode(".png", image)[1].tobytes())


def _wav(samples: FloatArray) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    return out.getvalue()
