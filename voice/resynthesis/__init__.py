"""Speech made from what was said and how, with nothing of the recorded waveform in it."""

from voice.resynthesis.fargan import RATE, Fargan
from voice.resynthesis.fargan_network import FEATURES, FRAME
from voice.resynthesis.kokoro import Kokoro, tokens_of
from voice.resynthesis.phrases import Phrase, phrases_of
from voice.resynthesis.pronunciation import Pronunciation
from voice.resynthesis.room_tone import SILENT_ROOM, RoomTone, RoomToneConverter
from voice.resynthesis.speech import Mode, Saying, Speaker, Spoken
from voice.resynthesis.styles import MixedVoice, drawn_apart, mixed_voice, names_for
from voice.resynthesis.survey import Survey, survey

__all__ = [
    "FEATURES",
    "FRAME",
    "RATE",
    "SILENT_ROOM",
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
    "Survey",
    "drawn_apart",
    "mixed_voice",
    "names_for",
    "phrases_of",
    "survey",
    "tokens_of",
]
