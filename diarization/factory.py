"""Diarizers and voiceprints by name: the room's own, and those that other packages add as entry points.

A third party's diarizer is a callable ``(store, settings) -> Diarizes`` under ``discreet.diarizers``; a voiceprint one
``(store, settings) -> Voiceprint`` under ``discreet.voiceprints``. Either may have a function ``models(settings)`` that
tells which models of the store it needs.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from diarization.base import Diarizer, SpeakerEmbedder
from diarization.clustering.pipeline import ClusteringDiarizer
from diarization.embedding.ensemble import BUILT_IN, VoiceEmbedder
from diarization.settings import DiarizationSettings
from diarization.sortformer.pipeline import SortformerDiarizer
from timeline import ModelError

if TYPE_CHECKING:
    from weights import Store

DIARIZERS, VOICEPRINTS = "discreet.diarizers", "discreet.voiceprints"
_OWN: dict[str, type[ClusteringDiarizer] | type[SortformerDiarizer]] = {
    "embedded": ClusteringDiarizer,
    "sortformer": SortformerDiarizer,
}


def make_diarizer(store: Store, settings: DiarizationSettings) -> Diarizer:
    """The diarizer the settings name. Raises ModelError when there is none of that name, or a model is missing."""
    own = _OWN.get(settings.diarizer)
    if own is not None:
        return own.from_store(store, lambda: make_voiceprint(store, settings), settings)
    made = _entry(DIARIZERS, settings.diarizer, "diarizer", sorted(_OWN))(store, settings)
    if not isinstance(made, Diarizer):
        raise ModelError(f"{settings.diarizer!r} is no diarizer", "ask whoever made the plugin")
    return made


def make_clustering_diarizer(store: Store, settings: DiarizationSettings) -> ClusteringDiarizer:
    """The room's own diarizer, whichever the settings name. Raises ModelError when a model is missing."""
    return ClusteringDiarizer.from_store(store, lambda: make_voiceprint(store, settings), settings)


def make_voiceprint(store: Store, settings: DiarizationSettings) -> SpeakerEmbedder:
    """The voiceprint the settings name. Raises ModelError when there is none of that name, or a model is missing."""
    name = settings.voiceprint
    if set(name.split("+")) <= set(BUILT_IN):
        return VoiceEmbedder.from_store(store, settings)
    made = _entry(VOICEPRINTS, name, "voiceprint", sorted(BUILT_IN))(store, settings)
    if not isinstance(made, SpeakerEmbedder):
        raise ModelError(f"{name!r} is no voiceprint", "ask whoever made the plugin")
    return made


def models(settings: DiarizationSettings) -> list[str]:
    """Ids in the store of the models these settings need. Raises ModelError as the makers do."""
    own = _OWN.get(settings.diarizer)
    if own is ClusteringDiarizer:
        ids = [id for id in ClusteringDiarizer.models(settings) if id not in settings.voiceprint.split("+")]
    elif own is not None:
        ids = own.models(settings)
    else:
        ids = _needs(_entry(DIARIZERS, settings.diarizer, "diarizer", sorted(_OWN)), settings)
    return list(dict.fromkeys([*ids, *voiceprint_models(settings)]))


def voiceprint_models(settings: DiarizationSettings) -> list[str]:
    """Ids in the store of the models the voiceprint needs."""
    parts = settings.voiceprint.split("+")
    if set(parts) <= set(BUILT_IN):
        return [part for part in parts if settings.voiceprint_backend == "onnx" or not part.startswith("titanet")]
    return _needs(_entry(VOICEPRINTS, settings.voiceprint, "voiceprint", sorted(BUILT_IN)), settings)


def checkpoints(settings: DiarizationSettings) -> list[str]:
    """Ids of the models that NeMo runs, from a checkpoint of the user's (``Store.checkpoint``)."""
    ids: list[str] = []
    if settings.diarizer == "sortformer" and settings.sortformer.backend == "nemo":
        ids.append(settings.sortformer.model)
    if settings.voiceprint_backend == "nemo":
        ids += [part for part in settings.voiceprint.split("+") if part.startswith("titanet")]
    return ids


def _entry(group: str, name: str, what: str, known: list[str]) -> Any:
    for point in entry_points(group=group, name=name):
        return point.load()
    raise ModelError(
        f"there is no {what} called {name!r}", f"use one of {', '.join(known)}, or install the plugin that adds it"
    )


def _needs(made: Any, settings: DiarizationSettings) -> list[str]:
    ask = getattr(made, "models", None)
    return [str(id) for id in ask(settings)] if callable(ask) else []
