"""Another voice while somebody speaks: for calls, where nothing can be waited for and nothing taken back."""

from voice.live.cpu_load import LoadWatch
from voice.live.likeness_guard import OwnVoiceGuard, likeness
from voice.live.settings import GUARD_LENGTH, REACH, LiveVoiceSettings
from voice.live.stream import Level, LiveVoice, VoiceStatus

__all__ = [
    "GUARD_LENGTH",
    "REACH",
    "Level",
    "LiveVoice",
    "LiveVoiceSettings",
    "LoadWatch",
    "OwnVoiceGuard",
    "VoiceStatus",
    "likeness",
]
