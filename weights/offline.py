"""Nothing leaves the machine: whatever the models' libraries would send or fetch by themselves is turned off.

ONNX Runtime's released wheels send telemetry, on Linux and macOS too, and keep a device id in the user's cache folder;
``ORT_DISABLE_TELEMETRY`` turns all of it off if it is set before the library is loaded (onnxruntime pull requests 27379
and 29843). Hugging Face's libraries, which the speech recogniser depends on, look for newer files.
"""

from __future__ import annotations

import os

QUIET = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""Environment variables that keep libraries off the network."""


def go_offline() -> None:
    """Set them for this process and its children. Importing ``weights`` calls this, before any model is loaded."""
    os.environ.update(QUIET)
