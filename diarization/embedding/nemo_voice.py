"""TitaNet through NeMo (extra ``nemo``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diarization.nemo_models import import_nemo, restore_checkpoint
from timeline import FloatArray

if TYPE_CHECKING:
    from weights import Store


@dataclass(frozen=True, slots=True)
class NemoVoice:
    """TitaNet, run by NeMo."""

    model: Any

    def __call__(self, pieces: FloatArray) -> FloatArray:
        """Unit embeddings ``[B, D]`` of pieces of equal length ``[B, n]``."""
        import torch

        with torch.inference_mode():
            lengths = torch.full((len(pieces),), pieces.shape[1])
            _, found = self.model(input_signal=torch.from_numpy(np.array(pieces)), input_signal_length=lengths)
        out = np.asarray(found.numpy(), np.float32)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)


def nemo_voice(store: Store, id: str) -> NemoVoice:
    """TitaNet through NeMo. Raises ModelError if NeMo or the file is missing."""
    import_nemo()
    return NemoVoice(restore_checkpoint("EncDecSpeakerLabelModel", store.checkpoint(id)))
