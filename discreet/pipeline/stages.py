"""The wiring: which models the settings choose, and the rooms' stages made from them.

Stages load their models when they run and drop them afterwards, so that memory holds one stage's models at a time
(two, while faces and sound are worked on side by side).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from discreet.config.models import REPLACEABLE, model_hashes, model_ids
from timeline import Audio, FaceTrack, Progress, Redaction, Segment, Word, silent, union

if TYPE_CHECKING:
    from capture import AudioFile, ListenedSound, MediaInfo
    from capture.writing.sealed_audio import SpooledSound
    from diarization import Diarization, Fusion
    from discreet.config.settings import Settings
    from discreet.pipeline.codec import Faces
    from discreet.pipeline.privacy import RedactionPlan
    from discreet.pipeline.sidecar import Session
    from redaction import Clip, PiiFinder, Transcript, Verification
    from registered import Enrolled, Registry
    from voice import VoicePlan
    from weights import Store

UNMEASURED = (
    "TitaNet's likenesses were read with the thresholds of the default voiceprint; nobody measured them for it"
    " (docs/nemo.md)."
)


class Stages:
    """The stages of one run, made from its settings, models and people."""

    def __init__(self, settings: Settings, store: Store, registry: Registry) -> None:
        self.settings = settings
        self.store = store
        self.registry = registry
        self.people = registry.people()
        self.answers = registry.consents()
        self.session: Session | None = None  # what the live recorder left beside the recording
        self._lock = Lock()
        self._sounds: dict[Path, AudioFile | ListenedSound] = {}
        self._heard: tuple[str, ...] = ()  # what the diarizer had to say about its result

    def model_hashes(self) -> dict[str, str]:
        """Model id -> SHA-256. Raises ModelError when models that are needed are missing, or one is damaged."""
        return model_hashes(self.store, self.settings)

    def people_digest(self) -> str:
        """A hash of everything about the enrolled people that decides a result."""
        digest = hashlib.sha256()
        for person in self.people:
            digest.update(f"{person.id}\0{person.name}\0{self.answers[person.id]}\0".encode())
            for templates in (person.faces, person.voices):
                for model in sorted(templates):
                    digest.update(model.encode() + templates[model].tobytes())
        digest.update(str(len(self.registry.damaged())).encode())
        return digest.hexdigest()

    # -- stages ---------------------------------------------------------------------------------------------------

    def sound(self, source: Path, info: MediaInfo) -> AudioFile | ListenedSound | SpooledSound:
        """The one sound that everything listens to and that is written: 16 kHz, mono."""
        from capture import listened_sound

        if self.session is not None and self.session.spool is not None:
            return self.session.sound()
        with self._lock:
            if source not in self._sounds:
                self._sounds[source] = listened_sound(source, info, self.settings.capture)
            return self._sounds[source]

    def views(self, source: Path, info: MediaInfo) -> Sequence[Audio]:
        """The other ways to listen, where channels hold more than the one sound tells."""
        from capture import ListenedSound

        sound = self.sound(source, info)
        return sound.views if isinstance(sound, ListenedSound) else ()

    def channel_notes(self, source: Path, info: MediaInfo) -> list[str]:
        """What became of a recording's channels."""
        from capture import ListenedSound

        sound = self.sound(source, info)
        return sound.notes if isinstance(sound, ListenedSound) else []

    def faces(self, source: Path, info: MediaInfo, progress: Progress) -> Faces:
        """Every face over time: where it is, whose it is, whether it may be shown, when its lips speak."""
        from array import array

        import numpy as np

        from capture import VideoFile
        from discreet.pipeline.codec import Faces
        from registered import Gallery
        from vision import FaceStage
        from vision.factory import template_model

        vision = self.settings.vision
        gallery = Gallery.for_faces(self.registry, template_model(vision.recognise.recogniser))
        seen = {id: answers.seen for id, answers in self.answers.items()}
        stage = FaceStage.from_store(self.store, vision, gallery, seen)
        video = VideoFile(source, info=info, settings=self.settings.capture)
        times = array("d")

        def watched() -> Iterator[tuple[float, Any]]:
            for t, picture in video:
                progress(min(0.99, t / info.duration) if info.duration else 0.0)
                times.append(t)
                yield t, picture

        audio = self.sound(source, info) if info.has_audio else None
        tracks = stage.run(watched(), video.size, info.fps, audio)
        return Faces(tracks, np.asarray(times, np.float64))

    def speakers(self, source: Path, info: MediaInfo, progress: Progress) -> Diarization:
        """Who speaks when, by voice alone."""
        from diarization import make_diarizer

        found = make_diarizer(self.store, self.settings.diarization)(self.sound(source, info), progress)
        return replace(found, speech=union([*found.speech, *self.speech(source, info)]))

    def speech(self, source: Path, info: MediaInfo, progress: Progress = silent) -> list[Segment]:
        """Where anybody speaks, however quietly: all that has to be looked at for private words."""
        from diarization.vad import SpeechFinder
        from discreet.pipeline.level import Normalised, WithProgress

        finder = SpeechFinder.from_store(self.store, self.settings.diarization)
        found = list(finder(WithProgress(Normalised(self.sound(source, info)), progress)))
        return union([*found, *(span for view in self.views(source, info) for span in finder(Normalised(view)))])

    def words(self, source: Path, info: MediaInfo, speech: Sequence[Segment], progress: Progress) -> Transcript:
        """What is said."""
        from discreet.pipeline.level import Normalised
        from redaction import Transcriber

        transcriber = Transcriber.from_store(self.store, self.settings.redaction)
        return transcriber.transcribe(Normalised(self.sound(source, info)), speech, progress)

    def words_beside(self, source: Path, info: MediaInfo, language: str, progress: Progress) -> list[Transcript]:
        """What is said in each of the :meth:`views`, where anybody speaks in it."""
        from diarization.vad import SpeechFinder
        from discreet.pipeline.level import Normalised
        from redaction import Transcriber

        views = self.views(source, info)
        known = self.settings.redaction.model_copy(update={"language": language or None})
        finder = SpeechFinder.from_store(self.store, self.settings.diarization)
        transcriber = Transcriber.from_store(self.store, known)
        out = []
        for number, view in enumerate(views, 1):
            out.append(transcriber.transcribe(Normalised(view), finder(Normalised(view))))
            progress(number / len(views))
        return out

    def verify(
        self, source: Path, info: MediaInfo, language: str, private: RedactionPlan, progress: Progress
    ) -> Verification:
        """Listen to what was redacted once more; the redactions with those widened that were still heard.

        The sound is the recording's own with the redactions in it: where another voice takes the place of
        somebody's, the private words are silenced before it does.
        """
        from discreet.pipeline.level import Normalised
        from redaction import Transcriber, verify

        settings = self.settings.redaction
        known = settings.for_proof().model_copy(update={"language": settings.language or language or None})
        listen = Transcriber.from_store(self.store, known)
        audio = Normalised(self.sound(source, info))
        said, clear, clips = private.said, private.words, private.clips
        return verify(listen, audio, private.redactions, said, clear, settings, progress, clips)

    def surrogates(
        self, source: Path, info: MediaInfo, words: Sequence[Word], private: RedactionPlan
    ) -> tuple[list[Redaction], dict[str, Clip]]:
        """Names spoken in the place of private ones: never that of anybody who has to do with the meeting.

        Args:
            source: the recording.
            info: what it holds.
            words: everything that is said in it.
            private: what is to be taken out.

        Returns:
            the redactions, those without a surrogate turned into beeps, and the clips by redaction's id.
        """
        from redaction import Kokoro, Surrogates, speak_surrogates

        heard = [*(word.text for word in words), *(person.name for person in self.people)]
        names = Surrogates(self.registry.secret("surrogates"), heard).choose(private.redactions, private.said)
        audio = self.sound(source, info)
        return speak_surrogates(audio, private.redactions, names, lambda: Kokoro.from_store(self.store))

    def pii_finder(self) -> PiiFinder:
        """What finds private words; the names of all enrolled people are among them."""
        from redaction import PiiFinder

        return PiiFinder.from_store(self.store, self.settings.redaction, [person.name for person in self.people])

    def fuse(self, diarization: Diarization, tracks: Sequence[FaceTrack]) -> Fusion:
        """Voices, faces and enrolled people become the people of the recording."""
        from diarization import EnrolledPerson, fuse
        from registered import Gallery

        voices = Gallery.for_voices(self.registry, self.settings.diarization.voiceprint)
        people = {p.id: EnrolledPerson(p.name, self.answers[p.id]) for p in self.people}
        # Whether strangers are quoted is the registry's to say: it also knows of records that cannot be read.
        self._heard = diarization.notes
        rules = self.settings.diarization.fusion
        # So does who may not be quoted and cannot be recognised, for want of a template of this voiceprint.
        unheard = any(not self.answers[person.id].quoted for person in self._voices_of_others())
        quoted = rules.stranger_quoted and self.registry.answers(None).quoted and not unheard
        rules = rules.model_copy(update={"stranger_quoted": quoted})
        settings = self.settings.diarization.model_copy(update={"fusion": rules})
        return fuse(diarization, tracks, voices, people, settings)

    def voice_plan(self, fusion: Fusion, recording: str) -> VoicePlan:
        """Who is heard how: the own voice of those who agreed, another for everybody else and for every other sound.

        Args:
            fusion: people and turns.
            recording: a hash of the recording. Somebody enrolled has the same voice in every recording; a stranger's
                is drawn for this one, for nobody knows who they are in another.
        """
        from voice import VoicePlan, VoiceSpan, voice_for

        secret = self.registry.secret("voice")
        spans = []
        for person in fusion.people:
            key = fusion.enrolled.get(person.id) or f"{recording}/{person.id}"
            setting = None if person.heard else voice_for(secret, key)
            spoken = fusion.turns if person.heard else fusion.withheld
            spans += [VoiceSpan(turn.start, turn.end, setting) for turn in spoken if turn.person == person.id]
        return VoicePlan(spans, voice_for(secret, "nobody known"))

    def deciding_settings(self) -> dict[str, Any]:
        """All settings, with what the chosen models bring along wherever nothing was set."""
        from vision.factory import calibrated

        vision = calibrated(self.store, self.settings.vision)
        return self.settings.model_copy(update={"vision": vision}).model_dump(mode="json")

    def public_settings(self) -> dict[str, Any]:
        """The settings as they may stand in the document: lists of private words and paths do not."""
        from vision.recognition.insightface_pack import PREFIX, is_pack

        values = self.deciding_settings()
        for room, key in (("redaction", "deny"), ("redaction", "allow"), ("registered", "folder")):
            values[room].pop(key, None)
        words = values["redaction"]
        for key in ("python", "align", "punkt"):
            words["whisperx"].pop(key, None)
        # A recogniser may be named by its folder, and a path may hold somebody's name.
        words["asr"], words["whisperx"]["model"] = Path(words["asr"]).name, Path(words["whisperx"]["model"]).name
        vision = values["vision"]
        for part, name in (("detect", "detector"), ("recognise", "recogniser")):  # a pack may be named by its folder
            names = vision[part][name].split("+")
            vision[part][name] = "+".join(PREFIX + Path(n).name if is_pack(n) else n for n in names)
        return values

    def notes(self) -> list[str]:
        """What the chosen models do not do."""
        from vision import masker

        notes = []
        warning = masker(self.settings.vision.mask).warning
        if warning:
            notes.append(warning)
        notes += self._heard
        if "titanet" in self.settings.diarization.voiceprint:
            notes.append(UNMEASURED)
        notes += self._faces_of_others()
        if others := self._voices_of_others():
            quiet = any(not self.answers[person.id].quoted for person in others)
            notes.append(
                f"{len(others)} of {len(self.people)} enrolled people have no voice template of"
                f" {self.settings.diarization.voiceprint}, so their voices could not be recognised"
                + (", and because some of them may not be quoted, no stranger is" if quiet else "")
                + ". To mend it, with the same settings: discreet enroll NAME --voice CLIP --add"
            )
        used = model_ids(self.store, self.settings)
        if self.settings.vision.speaker.scorer == "auto" and not any(id in used for id in REPLACEABLE):
            notes.append(REPLACEABLE["lr-asd"])
        return notes

    def _voices_of_others(self) -> list[Enrolled]:
        """Who is enrolled by voice, but not for the voiceprint in use."""
        model = self.settings.diarization.voiceprint
        return [person for person in self.people if person.voices and model not in person.voices]

    def _faces_of_others(self) -> list[str]:
        """That people are enrolled by face, but not for the recogniser that looked. No name: anybody may read it."""
        from vision.factory import pack_models, template_model

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
                " evaluation.runs.thresholds does)."
            )
        return notes
