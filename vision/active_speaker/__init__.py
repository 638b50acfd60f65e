"""Active-speaker detection: whose lips move with the sound."""

from vision.active_speaker.base import SpeakerScorer, logit
from vision.active_speaker.ensemble import ScorerEnsemble, ScorerWithLips
from vision.active_speaker.face_crops import CROP_RATE, FaceCropper, cut_square, lower_face
from vision.active_speaker.lip_motion import CALIBRATION, LipMotion, voice_level
from vision.active_speaker.normalise import normalise_scores
from vision.active_speaker.off_screen import off_screen, off_screen_speech
from vision.active_speaker.stream import SpeakingScores
from vision.active_speaker.synchrony import (
    LIPS_AHEAD,
    SOUND_AHEAD,
    SYNCHRONY_FILE,
    LipSynchrony,
    SynchronyModel,
    agreement,
    lip_features,
    mirrored,
    neighbours,
    sound_features,
)
from vision.active_speaker.talknet import TalkNet

__all__ = [
    "CALIBRATION",
    "CROP_RATE",
    "LIPS_AHEAD",
    "SOUND_AHEAD",
    "SYNCHRONY_FILE",
    "FaceCropper",
    "LipMotion",
    "LipSynchrony",
    "ScorerEnsemble",
    "ScorerWithLips",
    "SpeakerScorer",
    "SpeakingScores",
    "SynchronyModel",
    "TalkNet",
    "agreement",
    "cut_square",
    "lip_features",
    "logit",
    "lower_face",
    "mirrored",
    "neighbours",
    "normalise_scores",
    "off_screen",
    "off_screen_speech",
    "sound_features",
    "voice_level",
]
