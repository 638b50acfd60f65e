"""Figures of what replaces a private word."""

from __future__ import annotations

SILENT = 0.02
"""Share of the loudest frame's level below which a frame at either end of a synthesised name is silence."""
VOICED = 0.3
"""Autocorrelation at the pitch's lag, as a share of the power, from which a frame is voiced."""

# redactor.py
SHORT_REST = 0.1
"""Seconds: a shorter rest between two spans holds no word, only a stutter of beeps, so it is redacted as well."""

# kokoro.py
FASTEST = 1.5
"""Most that speech may be sped up so that a name fits."""
LOW_VOICE_BELOW = 165.0
"""Hz; people whose voice is lower get the low one."""
CLIP_EDGE = 0.012
"""Seconds left free on both sides of a spoken name within its span."""
