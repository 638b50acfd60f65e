"""Making the mask that the settings name."""

from __future__ import annotations

from collections.abc import Callable

from vision.masking.avatar import Avatar
from vision.masking.base import Masker
from vision.masking.blur import Blur
from vision.masking.head_shape import HeadShaped
from vision.masking.mosaic import Mosaic
from vision.masking.solid import Solid
from vision.settings import MaskSettings


def masker(settings: MaskSettings) -> Masker:
    """The masker that the settings name."""
    kinds: dict[str, Callable[[MaskSettings], Masker]] = {
        "solid": Solid,
        "mosaic": Mosaic,
        "blur": Blur,
        "avatar": Avatar,
    }
    made = kinds[settings.style](settings)
    return HeadShaped(made) if settings.shape == "head" else made
