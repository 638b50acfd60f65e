"""Where the labelled media lie, beside the project's folder, and the rate at which their sound is listened to."""

from __future__ import annotations

from pathlib import Path

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
RATE = 16000
"""Hz."""
