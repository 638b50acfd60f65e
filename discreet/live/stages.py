"""The stages of a recording, made from settings, models and enrolled people for the given pictures and sound."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from capture.live import RecordingStatus
from capture.writing import EncryptedSidecar, sidecar_name
from discreet.live.speaker_view import AudioTap, LiveListener, live_diarizer, not_as_chosen
from discreet.pipeline.people import NOBODY

if TYPE_CHECKING:
    from capture import Picture
    from capture.live import PictureStage, SidecarWriter, SoundStage
    from discreet.pipeline.context import RunContext
    from voice import Converter, PseudoVoice
    from voice.live import LiveVoice


def masking_stage(context: RunContext, picture: Picture) -> PictureStage:
    """The stage that masks faces in pictures of that shape. Raises ModelError if a model is missing."""
    from registered import Gallery
    from vision import LiveMasker, template_model

    settings = context.settings
    gallery = Gallery.for_faces(context.registry, template_model(settings.vision.recognise.recogniser))
    seen = {person: answers.seen for person, answers in context.answers.items()}
    return LiveMasker.from_store(context.store, settings.vision, gallery, seen, picture, settings.masking)


def voice_stage(context: RunContext, rate: int) -> SoundStage:
    """The stage that changes all voices in the same way at that sample rate: nobody is identified while recording."""
    from voice import make_converter, voice_for

    voice = voice_for(context.registry.secret("voice"), NOBODY)
    return make_converter(voice, rate, context.settings.voice.converter)


def live_voice(context: RunContext, rate: int, key: str | None = None) -> LiveVoice:
    """What changes the voice of one speaker in a call.

    Args:
        context: settings, and the secret from which voices are drawn.
        rate: samples per second.
        key: of an enrolled person (``voice_key``); None: the voice that everybody has in a recording.
    """
    from time import perf_counter

    from voice import voice_for
    from voice.live import Level, LiveVoice

    name = context.settings.voice.converter
    ways = [Level(each, partial(_converter, each)) for each in dict.fromkeys((name, "warp"))]
    voice = voice_for(context.registry.secret("voice"), NOBODY if key is None else key)
    return LiveVoice(ways, voice, rate, perf_counter)


def _converter(name: str, voice: PseudoVoice, rate: int) -> Converter:
    from voice import make_converter

    return make_converter(voice, rate, name)


class OwnSound:
    """The unchanged sound of a recording: sealed in a sidecar, listened to for who speaks, both, or neither.

    A context manager: it ends the listening, and removes the sidecar if an exception ends the recording.

    Args:
        context: settings, models and people; ``record.spool`` and ``record.diarize`` say what is wanted.
        target: the recording; the sidecar lies beside it.
        id: of the recording.
    """

    def __init__(self, context: RunContext, target: Path, id: str) -> None:
        self.target, self.id = target, id
        self._context = context
        self._sidecar: EncryptedSidecar | None = None
        self._listener: LiveListener | None = None

    @property
    def wanted(self) -> bool:
        """Whether the settings use the unchanged sound for anything."""
        record = self._context.settings.record
        return record.spool == "encrypted" or record.diarize

    @property
    def path(self) -> Path | None:
        """Path of the sidecar; None if there is none."""
        return self._sidecar.path if self._sidecar is not None else None

    def open(self, rate: int) -> SidecarWriter:
        """Where sound at ``rate`` samples per second goes. Call it once, and only if :attr:`wanted`."""
        context, record = self._context, self._context.settings.record
        if record.spool == "encrypted":
            self._sidecar = EncryptedSidecar(sidecar_name(self.target), context.registry.vault, rate, self.id)
            if not record.diarize:
                return self._sidecar
        self._listener = LiveListener(rate, lambda: live_diarizer(context.settings, context.store, context.registry))
        return AudioTap(self._sidecar, self._listener)

    def with_speaker(self, now: RecordingStatus) -> RecordingStatus:
        """The status with who is speaking added, if that is listened for."""
        if self._listener is None:
            return now
        return replace(now, stage={**now.stage, "speaking": self._listener.speaking})

    def notes(self) -> list[str]:
        """Notes on who was shown as speaking."""
        if self._listener is None:
            return []
        other = not_as_chosen(self._context.settings, self._context.store)
        return [*([other] if other else []), *self._listener.notes]

    def discard(self) -> None:
        """Remove the sidecar."""
        if self._sidecar is not None:
            self._sidecar.discard()
            self._sidecar = None

    def __enter__(self) -> OwnSound:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listener is not None:
            self._listener.close()
        if kind is not None:
            self.discard()
