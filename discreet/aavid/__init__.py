"""The three stages of AAVID, the research pipeline that Discreet continues, with its options, folders and files.

They are the stages of ``record`` and ``process`` under other names; see docs/how-to/aavid.md.
"""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.aavid.biometrics import name_speakers
    from discreet.aavid.folders import Folders, find_video
    from discreet.aavid.galleries import Imported, import_people, members, missing
    from discreet.aavid.ignored_options import without_effect
    from discreet.aavid.models import best_models
    from discreet.aavid.script_outputs import read_earlier
    from discreet.aavid.speakers import score_speakers
    from discreet.aavid.thresholds import face_threshold, voice_threshold
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "biometrics": ["name_speakers"],
            "script_outputs": ["read_earlier"],
            "folders": ["Folders", "find_video"],
            "galleries": ["Imported", "import_people", "members", "missing"],
            "models": ["best_models"],
            "speakers": ["score_speakers"],
            "thresholds": ["face_threshold", "voice_threshold"],
            "ignored_options": ["without_effect"],
        },
    )

__all__ = [
    "Folders",
    "Imported",
    "best_models",
    "face_threshold",
    "find_video",
    "import_people",
    "members",
    "missing",
    "name_speakers",
    "read_earlier",
    "score_speakers",
    "voice_threshold",
    "without_effect",
]
