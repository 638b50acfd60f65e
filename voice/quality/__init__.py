"""What changing a voice costs: pitch, loudness and pace, intelligibility, naturalness."""

from voice.quality.contour import HOP, RATE, Likeness, likeness, loudness, pitch_contour, syllables
from voice.quality.intelligibility import stoi
from voice.quality.naturalness import Dnsmos
from voice.quality.words import plain_words, word_errors

__all__ = [
    "HOP",
    "RATE",
    "Dnsmos",
    "Likeness",
    "likeness",
    "loudness",
    "pitch_contour",
    "plain_words",
    "stoi",
    "syllables",
    "word_errors",
]
