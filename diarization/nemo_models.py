"""NeMo's models (extra ``nemo``), from a ``.nemo`` file in a folder of DISCREET_WEIGHTS.

NeMo and torch are imported only here, and only if a setting asks for them: that takes some 15 s and 2 GB. Their results
equal those of the converted models (tests/diarization/nemo_checks.py); this way is for comparison, and for machines
that have them anyway. NeMo instantiates the classes that a file's configuration names, though only its own, and loads
the weights as plain tensors; files whose hash the manifest knows are checked first.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from timeline import ModelError


def import_nemo() -> Any:
    """Import NeMo's models. Raises ModelError, with a remedy, if NeMo is not installed."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # A checkpoint is tensors and nothing else, whatever the environment asks for.
    os.environ.pop("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", None)
    try:
        import torch
        from nemo.collections.asr import models
    except ImportError as error:
        raise ModelError(
            f"NeMo was chosen but is not installed ({error})",
            "pip install 'discreet[nemo]', or use the converted model: --set diarization.sortformer.backend=onnx"
            " --set diarization.voiceprint_backend=onnx",
        ) from error
    torch.set_num_threads(max(1, min(2, os.cpu_count() or 1)))
    return models


def restore_checkpoint(kind: str, path: Path) -> Any:
    """Load the model of class ``kind`` from a ``.nemo`` file. Raises ModelError if NeMo is missing or fails."""
    model = getattr(import_nemo(), kind)
    try:
        return model.restore_from(str(path), map_location="cpu").eval()
    except Exception as error:  # whatever NeMo, its configuration library or torch raise
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"NeMo cannot open {path.name}: {reason}", "Download the file again.") from error
