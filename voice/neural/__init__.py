"""The voice lab: networks that give speech another voice, what they learn from, and how they are trained and shrunk.

Only ``losses``, ``models`` and ``training`` and making models smaller need torch (the extra ``lab``); what is exported
runs with ONNX Runtime.
"""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from voice.neural.exported_model import ExportedModel, LabConverter, NetworkInput
    from voice.neural.model_folder import last_stage, require_pretrained
    from voice.neural.settings import ARCHITECTURES, LossWeights, TrainSettings
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "exported_model": ["ExportedModel", "NetworkInput", "LabConverter"],
            "model_folder": ["last_stage", "require_pretrained"],
            "settings": ["ARCHITECTURES", "LossWeights", "TrainSettings"],
        },
    )

__all__ = [
    "ARCHITECTURES",
    "ExportedModel",
    "LabConverter",
    "LossWeights",
    "NetworkInput",
    "TrainSettings",
    "last_stage",
    "require_pretrained",
]
