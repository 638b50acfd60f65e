"""Recording from the command line: devices, masked faces, changed voices, sealed sound, a status panel."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.live.panel import keyboard, signals, view
    from discreet.live.record import Controls, notice, record_meeting
    from discreet.live.request import RecordingRequest, default_name, facts, masked_whole
    from discreet.live.voice_changer import Speaking
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "panel": ["keyboard", "signals", "view"],
            "record": ["Controls", "notice", "record_meeting"],
            "request": ["RecordingRequest", "default_name", "facts", "masked_whole"],
            "voice_changer": ["Speaking"],
        },
    )

__all__ = [
    "Controls",
    "RecordingRequest",
    "Speaking",
    "default_name",
    "facts",
    "keyboard",
    "masked_whole",
    "notice",
    "record_meeting",
    "signals",
    "view",
]
