"""How well converted voices hide their speakers, and what that costs: attacks, quality, and a page of the results."""

from discreet.voice_evaluation.corpus import Take, read_corpus, read_originals
from discreet.voice_evaluation.evaluate import BREAKS, Options, VoiceReport, evaluate
from discreet.voice_evaluation.page import lines, page
from discreet.voice_evaluation.sound import Sounds

__all__ = [
    "BREAKS",
    "Options",
    "Sounds",
    "Take",
    "VoiceReport",
    "evaluate",
    "lines",
    "page",
    "read_corpus",
    "read_originals",
]
