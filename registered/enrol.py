"""Enrolling somebody from photos, videos and voice clips.

Everything that is wrong with every file is told at once. Good files are enough if there are enough of them; what
was wrong with the others is in the result.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from registered.consent import Consent
from registered.face_checks import GoodFace, agreeing, check_faces, one_person
from registered.finders import FaceFinder, Image, SpeechFinder, VoiceEmbedder
from registered.gallery import Gallery
from registered.people import Enrolled, clean_name, unit_rows
from registered.photos import read_photo
from registered.problems import EnrolmentError, Problem
from registered.registry import Registry
from registered.settings import Settings
from registered.video_checks import Video, check_video
from registered.voice_checks import RATE, Clip, GoodVoice, check_voice
from timeline import DiscreetError, FloatArray, PeopleError

__all__ = ["Clip", "Enroller", "Enrolment", "Video"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody was enrolled.

    Attributes:
        person: as the registry keeps them now.
        faces: face templates added.
        voices: voice templates added.
        problems: what was wrong with files that were not used.
        forced: look-alikes that were accepted because a reason was given.
    """

    person: Enrolled
    faces: int
    voices: int
    problems: tuple[Problem, ...] = ()
    forced: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Found:
    """What the files gave."""

    faces: list[GoodFace] = field(default_factory=list)
    voices: list[GoodVoice] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Enroller:
    """Enrols people into ``registry``.

    Args:
        registry: keeps them.
        faces: needed for photos and videos.
        voices: needed for clips, as is ``speech``.
        speech: finds where a clip holds speech.
        settings: what is good enough.
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
        *,
        add: bool = False,
        keep: bool = False,
        force: str = "",
    ) -> Enrolment:
        """Enrol ``name``.

        Args:
            name: any Unicode; unique, whatever its case.
            photos: each of that one person.
            videos: frames are chosen from the first half minute or so.
            clips: each of that one voice, 16 kHz.
            consent: None: opted out of all four; with ``add``: stays as it is.
            add: add to somebody enrolled instead of refusing the name.
            keep: also keep the good photos, frames and clips, encrypted.
            force: the reason for accepting somebody who is like another enrolled person; kept with the record.

        Raises:
            EnrolmentError: not enough was good; ``problems`` says what is wrong with each file.
            PeopleError: the name is bad or taken; with ``add``, nobody is called that.
        """
        name = clean_name(name)
        existing = self._registry.get(name) if add else self._registry.find(name)
        if existing is not None and not add:
            raise PeopleError(
                f"{existing.name!r} is enrolled already", "choose another name, or add to that person with --add"
            )
        if not (photos or videos or clips):
            raise EnrolmentError("nothing to enrol from", "give a photo, a video or a voice clip")
        found = self._look(photos, videos, clips)
        self._alone(found)
        if existing is not None:
            self._the_same(existing, found)
        self._enough(name, found, len(photos) + len(videos), bool(clips))
        alike = self._alike(existing, found)
        if alike and not force.strip():
            raise EnrolmentError(
                f"{name} was not enrolled: {alike[0].message}",
                "if they are two people (twins, say), enrol with a reason: --force 'twins'",
                alike + found.problems,
            )
        person = self._write(name, existing, found, consent, f"look-alike accepted: {force.strip()}" if alike else "")
        if keep:
            person = self._keep(person, found, new=existing is None)
        voices = sum(len(voice.embeddings) for voice in found.voices)
        return Enrolment(person, len(found.faces), voices, tuple(found.problems), tuple(alike))

    def _look(self, photos: Sequence[Path], videos: Sequence[Video], clips: Sequence[Clip]) -> _Found:
        found, settings = _Found(), self._settings
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

    def _alone(self, found: _Found) -> None:
        """Leave out photos and clips of somebody else than the others."""
        if len(found.faces) > 1:
            found.faces, problems = one_person(found.faces, self._finder.same)
            found.problems.extend(problems)
        if len(found.voices) > 1:
            means = np.stack([unit_rows(voice.embeddings).mean(axis=0) for voice in found.voices])
            inside = set(agreeing(means, self._embedder.same))
            for index, voice in enumerate(found.voices):
                if index not in inside:
                    message = "is not the same voice as the others" if inside else "and the others are not one voice"
                    found.problems.append(Problem(voice.source, "another-person", message, "leave it out"))
            found.voices = [voice for index, voice in enumerate(found.voices) if index in inside]

    def _the_same(self, existing: Enrolled, found: _Found) -> None:
        """Leave out what is not like the person it would be added to."""

        def unlike(source: str) -> Problem:
            return Problem(source, "another-person", f"is not like {existing.name} as enrolled", "leave it out")

        if found.faces and self._finder.model in existing.faces:
            have = existing.faces[self._finder.model]
            for face in list(found.faces):
                if float((unit_rows(face.embedding) @ have.T).max()) < self._finder.same:
                    found.faces.remove(face)
                    found.problems.append(unlike(face.source))
        if found.voices and self._embedder.model in existing.voices:
            have = existing.voices[self._embedder.model]
            for voice in list(found.voices):
                if float((unit_rows(voice.embeddings) @ have.T).max()) < self._embedder.same:
                    found.voices.remove(voice)
                    found.problems.append(unlike(voice.source))

    def _enough(self, name: str, found: _Found, pictures: int, clips: bool) -> None:
        """Raise EnrolmentError unless enough is left."""
        face, voice = self._settings.face, self._settings.voice
        good = len({face.source for face in found.faces})
        few = pictures > 0 and (len(found.faces) < face.min_photos or good < face.min_share * pictures)
        if few and len(found.faces) < face.min_photos and good:
            message = f"{len(found.faces)} good pictures are too few, {face.min_photos} are needed"
            found.problems.append(Problem("photos", "too-few", message, "add photos"))
        seconds = sum(voice.speech for voice in found.voices)
        short = clips and seconds < voice.min_speech
        if short and found.voices:
            message = f"{seconds:.1f} s of speech in all are too little, {voice.min_speech:.0f} s are needed"
            found.problems.append(Problem("voice", "too-short", message, "add a longer clip"))
        if few or short:
            told = [f"{p.source}: {p.message}" for p in found.problems]
            more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
            remedies = list(dict.fromkeys(p.remedy for p in found.problems))
            raise EnrolmentError(
                f"{name} was not enrolled: " + "; ".join(told[:3]) + more, "; ".join(remedies[:3]), found.problems
            )

    def _alike(self, existing: Enrolled | None, found: _Found) -> list[Problem]:
        """Other enrolled people who could be taken for this one."""
        problems: list[Problem] = []
        without = existing.id if existing else None

        def compare(gallery: Gallery, embeddings: FloatArray, same: float, what: str) -> None:
            likeness = gallery.similarity(embeddings).max(axis=0, initial=-1.0)
            for id, value in zip(gallery.ids, likeness, strict=True):
                if value >= same:
                    other = self._registry.get(id).name
                    message = f"the {what} is like that of {other}, who is enrolled ({value:.2f}, limit {same:.2f})"
                    problems.append(
                        Problem(what, "look-alike", message, "--force with a reason if they are two people")
                    )

        if found.faces:
            gallery = Gallery.for_faces(self._registry, self._finder.model, without)
            compare(gallery, np.stack([face.embedding for face in found.faces]), self._finder.same, "face")
        if found.voices:
            gallery = Gallery.for_voices(self._registry, self._embedder.model, without)
            means = np.stack([unit_rows(voice.embeddings).mean(axis=0) for voice in found.voices])
            compare(gallery, means, self._embedder.same, "voice")
        return problems

    def _write(
        self, name: str, existing: Enrolled | None, found: _Found, consent: Consent | None, note: str
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

    def _keep(self, person: Enrolled, found: _Found, new: bool) -> Enrolled:
        try:
            for face in found.faces:
                self._registry.keep(person.id, "face", "image/png", _png(face.image))
            for voice in found.voices:
                self._registry.keep(person.id, "voice", "audio/wav", _wav(voice.samples))
        except DiscreetError:
            if new:  # an error means: nothing was enrolled
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
