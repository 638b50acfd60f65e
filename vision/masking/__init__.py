"""What is drawn over a face, where and when."""

from vision.masking.base import Masker
from vision.masking.factory import masker
from vision.masking.mouths import MouthPlan
from vision.masking.placeholder import placeholder
from vision.masking.plan import MaskPlan, head
from vision.masking.synthetic_face import draw_synthetic_face

__all__ = [
    "MaskPlan",
    "Masker",
    "MouthPlan",
    "draw_synthetic_face",
    "head",
    "masker",
    "placeholder",
]
