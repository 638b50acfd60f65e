"""Devices and files in, MP4 out.

``probe`` measures what a file holds, :class:`VideoFile` and :class:`AudioFile` read it in child processes, and
:class:`SafeWriter` writes an MP4 that appears complete or not at all. Names load on first use: the decoding child
imports this package too and must start fast.
"""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from capture.clock import Clock, RealClock, VirtualClock
    from capture.live_settings import RecordSettings
    from capture.media_info import MediaInfo, Picture
    from capture.mp4_boxes import top_level_boxes
    from capture.reading.audio import AudioFile
    from capture.reading.mixdown import ChannelViewSound, MonoSound, mono_sound
    from capture.reading.probe import probe, regular_file
    from capture.reading.resample import StreamResampler
    from capture.reading.video import VideoFile
    from capture.settings import CaptureSettings
    from capture.sources import Image, PictureSource, SoundSink, SoundSource
    from capture.writing.atomic import clean_partials
    from capture.writing.audio import SoundWriter, refuse_overwrite, sound_suffix_for
    from capture.writing.copy_streams import join
    from capture.writing.mp4 import SafeWriter, suffix_for
    from capture.writing.picture_splice import PictureChanges
    from capture.writing.sound_splice import SoundChanges, SoundMarks, splice_sound
    from capture.writing.splice_encoder import UnspliceableError
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "clock": ["Clock", "RealClock", "VirtualClock"],
            "media_info": ["MediaInfo", "Picture"],
            "live_settings": ["RecordSettings"],
            "mp4_boxes": ["top_level_boxes"],
            "reading.audio": ["AudioFile"],
            "reading.mixdown": ["MonoSound", "ChannelViewSound", "mono_sound"],
            "reading.probe": ["probe", "regular_file"],
            "reading.resample": ["StreamResampler"],
            "reading.video": ["VideoFile"],
            "settings": ["CaptureSettings"],
            "sources": ["Image", "PictureSource", "SoundSink", "SoundSource"],
            "writing.atomic": ["clean_partials"],
            "writing.audio": ["SoundWriter", "sound_suffix_for", "refuse_overwrite"],
            "writing.splice_encoder": ["UnspliceableError"],
            "writing.copy_streams": ["join"],
            "writing.mp4": ["SafeWriter", "suffix_for"],
            "writing.picture_splice": ["PictureChanges"],
            "writing.sound_splice": ["SoundChanges", "SoundMarks", "splice_sound"],
        },
    )

__all__ = [
    "AudioFile",
    "CaptureSettings",
    "ChannelViewSound",
    "Clock",
    "Image",
    "MediaInfo",
    "MonoSound",
    "Picture",
    "PictureChanges",
    "PictureSource",
    "RealClock",
    "RecordSettings",
    "SafeWriter",
    "SoundChanges",
    "SoundMarks",
    "SoundSink",
    "SoundSource",
    "SoundWriter",
    "StreamResampler",
    "UnspliceableError",
    "VideoFile",
    "VirtualClock",
    "clean_partials",
    "join",
    "mono_sound",
    "probe",
    "refuse_overwrite",
    "regular_file",
    "sound_suffix_for",
    "splice_sound",
    "suffix_for",
    "top_level_boxes",
]
