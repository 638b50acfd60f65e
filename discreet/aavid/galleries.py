"""AAVID's galleries, ``registeredFaces/<name>/*.jpg`` and ``voice_samples/<name>.wav``, brought into the registry.

A photo in a folder says nothing about what the person agrees to, so nobody is enrolled without an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from registered import EnrolmentOptions, name_key
from timeline import InputError, PeopleError

if TYPE_CHECKING:
    from discreet.pipeline import RunContext
    from registered import Consent, Enrolled, Registry

PHOTOS = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}
CLIPS = {".wav", ".mp3", ".flac", ".m4a", ".ogg", ".opus"}
FACES, VOICES = Path("registeredFaces"), Path("voice_samples")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a gallery: the name, photos, and clips of the voice."""

    name: str
    faces: tuple[Path, ...] = ()
    voices: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of somebody: templates added, and lines about what was not used."""

    name: str
    faces: int
    voices: int
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether nothing of what there was could be used."""
        return not self.faces and not self.voices


def members(faces: Path | None, voices: Path | None) -> list[Member]:
    """Everybody in the two galleries, by name. A voice may also lie in a folder of the name, as photos do.

    Raises:
        InputError: a folder that was given is none.
    """
    found: dict[str, Member] = {}
    for name, file in _files(faces, PHOTOS, loose=False):
        one = found.setdefault(name_key(name), Member(name))
        found[name_key(name)] = replace(one, faces=(*one.faces, file))
    for name, file in _files(voices, CLIPS, loose=True):
        one = found.setdefault(name_key(name), Member(name))
        found[name_key(name)] = replace(one, voices=(*one.voices, file))
    return sorted(found.values(), key=lambda member: member.name)


def _files(folder: Path | None, endings: set[str], *, loose: bool) -> Iterator[tuple[str, Path]]:
    """The files of a gallery with the name of the person: that of the folder, or of a ``loose`` file."""
    if folder is None:
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "give a folder such as registeredFaces or voice_samples")
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        for file in sorted(path.iterdir()) if path.is_dir() else [path] if loose else []:
            if file.suffix.lower() in endings and file.is_file():
                yield (path.name if path.is_dir() else path.stem), file


def missing(people: Sequence[Enrolled], gallery: Sequence[Member]) -> list[Member]:
    """Those of the gallery who are not enrolled."""
    known = {name_key(person.name) for person in people}
    return [member for member in gallery if name_key(member.name) not in known]


def import_people(
    context: RunContext,
    gallery: Sequence[Member],
    ask: Callable[[str], Consent | None],
) -> list[Imported]:
    """Enrol the gallery, and add photos and clips of a kind of which somebody has no template of the model in use.

    Consent of people who are enrolled stays as it is.

    Args:
        context: settings, models and the registry.
        gallery: of :func:`members`.
        ask: name -> what somebody who is not enrolled agrees to; None: leave them out.

    Returns:
        what became of everybody who had something to add.

    Raises:
        ModelError: a model is missing.
        PeopleError: the registry cannot be read.
    """
    from vision import template_model

    face, voice = template_model(context.settings.vision.recognise.recogniser), context.settings.diarization.voiceprint
    known = {name_key(person.name): person for person in context.registry.people()}
    out = []
    for member in gallery:
        person = known.get(name_key(member.name))
        if person is None:
            consent = ask(member.name)
            if consent is not None:
                out.append(_enrolled(context, member, consent, add=False))
            continue
        faces, voices = member.faces, member.voices
        new = Member(person.name, () if face in person.faces else faces, () if voice in person.voices else voices)
        if new.faces or new.voices:
            out.append(_enrolled(context, new, None, add=True))
    return out


def _enrolled(context: RunContext, member: Member, consent: Consent | None, *, add: bool) -> Imported:
    """Photos and clips apart, so that a bad clip does not cost the photos."""
    from discreet.pipeline import EnrolmentFiles, enroll, require_enrolment_models

    faces = voices = 0
    notes: list[str] = []
    registry, store, settings, name = context.registry, context.store, context.settings, member.name
    require_enrolment_models(store, settings, faces=bool(member.faces), voices=bool(member.voices))
    for photos, clips in ((member.faces, ()), ((), member.voices)):
        if not photos and not clips:
            continue
        try:
            done = enroll(
                registry, store, settings, name, EnrolmentFiles(photos, clips, EnrolmentOptions(add=add)), consent
            )
        except (PeopleError, InputError) as error:
            problems = getattr(error, "problems", ())
            notes += [str(problem) for problem in problems] or [str(error)]
            continue
        consent, add = None, True
        faces, voices = faces + done.faces, voices + done.voices
        notes += [str(problem) for problem in done.problems]
    return Imported(member.name, faces, voices, tuple(notes))


def unasked_line(registry: Registry, gallery: Sequence[Member]) -> str:
    """A line about those of the gallery who have not been asked; empty where there are none."""
    out = missing(registry.people(), gallery)
    if not out:
        return ""
    return (
        f"{len(out)} of {len(gallery)} people in the folders are not enrolled, so nobody knows what they agree to: they"
        " are masked and not named. To record their answers: discreet people import --faces registeredFaces --voices"
        " voice_samples"
    )
