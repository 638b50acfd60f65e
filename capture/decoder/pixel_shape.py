"""The shape of a recording's pixels: it may change at any key frame, and no camera makes very wide or high ones."""

from __future__ import annotations

from typing import Any

from capture.decoder.pipe import RefusedError
from capture.decoder.settings import MOST_STRETCHED

_BOUND = 100.0


class PixelShape:
    """How much wider the pixels of a stream are now than at its beginning; ask after each decoded frame.

    Args:
        stream: opened, and not yet decoded.
    """

    def __init__(self, stream: Any) -> None:
        self._context = stream.codec_context
        self._first = self._now()

    def __call__(self) -> float:
        """The factor; 1.0 as long as nothing changed."""
        return min(max(self._now() / self._first, 1 / _BOUND), _BOUND)

    def _now(self) -> float:
        return float(self._context.sample_aspect_ratio or 0) or 1.0


def check_pixels(sar: float) -> None:
    """Raise RefusedError if pixels are so wide or so high that faces could be missed."""
    if not 1 / MOST_STRETCHED <= sar <= MOST_STRETCHED:
        how = f"{sar:.1f} times as wide as high" if sar > 1 else f"{1 / sar:.1f} times as high as wide"
        raise RefusedError(f"has pixels {how}, so faces cannot be recognised", "Convert it to square pixels first.")
