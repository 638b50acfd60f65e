"""What every mask of a face promises. A mask destroys: the picture beneath cannot be recovered from it."""

from __future__ import annotations

from typing import Protocol

from vision.detection.base import Image
from vision.geometry import Floats


class Masker(Protocol):
    """Draws over regions of a picture."""

    warning: str
    """What to tell a user who chooses it; empty if there is nothing to warn of."""

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """Mask the regions ``boxes`` ``[K, 4]`` px of ``picture`` (BGR ``[H, W, 3]``) in place.

        Parts outside the picture are ignored. ``speaking`` ``[K]``: the probability 0..1 that the person in each region
        speaks, for a mask that shows it.
        """
        ...
