"""Which models a run needs: those its settings name, which of them are optional, and what to do about missing ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline import ModelError

if TYPE_CHECKING:
    from discreet.config.settings import Settings
    from weights import Store

REPLACEABLE = {
    "lr-asd": "Without LR-ASD, who is speaking is judged from lip motion against the sound, which is less exact.",
    "light-asd": "Without Light-ASD, LR-ASD or lip motion against the sound is used.",
}
"""Optional models, and what happens without them."""


def model_ids(store: Store, settings: Settings) -> list[str]:
    """Ids of the store's models that a run with these settings needs, and of installed ones that it can use.

    Raises:
        ModelError: the settings name an unknown diarizer or voiceprint.
    """
    from diarization import models
    from vision import scorer_models, stored_models
    from voice.resynthesis import MODELS

    ids = [*stored_models(settings.vision), *models(settings.diarization)]
    if settings.process.words:
        ids += word_model_ids(store, settings)
        ids += MODELS if settings.voice.mode != "warp" else []
    ids += scorer_models(store, settings.vision.speaker.scorer)
    return list(dict.fromkeys(ids))


def word_model_ids(store: Store, settings: Settings) -> list[str]:
    """Ids of the store's models for finding and redacting private words: the only ones that ``redact`` needs."""
    from diarization import SPEECH_MODEL
    from redaction.asr import store_models

    if not settings.process.words:
        return [SPEECH_MODEL]
    ids = [SPEECH_MODEL, *store_models(store, settings.redaction), settings.redaction.ner]
    return list(dict.fromkeys([*ids, *(["kokoro"] if settings.redaction.uses("surrogate") else [])]))


def require_word_models(store: Store, settings: Settings) -> None:
    """Raises ModelError if models of :func:`word_model_ids` are missing or damaged; it lists all missing ones."""
    from redaction.asr import local_models

    store.require(word_model_ids(store, settings))
    if settings.process.words:
        local_models(store, settings.redaction)


def model_hashes(store: Store, settings: Settings) -> dict[str, str]:
    """Model id -> SHA-256, including models in the user's own folders.

    Raises:
        ModelError: needed models are missing, or one is damaged; it lists all missing ones.
    """
    from diarization import checkpoints
    from redaction.asr import local_models
    from vision import pack_models

    ids = model_ids(store, settings)
    try:
        store.require(ids)
    except ModelError as error:
        remedy = error.remedy + _instead(store, settings, ids)
        raise ModelError(f"profile {settings.profile}: {error}", remedy) from error
    own = {model.id: model.sha256 for model in pack_models(settings.vision)}
    if settings.process.words:
        own |= local_models(store, settings.redaction)
    # NeMo's checkpoints lie in no store, but distinguish runs like any other model.
    own |= {id: store.checkpoint_sha256(id) for id in checkpoints(settings.diarization)}
    return {id: store.sha256(id) for id in ids} | own


def _instead(store: Store, settings: Settings, ids: list[str]) -> str:
    """Settings that avoid missing models of the reference profile."""
    missing = {id for id in ids if not store.has(id)}
    scorer, voiceprint = settings.vision.speaker.scorer, settings.diarization.voiceprint
    instead = {
        "vision.speaker.scorer=auto": scorer not in REPLACEABLE and scorer in missing,
        # The notes of the run repeat this: it does not withstand an attacker.
        "voice.mode=warp": bool(missing & {"kokoro", "misaki-en", "g2p-en"}) and settings.voice.mode != "warp",
        "diarization.diarizer=embedded": any(id.startswith("sortformer") for id in missing),
        "diarization.voiceprint=ecapa+campplus": "titanet" in voiceprint and voiceprint in missing,
    }
    others = "".join(f" --set {setting}" for setting, fits in instead.items() if fits)
    return f"\nOr take others:{others}" if others else ""
