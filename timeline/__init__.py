"""The types every room speaks, their JSON and its schema."""

from typing import TYPE_CHECKING

from timeline.lazy import lazy_exports

if TYPE_CHECKING:
    from timeline.audio import ArrayAudio, Audio, FloatArray, SameTimes, windows
    from timeline.document import (
        Document,
        Evidence,
        Person,
        Provenance,
        Recording,
        Redaction,
        StageReport,
        Timeline,
        Track,
        Turn,
        Word,
    )
    from timeline.errors import (
        DeviceError,
        DiscreetError,
        ExitCode,
        InputError,
        ModelError,
        OutputError,
        PeopleError,
        RefusedError,
        UnsafeError,
    )
    from timeline.faces import FaceTrack
    from timeline.files import (
        Folder,
        create_file,
        hidden_name,
        make_folder,
        open_file,
        path_of,
        replacing,
        share_files,
        write_error,
        write_file,
    )
    from timeline.plugins import Capabilities, capabilities, find_plugin, load_plugin, plugin
    from timeline.progress import Progress, silent
    from timeline.segment import Segment, intersect, subtract, total, union
    from timeline.shorten import REMOVE, shortened
    from timeline.timemap import TimeMap
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "audio": ["ArrayAudio", "Audio", "FloatArray", "SameTimes", "windows"],
            "document": [
                "Document",
                "Evidence",
                "Person",
                "Provenance",
                "Recording",
                "Redaction",
                "StageReport",
                "Timeline",
                "Track",
                "Turn",
                "Word",
            ],
            "errors": [
                "DeviceError",
                "DiscreetError",
                "ExitCode",
                "InputError",
                "ModelError",
                "OutputError",
                "PeopleError",
                "RefusedError",
                "UnsafeError",
            ],
            "faces": ["FaceTrack"],
            "files": [
                "Folder",
                "create_file",
                "hidden_name",
                "make_folder",
                "open_file",
                "path_of",
                "replacing",
                "share_files",
                "write_error",
                "write_file",
            ],
            "plugins": ["Capabilities", "capabilities", "find_plugin", "load_plugin", "plugin"],
            "progress": ["Progress", "silent"],
            "segment": ["Segment", "intersect", "subtract", "total", "union"],
            "shorten": ["REMOVE", "shortened"],
            "timemap": ["TimeMap"],
        },
    )

__all__ = [
    "REMOVE",
    "ArrayAudio",
    "Audio",
    "Capabilities",
    "DeviceError",
    "DiscreetError",
    "Document",
    "Evidence",
    "ExitCode",
    "FaceTrack",
    "FloatArray",
    "Folder",
    "InputError",
    "ModelError",
    "OutputError",
    "PeopleError",
    "Person",
    "Progress",
    "Provenance",
    "Recording",
    "Redaction",
    "RefusedError",
    "SameTimes",
    "Segment",
    "StageReport",
    "TimeMap",
    "Timeline",
    "Track",
    "Turn",
    "UnsafeError",
    "Word",
    "capabilities",
    "create_file",
    "find_plugin",
    "hidden_name",
    "intersect",
    "lazy_exports",
    "load_plugin",
    "make_folder",
    "open_file",
    "path_of",
    "plugin",
    "replacing",
    "share_files",
    "shortened",
    "silent",
    "subtract",
    "total",
    "union",
    "windows",
    "write_error",
    "write_file",
]
