"""Speech made from what was said and how, with nothing of the recorded waveform in it."""

from voice.resynthesis.contour import PitchRange as VoiceRange
from voice.resynthesis.contour import pitch_of, pitch_range
from voice.resynthesis.fargan import RATE, Fargan
from voice.resynthesis.fargan_network import FEATURES, FRAME
from voice.resynthesis.kokoro import FILE as SYNTHESISER_FILE
from voice.resynthesis.kokoro import MODEL as SYNTHESISER
from voice.resynthesis.kokoro import PITCH as SYNTHESISER_PITCH
from voice.resynthesis.kokoro import SOUND as SYNTHESISER_SOUND
from voice.resynthesis.kokoro import Kokoro, decoder_inputs, load_styles, tokens_of
from voice.resynthesis.phrases import Phrase, is_reliable, phrases_of
from voice.resynthesis.pronunciation import MODELS as PRONUNCIATION
from voice.resynthesis.pronunciation import Pronunciation
from voice.resynthesis.room_tone import SILENT_ROOM, RoomTone, RoomToneConverter
from voice.resynthesis.settings import REACH, SAID_RATE
from voice.resynthesis.speech import Mode, PhraseSynthesiser, PhraseToSay, SpokenPhrase
from voice.resynthesis.styles import MixedVoice, drawn_apart, mixed_voice, names_for
from voice.resynthesis.survey import SoundSurvey, loudness, survey
from voice.resynthesis.track import SpokenTrack
from voice.resynthesis.voice_assignment import VoiceAssigner

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
    "SYNTHESISER",
    "SYNTHESISER_FILE",
    "SYNTHESISER_PITCH",
    "SYNTHESISER_SOUND",
    "Fargan",
    "Kokoro",
    "MixedVoice",
    "Mode",
    "Phrase",
    "PhraseSynthesiser",
    "PhraseToSay",
    "Pronunciation",
    "RoomTone",
    "RoomToneConverter",
    "SoundSurvey",
    "SpokenPhrase",
    "SpokenTrack",
    "VoiceAssigner",
    "VoiceRange",
    "decoder_inputs",
    "drawn_apart",
    "is_reliable",
    "load_styles",
    "loudness",
    "mixed_voice",
    "names_for",
    "phrases_of",
    "pitch_of",
    "pitch_range",
    "survey",
    "tokens_of",
]
