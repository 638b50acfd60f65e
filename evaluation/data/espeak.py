"""Text spoken by Debian's espeak-ng, which is run as a command and not linked."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from timeline import ArrayAudio

VOICES = ("en-us+m3", "en-gb+f3")


def say(text: str, voice: str, gap: int = 0) -> ArrayAudio:
    """``text`` spoken by espeak-ng, 16 kHz, with 0.3 s of near silence on both sides; ``gap``: 10 ms between words."""
    import soundfile
    from scipy.signal import resample_poly

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(
            ["espeak-ng", "-v", voice, "-s", "150", "-g", str(gap), "-w", str(path), "--", text], check=True, timeout=30
        )
        samples, rate = soundfile.read(path, dtype="float32")
    sound16 = resample_poly(samples, 16000, rate).astype(np.float32) * 0.5
    noise = np.random.default_rng(0).normal(0, 1e-3, len(sound16) + 9600).astype(np.float32)
    noise[4800 : 4800 + len(sound16)] += sound16
    return ArrayAudio(noise)
