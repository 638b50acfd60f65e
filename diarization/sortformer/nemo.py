"""Sortformer and TitaNet through NeMo itself (extra ``nemo``), from a ``.nemo`` file in a folder of DISCREET_WEIGHTS.

NeMo and torch are imported only here, and only when a setting asks for them: that takes some 15 s and 2 GB. What they
compute is the same as the converted models (tests/diarization/nemo_checks.py); this way is for comparing, and for
machines that have them anyway. NeMo builds the classes that a file's configuration names, though only its own, and
loads the weights as plain tensors; files whose hash the manifest knows are checked before.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from diarization.sortformer.network import CHUNKINGS, SLOTS, SUBSAMPLING, Chunking, SortformerStream
from diarization.sortformer_settings import SortformerSettings
from timeline import FloatArray, ModelError

if TYPE_CHECKING:
    from diarization.sortformer.pipeline import Listener
    from weights import Store


def _models() -> Any:
    """NeMo's models. Raises ModelError with the remedy when NeMo is not installed."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # A checkpoint is tensors and nothing else, whatever the surroundings ask for.
    os.environ.pop("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", None)
    try:
        import torch
        from nemo.collections.asr import models
    except ImportError as error:
        raise ModelError(
            f"NeMo is asked for but not installed ({error})",
            "pip install 'discreet[nemo]', or use the converted model: --set diarization.sortformer.backend=onnx"
            " --set diarization.voiceprint_backend=onnx",
        ) from error
    torch.set_num_threads(max(1, min(2, os.cpu_count() or 1)))
    return models


def _restore(kind: str, path: Path) -> Any:
    model = getattr(_models(), kind)
    try:
        return model.restore_from(str(path), map_location="cpu").eval()
    except Exception as error:  # whatever NeMo, its configuration library or torch raise
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"NeMo cannot open {path.name}: {reason}", "Download the file again.") from error


class NemoCore:
    """NeMo's own streaming step and speaker cache, behind :class:`SortformerStream`."""

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
        """Begin a new recording."""
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
    """The offline model as NeMo runs it."""

    model: Any

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Probabilities ``[N, 4]`` of ``samples [n]`` (16 kHz)."""
        import torch

        if len(samples) < SUBSAMPLING * 160:
            return np.zeros((0, SLOTS), np.float32)
        with torch.inference_mode():
            sound = torch.from_numpy(np.array(samples, np.float32)[None])
            activity = self.model(audio_signal=sound, audio_signal_length=torch.tensor([len(samples)]))
        return np.asarray(activity[0].numpy(), np.float32)


@dataclass(frozen=True, slots=True)
class NemoVoice:
    """TitaNet as NeMo runs it."""

    model: Any

    def __call__(self, pieces: FloatArray) -> FloatArray:
        """Unit embeddings ``[B, D]`` of pieces of equal length ``[B, n]``."""
        import torch

        with torch.inference_mode():
            lengths = torch.full((len(pieces),), pieces.shape[1])
            _, found = self.model(input_signal=torch.from_numpy(np.array(pieces)), input_signal_length=lengths)
        out = np.asarray(found.numpy(), np.float32)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)


def nemo_listener(store: Store, settings: SortformerSettings) -> Listener:
    """Sortformer through NeMo. Raises ModelError when NeMo or the file is missing."""
    from diarization.sortformer.pipeline import OfflineListener, StreamListener

    _models()
    model = _restore("SortformerEncLabelModel", store.checkpoint(settings.model))
    if bool(model.streaming_mode) == (settings.model == "sortformer-v1"):
        raise ModelError(f"the file of {settings.model} holds another Sortformer", "Download the file again.")
    if settings.model == "sortformer-v1":
        return OfflineListener(NemoOffline(model), settings.window)
    chunking = CHUNKINGS[settings.latency]
    return StreamListener(SortformerStream(NemoCore(model, chunking), chunking))


def nemo_voice(store: Store, id: str) -> NemoVoice:
    """TitaNet through NeMo. Raises ModelError when NeMo or the file is missing."""
    _models()
    return NemoVoice(_restore("EncDecSpeakerLabelModel", store.checkpoint(id)))
