"""Selecting what is kept of an enrolment's files: of one person, enough of it, and unlike other enrolled people."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from registered.enrolment_problems import EnrolmentError, Problem
from registered.face_checks import GoodFace, one_person
from registered.finder_protocols import FaceFinder, VoiceEmbedder
from registered.gallery import Gallery
from registered.people import Enrolled, unit_rows
from registered.registry import Registry
from registered.same_person import ratios, sort_samples
from registered.settings import Settings
from registered.voice_checks import GoodVoice
from timeline import FloatArray


@dataclass(slots=True)
class Found:
    """What the files contained: good faces and voices, and problems of the others."""

    faces: list[GoodFace] = field(default_factory=list)
    voices: list[GoodVoice] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def of_one_person(self, find: FaceFinder | None, embed: VoiceEmbedder | None, settings: Settings) -> None:
        """Remove photos and clips of anybody else than most of them show.

        Photos of which nothing tells are kept, each on its own. Voices are recognised by their best template, so of
        clips only those that are surely one voice are kept.
        """
        if find is not None and len(self.faces) > 1:
            self.faces, problems = one_person(self.faces, find, settings.face)
            self.problems.extend(problems)
        if embed is not None and len(self.voices) > 1:
            self.voices.sort(key=lambda voice: -voice.speech)
            table = ratios(embed, _means(self.voices), [voice.speech for voice in self.voices])
            found = sort_samples(table, settings.voice.one_person, settings.voice.two_people)
            for index in (*found.unsure, *found.others):
                unsure = index in found.unsure
                about = "may not be" if unsure else "is not"
                remedy = "add a longer clip from the same room" if unsure else "leave it out"
                message = f"{about} the same voice as the other clips"
                self.problems.append(Problem(self.voices[index].source, "another-person", message, remedy))
            self.voices = [self.voices[index] for index in found.same]

    def like(self, person: Enrolled, face: tuple[str, float] | None, voice: tuple[str, float] | None) -> None:
        """Remove what is unlike ``person`` as enrolled; ``face`` and ``voice`` are model and least cosine."""

        def is_like(rows: FloatArray, have: FloatArray, same: float, source: str) -> bool:
            if float((unit_rows(rows) @ have.T).max()) >= same:
                return True
            about = f"is not like {person.name} as enrolled"
            self.problems.append(Problem(source, "another-person", about, "leave it out"))
            return False

        if face and face[0] in person.faces:
            have = person.faces[face[0]]
            self.faces = [f for f in self.faces if is_like(f.embedding, have, face[1], f.source)]
        if voice and voice[0] in person.voices:
            have = person.voices[voice[0]]
            self.voices = [v for v in self.voices if is_like(v.embeddings, have, voice[1], v.source)]

    def check_enough(self, name: str, pictures: int, clips: int, settings: Settings) -> None:
        """Raise EnrolmentError, with all problems, unless enough of the given ``pictures`` and ``clips`` is left."""
        face, voice = settings.face, settings.voice
        good = len({f.source for f in self.faces})
        few = pictures > 0 and (len(self.faces) < face.min_photos or good < face.min_share * pictures)
        if few and good:
            message = f"{good} of {pictures} pictures can be used: too few"
            self.problems.append(Problem("photos", "too-few", message, "add good photos, or leave the others out"))
        seconds = sum(v.speech for v in self.voices)
        short = clips > 0 and seconds < voice.min_speech
        if short and self.voices:
            message = f"{seconds:.1f} s of speech in all are too little, {voice.min_speech:.0f} s are needed"
            self.problems.append(Problem("voice", "too-short", message, "add a longer clip"))
        if few or short:
            told = [f"{p.source}: {p.message}" for p in self.problems]
            more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
            remedies = list(dict.fromkeys(p.remedy for p in self.problems))
            raise EnrolmentError(
                f"{name} was not enrolled: " + "; ".join(told[:3]) + more, "; ".join(remedies[:3]), self.problems
            )

    def advice(self, face_same: float, settings: Settings) -> list[str]:
        """What would improve recognition, although the files suffice."""
        left = sum(voice.left_out for voice in self.voices)
        lines = [f"{left:.0f} s that may be another voice were left out: add a clip from one place"] if left else []
        if not self.faces:
            return lines
        if all(face.turn >= settings.face.frontal for face in self.faces):
            lines.append("all photos show the face from the side: add one from the front")
        rows = np.concatenate([unit_rows(face.embedding) for face in self.faces])
        if len(rows) > 1 and float((rows @ rows.T - 2 * np.eye(len(rows))).max(axis=1).min()) < face_same:
            lines.append("the photos are little alike: make sure they are all of one person, and add one more")
        return lines


def look_alikes(
    registry: Registry,
    found: Found,
    without: str | None,
    face: tuple[str, float] | None,
    voice: tuple[str, float] | None,
) -> list[Problem]:
    """Other enrolled people, except the id ``without``, who could be mistaken for this one.

    ``face`` and ``voice`` are the model and the cosine from which people are too similar.
    """
    problems: list[Problem] = []

    def compare(gallery: Gallery, embeddings: FloatArray, same: float, what: str) -> None:
        likeness = gallery.similarity(embeddings).max(axis=0, initial=-1.0)
        for id, value in zip(gallery.ids, likeness, strict=True):
            if value >= same:
                other = registry.get(id).name
                message = f"the {what} is like that of {other}, who is enrolled ({value:.2f}, limit {same:.2f})"
                problems.append(Problem(what, "look-alike", message, "--force with a reason if they are two people"))

    if found.faces and face:
        gallery = Gallery.for_faces(registry, face[0], without)
        compare(gallery, np.stack([good.embedding for good in found.faces]), face[1], "face")
    if found.voices and voice:
        gallery = Gallery.for_voices(registry, voice[0], without)
        compare(gallery, _means(found.voices), voice[1], "voice")
    return problems


def _means(voices: list[GoodVoice]) -> FloatArray:
    return np.stack([unit_rows(voice.embeddings).mean(axis=0) for voice in voices])
