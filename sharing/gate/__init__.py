"""The gate: checks the contents of a folder before it leaves."""

from sharing.gate.exact_files import check_exact
from sharing.gate.finding import Finding
from sharing.gate.folder import MEDIA_SUFFIXES, Checker, Gate, check_media
from sharing.gate.images import check_image, check_picture
from sharing.gate.mp4 import check_mp4
from sharing.gate.terms import Terms
from sharing.gate.wav import check_wav

__all__ = [
    "MEDIA_SUFFIXES",
    "Checker",
    "Finding",
    "Gate",
    "Terms",
    "check_exact",
    "check_image",
    "check_media",
    "check_mp4",
    "check_picture",
    "check_wav",
]
