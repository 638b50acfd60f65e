"""Recording from the command line: devices, masked faces, changed voices, sealed sound, a panel to watch."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.live.panel import keyboard, view
    from discreet.live.record import (
        RecordingRequest,
        RecordingResult,
        default_name,
        facts,
        masked_whole,
        notice,
        signals,
    )
    from discreet.live.speaker_view import LiveListener
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "panel": ["keyboard", "view"],
            "record": [
                "RecordingRequest",
                "RecordingResult",
                "default_name",
                "facts",
                "masked_whole",
                "notice",
                "signals",
            ],
            "speaker_view": ["LiveListener"],
        },
    )

__all__ = [
    "LiveListener",
    "RecordingRequest",
    "RecordingResult",
    "default_name",
    "facts",
    "keyboard",
    "masked_whole",
    "notice",
    "signals",
    "view",
]
