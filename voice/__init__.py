"""Another voice for each speaker.

:func:`voice_for` chooses a voice, a :class:`Converter` applies it to a stream, and :class:`Renderer` does so for a
whole meeting: people who agreed to be heard keep their own voice; everybody else, and every unknown voice, is changed.
"""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from voice.base import Converter
    from voice.dsp import WarpConverter
    from voice.factory import ConverterSettings, make_converter
    from voice.plan import OtherVoice, VoicePlan, VoiceSpan
    from voice.pseudo_voice import PseudoVoice, voice_for
    from voice.render import Renderer
    from voice.settings import ANCHORS, VoiceSettings
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "base": ["Converter"],
            "dsp": ["WarpConverter"],
            "factory": ["ConverterSettings", "make_converter"],
            "plan": ["OtherVoice", "VoicePlan", "VoiceSpan"],
            "pseudo_voice": ["PseudoVoice", "voice_for"],
            "render": ["Renderer"],
            "settings": ["ANCHORS", "VoiceSettings"],
        },
    )

__all__ = [
    "ANCHORS",
    "Converter",
    "ConverterSettings",
    "OtherVoice",
    "PseudoVoice",
    "Renderer",
    "VoicePlan",
    "VoiceSettings",
    "VoiceSpan",
    "WarpConverter",
    "make_converter",
    "voice_for",
]
