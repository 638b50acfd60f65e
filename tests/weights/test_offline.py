"""Nothing leaves the machine by itself."""

import os
import subprocess
import sys
from pathlib import Path

PROBE = "import weights, onnxruntime; onnxruntime.get_available_providers(); print(*sorted(weights.offline.QUIET))"


def test_the_model_runtime_keeps_no_device_id_and_sends_nothing(tmp_path: Path) -> None:
    """The runtime's own reporting would leave its device id and its queue in the cache folder."""
    clean = {k: v for k, v in os.environ.items() if k not in ("ORT_DISABLE_TELEMETRY", "CI", "XDG_CACHE_HOME")}
    environment = {**clean, "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=True)
    assert "ORT_DISABLE_TELEMETRY" in done.stdout
    assert list(tmp_path.rglob("*")) == []
