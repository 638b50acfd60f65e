"""Devices and files in, MP4 out.

``probe`` says what a file holds, :class:`VideoFile` and :class:`AudioFile` read it in child processes, and
:class:`SafeWriter` writes an MP4 that appears whole or not at all. The names are loaded on first use: the decoding
child imports this package too and must not pay for what it never needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from capture.info import MediaInfo, Picture
    from capture.reading.audio import AudioFile
    from capture.reading.listened import ListenedSound, ViewedSound, listened_sound
    from capture.reading.probe import probe
    from capture.reading.resample import StreamResampler
    from capture.reading.video import VideoFile, fitted
    from capture.settings import CaptureSettings
    from capture.writing.atomic import clean_partials
    from capture.writing.audio import SoundWriter, sound_suffix_for, spare
    from capture.writing.mp4 import SafeWriter, suffix_for

__all__ = [
    "AudioFile",
    "CaptureSettings",
    "ListenedSound",
    "MediaInfo",
    "Picture",
    "SafeWriter",
    "SoundWriter",
    "StreamResampler",
    "VideoFile",
    "ViewedSound",
    "clean_partials",
    "fitted",
    "listened_sound",
    "probe",
    "sound_suffix_for",
    "spare",
    "suffix_for",
]

_HOMES = {
    "AudioFile": "reading.audio",
    "CaptureSettings": "settings",
    "ListenedSound": "reading.listened",
    "MediaInfo": "info",
    "Picture": "info",
    "SafeWriter": "writing.mp4",
    "SoundWriter": "writing.audio",
    "StreamResampler": "reading.resample",
    "VideoFile": "reading.video",
    "ViewedSound": "reading.listened",
    "clean_partials": "writing.atomic",
    "fitted": "reading.video",
    "listened_sound": "reading.listened",
    "probe": "reading.probe",
    "sound_suffix_for": "writing.audio",
    "spare": "writing.audio",
    "suffix_for": "writing.mp4",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"capture.{_HOMES[name]}"), name)
