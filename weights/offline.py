"""Nothing leaves the machine: what the libraries under the models would send or fetch by themselves is turned off.

ONNX Runtime's released wheels report to their maker on Linux and macOS, too, and keep a device id in the user's cache
folder; ``ORT_DISABLE_TELEMETRY`` turns all of it off if it is set before the library is loaded (onnxruntime pull
requests 27379 and 29843). Hugging Face's libraries, which the speech recogniser brings along, look for newer files.
"""

from __future__ import annotations

import os

QUIET = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""Environment variables that keep libraries from talking to anybody."""


def go_offline() -> None:
    """Set them for this process and its children. Called when ``weights`` is imported: no model is loaded before."""
    os.environ.update(QUIET)
