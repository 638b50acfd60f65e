"""Active-speaker detection: whose lips move with the sound."""

from vision.active_speaker.base import SpeakerScorer, logit
from vision.active_speaker.ensemble import ScorerEnsemble, ScorerWithLips
from vision.active_speaker.face_crops import CROP_RATE, FaceCropper
from vision.active_speaker.lip_motion import CALIBRATION, LipMotion, voice_level
from vision.active_speaker.normalise import normalise_scores
from vision.active_speaker.off_screen import off_screen, off_screen_speech
from vision.active_speaker.stream import SpeakingScores
from vision.active_speaker.talknet import TalkNet

__all__ = [
    "CALIBRATION",
    "CROP_RATE",
    "FaceCropper",
    "LipMotion",
    "ScorerEnsemble",
    "ScorerWithLips",
    "SpeakerScorer",
    "SpeakingScores",
    "TalkNet",
    "logit",
    "normalise_scores",
    "off_screen",
    "off_screen_speech",
    "voice_level",
]
