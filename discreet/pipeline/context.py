"""The fixed inputs of a run: its settings, its models and the enrolled people, as they are when it begins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from discreet.config.models import model_hashes

if TYPE_CHECKING:
    from discreet.config.settings import Settings
    from registered import Answers, Enrolled, Registry
    from weights import Store

UNMEASURED = (
    "TitaNet's likenesses were read with the thresholds of the default voiceprint; nobody measured them for it"
    " (docs/how-to/models.md)."
)


@dataclass(frozen=True, slots=True)
class RunContext:
    """Everything besides the recording that decides a result; it does not change during a run.

    Attributes:
        settings: all settings.
        store: the models.
        registry: the enrolled people.
        people: everybody in the registry.
        answers: what each of them agrees to today, by id.
    """

    settings: Settings
    store: Store
    registry: Registry
    people: tuple[Enrolled, ...]
    answers: Mapping[str, Answers]

    @classmethod
    def of(cls, settings: Settings, store: Store, registry: Registry) -> RunContext:
        """The context of a run that begins now. Raises PeopleError if the enrolled people cannot be read."""
        return cls(settings, store, registry, tuple(registry.people()), registry.consents())

    def model_hashes(self) -> dict[str, str]:
        """Model id -> SHA-256. Raises ModelError if needed models are missing, or one is damaged."""
        return model_hashes(self.store, self.settings)

    def people_digest(self) -> str:
        """A hash of everything about the enrolled people that decides a result."""
        digest = hashlib.sha256()
        for person in self.people:
            digest.update(f"{person.voice_key}\0{person.name}\0{self.answers[person.id]}\0".encode())
            for templates in (person.faces, person.voices):
                for model in sorted(templates):
                    digest.update(model.encode() + templates[model].tobytes())
        digest.update(str(len(self.registry.damaged())).encode())
        return digest.hexdigest()

    def deciding_settings(self) -> dict[str, Any]:
        """All settings, with values that the chosen models bring along where nothing was set."""
        from vision import calibrated

        vision = calibrated(self.store, self.settings.vision)
        return self.settings.model_copy(update={"vision": vision}).model_dump(mode="json")

    def public_settings(self) -> dict[str, Any]:
        """The settings that may be written to the document: without lists of private words and without paths."""
        from vision import PREFIX, is_pack

        values = self.deciding_settings()
        for room, key in (("redaction", "deny"), ("redaction", "allow"), ("registered", "folder")):
            values[room].pop(key, None)
        words = values["redaction"]
        for key in ("python", "align", "punkt"):
            words["whisperx"].pop(key, None)
        # A recogniser may be given as a folder, and a path may hold somebody's name.
        words["asr"], words["whisperx"]["model"] = Path(words["asr"]).name, Path(words["whisperx"]["model"]).name
        vision = values["vision"]
        for part, name in (("detect", "detector"), ("recognise", "recogniser")):  # a pack may be given as a folder
            names = vision[part][name].split("+")
            vision[part][name] = "+".join(PREFIX + Path(n).name if is_pack(n) else n for n in names)
        return values

    def notes(self, diarizer: Sequence[str] = ()) -> list[str]:
        """Limitations of the chosen models and templates; ``diarizer``: the diarizer's notes on its result."""
        from vision import masker

        notes = []
        warning = masker(self.settings.vision.mask).warning
        if warning:
            notes.append(warning)
        notes += diarizer
        if "titanet" in self.settings.diarization.voiceprint:
            notes.append(UNMEASURED)
        notes += self._faces_of_others()
        if others := self.without_voice_template():
            quiet = any(not self.answers[person.id].quoted for person in others)
            notes.append(
                f"{len(others)} of {len(self.people)} enrolled people have no voice template of"
                f" {self.settings.diarization.voiceprint}, so their voices could not be recognised"
                + (", and because some of them may not be quoted, no stranger is" if quiet else "")
                + ". To mend it, with the same settings: discreet enroll NAME --voice CLIP --add"
            )
        return notes

    def without_voice_template(self) -> list[Enrolled]:
        """People who are enrolled by voice but have no template of the voiceprint in use."""
        model = self.settings.diarization.voiceprint
        return [person for person in self.people if person.voices and model not in person.voices]

    def _faces_of_others(self) -> list[str]:
        """Notes on people enrolled by face, but not for the recogniser in use. Without names: anybody may read them."""
        from vision import pack_models, template_model

        recogniser = self.settings.vision.recognise.recogniser
        model = template_model(recogniser)
        missed = sum(bool(person.faces) and model not in person.faces for person in self.people)
        notes = []
        if missed:
            profile = f" --profile {self.settings.profile}" if self.settings.profile != "embedded" else ""
            chosen = (
                profile or f" --set vision.recognise.recogniser={model if model == recogniser else 'insightface:PACK'}"
            )
            notes.append(
                f"{missed} of {len(self.people)} enrolled people have no face template of {model}, so their faces could"
                " not be recognised and were masked, whatever they agreed to (`discreet people list` shows who)."
                f" To mend it: discreet enroll NAME --face PHOTO --add{chosen}"
            )
        if any(not pack.known for pack in pack_models(self.settings.vision)):
            notes.append(
                "The InsightFace pack was read with the thresholds of arcface-mbf; nobody measured it (python -m"
                " evaluation.runs.face_thresholds does)."
            )
        return notes
