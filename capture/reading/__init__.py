"""Reading recordings: their properties, pictures and sound, decoded in child processes."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from capture.reading.audio import AudioFile
    from capture.reading.mixdown import ChannelViewSound, MonoSound, mono_sound
    from capture.reading.resample import StreamResampler
    from capture.reading.video import VideoFile
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "audio": ["AudioFile"],
            "mixdown": ["MonoSound", "ChannelViewSound", "mono_sound"],
            "resample": ["StreamResampler"],
            "video": ["VideoFile"],
        },
    )

__all__ = [
    "AudioFile",
    "ChannelViewSound",
    "MonoSound",
    "StreamResampler",
    "VideoFile",
    "mono_sound",
]
