"""The architectures, all with one interface; they need torch."""

from voice.neural.models.base import Architecture, Batch, Learner, Spoken, Step, weighed
from voice.neural.models.baseline import ConvolutionalVae
from voice.neural.models.codec_lm import CodecLm
from voice.neural.models.critics import Critics
from voice.neural.models.factory import make_architecture, make_critics
from voice.neural.models.fastspeech_vae import FastSpeechVae
from voice.neural.models.hifigan import HifiGan, warm_start
from voice.neural.models.tuning import Tuning

__all__ = [
    "Architecture",
    "Batch",
    "CodecLm",
    "ConvolutionalVae",
    "Critics",
    "FastSpeechVae",
    "HifiGan",
    "Learner",
    "Spoken",
    "Step",
    "Tuning",
    "make_architecture",
    "make_critics",
    "warm_start",
    "weighed",
]
