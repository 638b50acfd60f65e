"""Models: manifest, store, fetching and loading. Importing this room stops libraries from sending data."""

from typing import TYPE_CHECKING

from timeline import lazy_exports
from weights.offline import go_offline

if TYPE_CHECKING:
    from weights.download import Downloader
    from weights.fetch import FetchProgress, Quiet
    from weights.importing import import_model
    from weights.locations import default_local, default_root, models_in, usual_root
    from weights.manifest import (
        Calibration,
        Manifest,
        Model,
        ModelFile,
        Profile,
        default_manifest,
        load_manifest,
    )
    from weights.onnx_rewrites import FLOAT, INT64
    from weights.onnx_sessions import give_memory_back, open_part, open_session
    from weights.onnx_subgraphs import Tensor, part_of
    from weights.remedy import remedy_commands
    from weights.sources import Licence
    from weights.store import Check, Fetched, Store
    from weights.wasm_arrays import weights_in_script
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "importing": ["import_model"],
            "download": ["Downloader"],
            "fetch": ["FetchProgress", "Quiet"],
            "locations": ["default_local", "default_root", "models_in", "usual_root"],
            "manifest": [
                "Calibration",
                "Manifest",
                "Model",
                "ModelFile",
                "Profile",
                "default_manifest",
                "load_manifest",
            ],
            "remedy": ["remedy_commands"],
            "onnx_subgraphs": ["Tensor", "part_of"],
            "onnx_rewrites": ["FLOAT", "INT64"],
            "onnx_sessions": ["give_memory_back", "open_part", "open_session"],
            "sources": ["Licence"],
            "store": ["Check", "Fetched", "Store"],
            "wasm_arrays": ["weights_in_script"],
        },
    )

go_offline()

__all__ = [
    "FLOAT",
    "INT64",
    "Calibration",
    "Check",
    "Downloader",
    "FetchProgress",
    "Fetched",
    "Licence",
    "Manifest",
    "Model",
    "ModelFile",
    "Profile",
    "Quiet",
    "Store",
    "Tensor",
    "default_local",
    "default_manifest",
    "default_root",
    "give_memory_back",
    "import_model",
    "load_manifest",
    "models_in",
    "open_part",
    "open_session",
    "part_of",
    "remedy_commands",
    "usual_root",
    "weights_in_script",
]
