"""Another voice for each speaker.

:func:`voice_for` decides which voice, a :class:`Converter` gives it to a stream, and :class:`Renderer` joins them
over a meeting: who has agreed to be heard keeps the own voice, everybody else and everything unknown does not.
"""

from voice.convert import WarpConverter, make_converter
from voice.protocol import Converter
from voice.render import Renderer, VoicePlan, VoiceSpan, render
from voice.setting import IDENTITY, VoiceSetting, voice_for
from voice.settings import VoiceSettings

__all__ = [
    "IDENTITY",
    "Converter",
    "Renderer",
    "VoicePlan",
    "VoiceSetting",
    "VoiceSettings",
    "VoiceSpan",
    "WarpConverter",
    "make_converter",
    "render",
    "voice_for",
]
