"""Converters by name: the built-in one, and those that plugins add."""

from __future__ import annotations

from importlib.metadata import entry_points

from timeline import ModelError
from voice.base import Converter
from voice.dsp import WarpConverter
from voice.pseudo_voice import PseudoVoice

PLUGINS = "discreet.voice"
"""The entry points of converters: callables that take a voice and a sample rate and give a :class:`Converter`."""


def make_converter(voice: PseudoVoice, rate: int, name: str = "warp") -> Converter:
    """The converter called ``name``: the built-in ``warp``, or one that a plugin adds.

    Args:
        voice: the voice to give.
        rate: samples per second.
        name: which converter.

    Raises:
        ModelError: there is none of that name.
        ValueError: the converter does not work at that rate.
    """
    if name == "warp":
        return WarpConverter(voice, rate)
    for point in entry_points(group=PLUGINS, name=name):
        made = point.load()(voice, rate)
        if isinstance(made, Converter):
            return made
    raise ModelError(f"there is no voice converter called {name!r}", 'use "warp", or install the plugin that adds it')
