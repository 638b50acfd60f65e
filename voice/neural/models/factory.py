"""Architectures by name."""

from __future__ import annotations

from voice.neural.models.base import Architecture
from voice.neural.models.baseline import ConvolutionalVae
from voice.neural.models.codec_lm import CodecLm
from voice.neural.models.critics import Critics
from voice.neural.models.fastspeech_vae import FastSpeechVae
from voice.neural.models.hifigan import HifiGan
from voice.neural.models.tuning import Tuning
from voice.neural.settings import Dimensions, TrainSettings


def make_critics(dimensions: Dimensions, speakers: int) -> Critics:
    """Critics that have learned nothing yet."""
    return Critics(dimensions, speakers)


def make_architecture(settings: TrainSettings, speakers: int, critics: Critics) -> Architecture:
    """The network that ``settings`` name, untrained; it stops ``critics`` from learning."""
    tuning, dimensions = Tuning(critics), settings.dimensions
    if settings.architecture == "baseline":
        return ConvolutionalVae(speakers, tuning)
    if settings.architecture == "hifigan":
        return HifiGan(dimensions, speakers, tuning)
    if settings.architecture == "codec-lm":
        return CodecLm(dimensions, speakers, tuning)
    return FastSpeechVae(dimensions, speakers, tuning)
