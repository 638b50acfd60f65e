"""Speech made from what was said and how, with nothing of the recorded waveform in it."""

from voice.resynthesis.fargan import RATE, Fargan
from voice.resynthesis.fargan_network import FEATURES, FRAME

__all__ = ["FEATURES", "FRAME", "RATE", "Fargan"]
