"""What settings need beside the core's packages: models, libraries, environments; and whether it is here."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from discreet.config.models import REPLACEABLE, model_ids
from timeline import ModelError

if TYPE_CHECKING:
    from discreet.config.settings import Settings
    from weights import Store

OPTIONS = {
    "--profile reference": ("profile=reference",),
    "--set vision.detect.detector=retinaface-mnet+yunet": ("vision.detect.detector=retinaface-mnet+yunet",),
    "--set vision.detect.detector=scrfd-500m+yunet": ("vision.detect.detector=scrfd-500m+yunet",),
    "--set vision.detect.detector=centerface+yunet": ("vision.detect.detector=centerface+yunet",),
    "--set vision.recognise.recogniser=arcface-mbf": ("vision.recognise.recogniser=arcface-mbf",),
    "--set vision.recognise.recogniser=insightface:buffalo_l": ("vision.recognise.recogniser=insightface:buffalo_l",),
    "--set vision.speaker.scorer=talknet": ("vision.speaker.scorer=talknet",),
    "--set vision.speaker.scorer=light-asd": ("vision.speaker.scorer=light-asd",),
    "--diarizer sortformer": ("diarization.diarizer=sortformer",),
    "--diarizer sortformer --set diarization.sortformer.backend=nemo": (
        "diarization.diarizer=sortformer",
        "diarization.sortformer.backend=nemo",
    ),
    "--set diarization.voiceprint=titanet-l": ("diarization.voiceprint=titanet-l",),
    "--set diarization.voiceprint=titanet-s": ("diarization.voiceprint=titanet-s",),
    "--asr vosk": ("redaction.asr=vosk",),
    "--asr whisperx": ("redaction.asr=whisperx",),
    "--asr whisper-tiny-en": ("redaction.asr=whisper-tiny-en",),
    "--set redaction.ner=spacy-en-md": ("redaction.ner=spacy-en-md",),
    "the operator surrogate of a policy": ('redaction.policy={PERSON="surrogate"}',),
}
"""What a user may choose in place of the defaults, as it is said on the command line, and as settings."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that settings need.

    Attributes:
        name: a model's id, or what it is.
        here: whether it is on this machine.
        detail: what it is for, and under which licence.
        remedy: what brings it; "" where it is here.
        instead: what is done without it; "" where nothing is, so that a run would be refused.
    """

    name: str
    here: bool
    detail: str
    remedy: str = ""
    instead: str = ""


def needs(store: Store, settings: Settings) -> list[Need]:
    """Everything that a run with ``settings`` needs, or could make use of.

    Raises:
        ModelError: the settings name a model or plugin that there is none of.
    """
    ids = model_ids(store, settings)
    if settings.vision.speaker.scorer == "auto":
        ids = list(dict.fromkeys([*ids, "lr-asd"]))
    return [*(_model(store, id, settings) for id in ids), *_parts(store, settings)]


def lacking(store: Store, settings: Settings) -> list[Need]:
    """What is not here of that which a run with ``settings`` cannot do without."""
    return [need for need in needs(store, settings) if not need.here and not need.instead]


def remedies(store: Store, missing: list[Need]) -> str:
    """What brings all of ``missing``: one command for the models that can be fetched, a line for each other thing."""
    from weights import remedy_commands

    known = {model.id: model for model in store.manifest.models}
    models = [known[need.name] for need in missing if need.name in known]
    lines = [remedy_commands(models)] if models else []
    return "\n".join([*lines, *(need.remedy for need in missing if need.name not in known)])


def _model(store: Store, id: str, settings: Settings) -> Need:
    from weights import remedy_commands

    model = store.manifest[id]
    here = store.has(id)
    terms = model.licence.id + ("" if model.licence.commercial else ", not for commercial use")
    # Chosen by name, a model is not replaced by another.
    instead = REPLACEABLE.get(id, "") if settings.vision.speaker.scorer == "auto" else ""
    return Need(id, here, f"{model.job} ({terms})", "" if here else remedy_commands([model]), instead)


def _parts(store: Store, settings: Settings) -> Iterator[Need]:
    """What is no model of the store."""
    from diarization import checkpoints
    from redaction.asr import VOSK, WHISPERX, canonical, whisperx_aligner, whisperx_environment
    from vision import is_pack, pack_models

    faces = settings.vision
    if any(map(is_pack, [*faces.detect.detector.split("+"), faces.recognise.recogniser])):
        detail = "face models that you downloaded, not for commercial use"
        yield _found("InsightFace's pack", detail, partial(pack_models, faces))
    words = settings.redaction
    if settings.process.words and canonical(words.asr) == VOSK:
        yield _library("vosk", "vosk", "the recogniser's library")
    if settings.process.words and words.asr == WHISPERX:
        own = words.whisperx
        yield _found("WhisperX", "a Python of its own", lambda: whisperx_environment(own))
        yield _found("WhisperX's aligner", "a wav2vec2 model that places words", lambda: whisperx_aligner(store, own))
    by_nemo = checkpoints(settings.diarization)
    if by_nemo:
        yield _library("nemo", "nemo", "NVIDIA's toolkit, with torch")
    for id in by_nemo:
        yield _found(f"the .nemo file of {id}", "in a folder of DISCREET_WEIGHTS", partial(store.checkpoint, id))


def _library(module: str, extra: str, detail: str) -> Need:
    here = importlib.util.find_spec(module) is not None
    return Need(module, here, detail, "" if here else f"{sys.executable} -m pip install 'discreet[{extra}]'")


def _found(name: str, detail: str, look: Callable[[], object]) -> Need:
    try:
        look()
    except ModelError as error:
        return Need(name, False, detail, error.remedy)
    return Need(name, True, detail)
