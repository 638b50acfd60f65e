"""Creating diarizers and speaker embedders by name: the room's own, and those of plugins.

Other packages add theirs as plugins (:mod:`timeline.plugins`) of the kinds diarizer and embedder.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from diarization.base import Diarizer, SpeakerEmbedder
from diarization.clustering.pipeline import ClusteringDiarizer
from diarization.embedding.ensemble import BUILT_IN, VoiceEmbedder
from diarization.settings import DiarizationSettings
from diarization.sortformer.pipeline import SortformerDiarizer
from timeline import ModelError, capabilities, load_plugin

if TYPE_CHECKING:
    from weights import Store

_OWN: dict[str, type[ClusteringDiarizer] | type[SortformerDiarizer]] = {
    "embedded": ClusteringDiarizer,
    "sortformer": SortformerDiarizer,
}


def make_diarizer(store: Store, settings: DiarizationSettings) -> Diarizer:
    """The diarizer that the settings name. Raises ModelError if there is none, or a model is missing."""
    own = _OWN.get(settings.diarizer)
    if own is not None:
        return own.from_store(store, lambda: make_voiceprint(store, settings), settings)
    made: Diarizer | None = load_plugin("diarizer", settings.diarizer, Diarizer, store, settings)
    if made is None:
        raise _unknown("diarizer", settings.diarizer, _OWN)
    return made


def make_clustering_diarizer(store: Store, settings: DiarizationSettings) -> ClusteringDiarizer:
    """The room's own diarizer, whatever the settings name. Raises ModelError if a model is missing."""
    return ClusteringDiarizer.from_store(store, lambda: make_voiceprint(store, settings), settings)


def make_voiceprint(store: Store, settings: DiarizationSettings) -> SpeakerEmbedder:
    """The speaker embedder that the settings name. Raises ModelError if there is none, or a model is missing."""
    name = settings.voiceprint
    if set(name.split("+")) <= set(BUILT_IN):
        return VoiceEmbedder.from_store(store, settings)
    made: SpeakerEmbedder | None = load_plugin("embedder", name, SpeakerEmbedder, store, settings)
    if made is None:
        raise _unknown("voiceprint", name, BUILT_IN)
    return made


def models(settings: DiarizationSettings) -> list[str]:
    """Ids in the store of the models that these settings need. Raises ModelError as the makers do."""
    own = _OWN.get(settings.diarizer)
    if own is ClusteringDiarizer:
        ids = [id for id in ClusteringDiarizer.models(settings) if id not in settings.voiceprint.split("+")]
    elif own is not None:
        ids = own.models(settings)
    else:
        theirs = capabilities("diarizer", settings.diarizer)
        if theirs is None:
            raise _unknown("diarizer", settings.diarizer, _OWN)
        ids = list(theirs.models)
    return list(dict.fromkeys([*ids, *voiceprint_models(settings)]))


def voiceprint_models(settings: DiarizationSettings) -> list[str]:
    """Ids in the store of the models that the speaker embedder needs."""
    parts = settings.voiceprint.split("+")
    if set(parts) <= set(BUILT_IN):
        return [part for part in parts if settings.voiceprint_backend == "onnx" or not part.startswith("titanet")]
    theirs = capabilities("embedder", settings.voiceprint)
    if theirs is None:
        raise _unknown("voiceprint", settings.voiceprint, BUILT_IN)
    return list(theirs.models)


def checkpoints(settings: DiarizationSettings) -> list[str]:
    """Ids of the models that NeMo runs, from the user's checkpoints (``Store.checkpoint``)."""
    ids: list[str] = []
    if settings.diarizer == "sortformer" and settings.sortformer.backend == "nemo":
        ids.append(settings.sortformer.model)
    if settings.voiceprint_backend == "nemo":
        ids += [part for part in settings.voiceprint.split("+") if part.startswith("titanet")]
    return ids


def _unknown(what: str, name: str, known: Iterable[str]) -> ModelError:
    return ModelError(
        f"no {what} is called {name!r}",
        f"use one of {', '.join(sorted(known))}, or install the plugin that adds it",
    )
