"""Speech made from what was said and how, with nothing of the recorded waveform in it."""

from voice.resynthesis.fargan import FEATURES, FRAME, RATE, Fargan

__all__ = ["FEATURES", "FRAME", "RATE", "Fargan"]
