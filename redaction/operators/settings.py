"""Figures of what replaces a private word."""

from __future__ import annotations

SILENT = 0.02
"""Share of the loudest frame's level below which a frame at either end of a synthesised name is silence."""
VOICED = 0.3
"""Autocorrelation at the pitch's lag, as a share of the power, from which a frame is voiced."""
