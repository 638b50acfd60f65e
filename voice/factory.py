"""Makes converters by name: the built-in ones, and those that plugins add."""

from __future__ import annotations

from dataclasses import dataclass

from timeline import ModelError, load_plugin
from voice.base import Converter
from voice.dsp import WarpConverter
from voice.pseudo_voice import PseudoVoice
from voice.resynthesis import RoomTone, RoomToneConverter
from weights import Store


@dataclass(frozen=True, slots=True)
class ConverterSettings:
    """What a plugin's converter gets: the target voice, and samples per second."""

    voice: PseudoVoice
    rate: int


def make_converter(voice: PseudoVoice | RoomTone, rate: int, name: str = "warp") -> Converter:
    """The converter called ``name``: the built-in ``warp`` and ``student``, or one from a plugin.

    Args:
        voice: the target voice; room tone replaces any sound, whatever the name.
        rate: samples per second.
        name: the converter's name.

    Raises:
        ModelError: there is no converter of that name, a model is missing, or the plugin violates the interface.
        ValueError: the converter does not work at that rate.
    """
    if isinstance(voice, RoomTone):
        return RoomToneConverter(voice, rate)
    if name == "warp":
        return WarpConverter(voice, rate)
    if name == "student":
        from voice.live.student import shipped_converter

        return shipped_converter(voice, rate, Store())
    made: Converter | None = load_plugin("converter", name, Converter, Store(), ConverterSettings(voice, rate))
    if made is not None:
        return made
    raise ModelError(f"there is no voice converter called {name!r}", 'use "warp", or install the plugin that adds it')
