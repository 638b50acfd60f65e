"""Active-speaker detection: whose lips move with the sound."""

from vision.active_speaker.face_crops import CROP_RATE, FaceCropper
from vision.active_speaker.lip_motion import CALIBRATION, LipMotion, voice_level
from vision.active_speaker.normalise import normalise_scores
from vision.active_speaker.off_screen import off_screen, off_screen_speech
from vision.active_speaker.scorer import AudioVisualScorer, ScorerEnsemble, ScorerWithLips, SpeakerScorer, logit
from vision.active_speaker.stream import SpeakingScores

__all__ = [
    "CALIBRATION",
    "CROP_RATE",
    "AudioVisualScorer",
    "FaceCropper",
    "LipMotion",
    "ScorerEnsemble",
    "ScorerWithLips",
    "SpeakerScorer",
    "SpeakingScores",
    "logit",
    "normalise_scores",
    "off_screen",
    "off_screen_speech",
    "voice_level",
]
