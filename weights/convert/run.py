"""The child process of a conversion: ``python -I run.py RECIPE CHECKPOINT SHA256 OUTPUT``; answers one line of JSON.

Started by ``weights.conversion``. Isolated mode omits this folder from the module path, so it is added here.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main(name: str, checkpoint: str, sha256: str, output: str) -> int:
    """Convert; return 0 if the exported file was accepted."""
    import torch
    from convert.export import export
    from convert.recipe import ConversionError, Recipe

    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    answer: dict[str, Any] = {"torch": torch.__version__}
    try:
        data = Path(checkpoint).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ConversionError("the checkpoint has another SHA-256 than was promised: not opened")
        recipe: Recipe = importlib.import_module(f"convert.{name}").RECIPE
        answer["max_difference"] = export(recipe, data, Path(output))
        answer["opset"] = recipe.opset
        answer["onnx_sha256"] = hashlib.sha256(Path(output).read_bytes()).hexdigest()
    except ConversionError as error:
        answer["error"] = str(error)
    sys.stdout.write(json.dumps(answer) + "\n")
    return 1 if "error" in answer else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
