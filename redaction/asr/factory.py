"""Creating the speech recogniser that the settings name, a :class:`~redaction.asr.base.SpeechRecogniser`.

``whisper-base`` and its variants are models of the store; ``vosk`` and ``whisperx`` are engines; a folder, or the name
of a folder in the store, is a Whisper model of any size that was put there by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from redaction.asr.base import RecognisedWord, SpeechRecogniser
from redaction.asr.whisper import NEEDED, Whisper
from redaction.settings import RedactionSettings
from timeline import FloatArray, ModelError, capabilities, load_plugin
from weights import Store

VOSK = "vosk-small-en"
WHISPERX = "whisperx"
LISTENER = "whisper-base"
"""The model that detects the language for recognisers that know only English."""


def canonical(asr: str) -> str:
    """The recogniser's id; ``vosk`` becomes the id of the model it runs."""
    return VOSK if asr == "vosk" else asr


def placed_badly(settings: RedactionSettings) -> bool:
    """Whether the recogniser's times are poor and need alignment: Whisper's do; the others align words themselves."""
    return canonical(settings.asr) not in (VOSK, WHISPERX)


def store_models(store: Store, settings: RedactionSettings) -> list[str]:
    """Ids of the models in the store that this recogniser uses; only the first one is required."""
    asr = canonical(settings.asr)
    if asr == WHISPERX:
        asr = settings.whisperx.model
    if not _known(store, asr):
        theirs = capabilities("asr", asr)
        return list(theirs.models) if theirs is not None else []
    english_only = asr == VOSK or asr.endswith("-en")
    listener = [LISTENER] if english_only and settings.language is None and store.has(LISTENER) else []
    return [asr, *listener]


def local_models(store: Store, settings: RedactionSettings) -> dict[str, str]:
    """Name -> SHA-256 of ``model.bin`` of a Whisper folder that is not in the manifest, so that nobody vouches for it.

    Raises:
        ModelError: there is no such folder.
    """
    asr = settings.whisperx.model if settings.asr == WHISPERX else canonical(settings.asr)
    if _known(store, asr) or capabilities("asr", asr) is not None:
        return {}
    folder = _folder(store, asr)
    try:
        with (folder / "model.bin").open("rb") as file:
            return {folder.name: hashlib.file_digest(file, "sha256").hexdigest()}
    except OSError as error:
        raise ModelError(f"{folder / 'model.bin'} cannot be read: {error.strerror}", "check its permissions") from error


def speech_recogniser(store: Store, settings: RedactionSettings) -> SpeechRecogniser:
    """Load the recogniser that ``settings.asr`` names.

    Raises:
        ModelError: it or something it needs is missing or damaged, or it does not know the language.
    """
    asr = canonical(settings.asr)
    if asr == WHISPERX:
        from redaction.asr.whisperx import WhisperX

        model = settings.whisperx.model
        return WhisperX.start(store.path(model) if _known(store, model) else _folder(store, model), store, settings)
    if asr == VOSK:
        from redaction.asr.vosk import Vosk

        _english(asr, settings)
        return Vosk.load(store.path(VOSK), _listener(store, settings))
    theirs: SpeechRecogniser | None = None
    if not _known(store, asr):
        theirs = load_plugin("asr", asr, SpeechRecogniser, store, settings)
    if theirs is not None:
        return theirs
    whisper = Whisper.load(store.path(asr) if _known(store, asr) else _folder(store, asr), settings)
    if whisper.multilingual:
        return whisper
    _english(asr, settings)
    return _WithListener(whisper, _listener(store, settings))


class _WithListener:
    """An English recogniser, with another one that detects whether the speech is English."""

    def __init__(self, words: SpeechRecogniser, languages: Callable[[FloatArray], dict[str, float]] | None) -> None:
        self._words, self._languages = words, languages

    def __call__(self, samples: FloatArray, language: str | None) -> tuple[list[RecognisedWord], dict[str, float]]:
        languages = self._languages(samples) if language is None and self._languages is not None else {}
        return self._words(samples, "en")[0], languages


def _listener(store: Store, settings: RedactionSettings) -> Callable[[FloatArray], dict[str, float]] | None:
    """The language detector, or None. Without it the language stays unknown, and unknown speech is silenced."""
    if settings.language is not None or not store.has(LISTENER):
        return None
    return Whisper.load(store.path(LISTENER), settings).languages


def _english(asr: str, settings: RedactionSettings) -> None:
    if settings.language not in (None, "en"):
        raise ModelError(
            f"{asr} understands only English, and the language is {settings.language}", "use --asr whisper-base for it"
        )


def _known(store: Store, id: str) -> bool:
    return any(model.id == id for model in store.manifest.models)


def _folder(store: Store, asr: str) -> Path:
    """Find a model folder by its path, or by its name in the store or in the folders of DISCREET_WEIGHTS."""
    for place in (Path(asr).expanduser(), store.root / asr, *(local / asr for local in store.local)):
        if all((place / needed).is_file() for needed in NEEDED):
            return place
    raise ModelError(
        f"there is no speech recogniser {asr}: neither a model of the store nor a folder with {', '.join(NEEDED)}",
        "use whisper-base, vosk or whisperx, or give the folder of a CTranslate2 Whisper model",
    )
