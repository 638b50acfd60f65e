"""Sortformer through NeMo (extra ``nemo``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diarization.features.nemo_mel import HOP
from diarization.nemo_models import import_nemo, restore_checkpoint
from diarization.sortformer.base import Listener, OfflineListener, StreamListener
from diarization.sortformer.network import CHUNKINGS, SLOTS, SUBSAMPLING, Chunking, SortformerStream
from diarization.sortformer_settings import SortformerSettings
from timeline import FloatArray, ModelError

if TYPE_CHECKING:
    from weights import Store


class NemoCore:
    """NeMo's own streaming step and speaker cache, for :class:`SortformerStream`."""

    def __init__(self, model: Any, chunking: Chunking) -> None:
        import torch

        self._torch, self._model = torch, model
        self.bands = int(model.cfg.preprocessor.features)
        modules, rules = model.sortformer_modules, chunking.rules
        modules.chunk_len, modules.spkcache_len = chunking.chunk, rules.cache
        modules.chunk_left_context, modules.chunk_right_context = chunking.left, chunking.right
        modules.fifo_len, modules.spkcache_update_period = rules.queue, rules.update
        self.reset()

    def reset(self) -> None:
        """Start a new recording."""
        self._state = self._model.sortformer_modules.init_streaming_state(batch_size=1, device="cpu")

    def step(self, features: FloatArray, left: int, right: int) -> FloatArray:
        """See :class:`diarization.sortformer.network.Core`."""
        torch = self._torch
        with torch.inference_mode():
            self._state, activity = self._model.forward_streaming_step(
                processed_signal=torch.from_numpy(np.array(features[None])),
                processed_signal_length=torch.tensor([len(features)]),
                streaming_state=self._state,
                total_preds=torch.zeros((1, 0, SLOTS)),
                left_offset=left,
                right_offset=right,
            )
        return np.asarray(activity[0].numpy(), np.float32)


@dataclass(frozen=True, slots=True)
class NemoOffline:
    """The offline model, run by NeMo."""

    model: Any

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Probabilities ``[N, 4]`` of ``samples [n]`` (16 kHz)."""
        import torch

        if len(samples) < SUBSAMPLING * HOP:
            return np.zeros((0, SLOTS), np.float32)
        with torch.inference_mode():
            sound = torch.from_numpy(np.array(samples, np.float32)[None])
            activity = self.model(audio_signal=sound, audio_signal_length=torch.tensor([len(samples)]))
        return np.asarray(activity[0].numpy(), np.float32)


def nemo_listener(store: Store, settings: SortformerSettings) -> Listener:
    """Sortformer through NeMo. Raises ModelError if NeMo or the file is missing."""
    import_nemo()
    model = restore_checkpoint("SortformerEncLabelModel", store.checkpoint(settings.model))
    if bool(model.streaming_mode) == (settings.model == "sortformer-v1"):
        raise ModelError(f"the file of {settings.model} holds a different Sortformer", "Download the file again.")
    if settings.model == "sortformer-v1":
        return OfflineListener(NemoOffline(model), settings.window)
    chunking = CHUNKINGS[settings.latency]
    return StreamListener(SortformerStream(NemoCore(model, chunking), chunking))
