"""Recording from the command line: devices, masked faces, changed voices, sealed sound, a status panel."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.live.panel import keyboard, signals, view
    from discreet.live.record import Controls, notice, record_meeting
    from discreet.live.request import RecordingRequest, RecordingResult, default_name, facts, masked_whole
    from discreet.live.speaker_view import LiveListener
    from discreet.live.voice_changer import Speaking, SpeakingStatus
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "panel": ["keyboard", "signals", "view"],
            "record": ["Controls", "notice", "record_meeting"],
            "request": ["RecordingRequest", "RecordingResult", "default_name", "facts", "masked_whole"],
            "voice_changer": ["Speaking", "SpeakingStatus"],
            "speaker_view": ["LiveListener"],
        },
    )

__all__ = [
    "Controls",
    "LiveListener",
    "RecordingRequest",
    "RecordingResult",
    "Speaking",
    "SpeakingStatus",
    "default_name",
    "facts",
    "keyboard",
    "masked_whole",
    "notice",
    "record_meeting",
    "signals",
    "view",
]
