"""Writing recordings: files that appear complete or not at all, or that survive a crash while they grow."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from capture.writing.atomic import PartialFile, clean_partials
    from capture.writing.audio import SoundWriter, refuse_overwrite, sound_suffix_for
    from capture.writing.avi import AVI_RATE, AviWriter
    from capture.writing.copy_streams import join
    from capture.writing.encrypted_sidecar import EncryptedSidecar, SidecarSound, sidecar_name
    from capture.writing.fragmented_mp4 import FragmentWriter, growing_name, publish, recover
    from capture.writing.mp4 import SafeWriter, suffix_for
    from capture.writing.picture_splice import PictureChanges
    from capture.writing.sound_splice import SoundChanges, SoundMarks, splice_sound
    from capture.writing.splice_encoder import UnspliceableError
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "splice_encoder": ["UnspliceableError"],
            "copy_streams": ["join"],
            "picture_splice": ["PictureChanges"],
            "sound_splice": ["SoundChanges", "SoundMarks", "splice_sound"],
            "atomic": ["PartialFile", "clean_partials"],
            "audio": ["SoundWriter", "sound_suffix_for", "refuse_overwrite"],
            "avi": ["AVI_RATE", "AviWriter"],
            "fragmented_mp4": ["FragmentWriter", "growing_name", "publish", "recover"],
            "mp4": ["SafeWriter", "suffix_for"],
            "encrypted_sidecar": ["EncryptedSidecar", "SidecarSound", "sidecar_name"],
        },
    )

__all__ = [
    "AVI_RATE",
    "AviWriter",
    "EncryptedSidecar",
    "FragmentWriter",
    "PartialFile",
    "PictureChanges",
    "SafeWriter",
    "SidecarSound",
    "SoundChanges",
    "SoundMarks",
    "SoundWriter",
    "UnspliceableError",
    "clean_partials",
    "growing_name",
    "join",
    "publish",
    "recover",
    "refuse_overwrite",
    "sidecar_name",
    "sound_suffix_for",
    "splice_sound",
    "suffix_for",
]
