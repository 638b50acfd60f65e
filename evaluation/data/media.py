"""Where the labelled media lie, beside the project's folder, and the sample rate for analysing their sound."""

from __future__ import annotations

from pathlib import Path

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
RATE = 16000
"""Hz."""
