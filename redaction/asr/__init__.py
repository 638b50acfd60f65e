"""Speech to words with times: the speech recognisers, and the repair and timing of their words."""

from redaction.asr.base import RecognisedWord, SpeechRecogniser, WordAligner
from redaction.asr.factory import VOSK, WHISPERX, canonical, local_models, speech_recogniser, store_models
from redaction.asr.transcriber import Transcriber, Transcript, still_unheard
from redaction.asr.whisperx import aligner as whisperx_aligner
from redaction.asr.whisperx import environment as whisperx_environment

__all__ = [
    "VOSK",
    "WHISPERX",
    "RecognisedWord",
    "SpeechRecogniser",
    "Transcriber",
    "Transcript",
    "WordAligner",
    "canonical",
    "local_models",
    "speech_recogniser",
    "still_unheard",
    "store_models",
    "whisperx_aligner",
    "whisperx_environment",
]
