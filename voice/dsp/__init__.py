"""Signal processing that changes a voice: pitch, formants, and the converter made of both."""

from voice.dsp.envelope import EnvelopeWarper
from voice.dsp.pitch_shift import PitchShifter
from voice.dsp.warp import WarpConverter

__all__ = ["EnvelopeWarper", "PitchShifter", "WarpConverter"]
