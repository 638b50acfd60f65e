"""Speech made from what was said and how, with nothing of the recorded waveform in it."""

from voice.resynthesis.cast import Caster
from voice.resynthesis.contour import Range as VoiceRange
from voice.resynthesis.contour import pitch_of, range_of
from voice.resynthesis.fargan import RATE, Fargan
from voice.resynthesis.fargan_network import FEATURES, FRAME
from voice.resynthesis.kokoro import MODEL as SYNTHESISER
from voice.resynthesis.kokoro import Kokoro, load_styles, tokens_of
from voice.resynthesis.phrases import Phrase, believed, phrases_of
from voice.resynthesis.pronunciation import MODELS as PRONUNCIATION
from voice.resynthesis.pronunciation import Pronunciation
from voice.resynthesis.room_tone import SILENT_ROOM, RoomTone, RoomToneConverter
from voice.resynthesis.settings import REACH, SAID_RATE
from voice.resynthesis.speech import Mode, Saying, Speaker, Spoken
from voice.resynthesis.styles import MixedVoice, drawn_apart, mixed_voice, names_for
from voice.resynthesis.survey import Survey, loudness, survey
from voice.resynthesis.track import SpokenTrack

MODELS = (SYNTHESISER, *PRONUNCIATION)
"""Ids of the models that resynthesis needs."""

__all__ = [
    "FEATURES",
    "FRAME",
    "MODELS",
    "RATE",
    "REACH",
    "SAID_RATE",
    "SILENT_ROOM",
    "Caster",
    "Fargan",
    "Kokoro",
    "MixedVoice",
    "Mode",
    "Phrase",
    "Pronunciation",
    "RoomTone",
    "RoomToneConverter",
    "Saying",
    "Speaker",
    "Spoken",
    "SpokenTrack",
    "Survey",
    "VoiceRange",
    "believed",
    "drawn_apart",
    "load_styles",
    "loudness",
    "mixed_voice",
    "names_for",
    "phrases_of",
    "pitch_of",
    "range_of",
    "survey",
    "tokens_of",
]
