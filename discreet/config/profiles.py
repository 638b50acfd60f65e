"""Profiles: sets of default settings that choose which models do each job. Whatever the user sets stands above them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

PROFILES: dict[str, dict[str, Any]] = {
    "embedded": {},
    "reference": {
        "vision": {
            "detect": {"detector": "retinaface-mnet+yunet"},
            "recognise": {"recogniser": "arcface-mbf"},
            "speaker": {"scorer": "talknet"},
        },
        "diarization": {"diarizer": "sortformer", "voiceprint": "titanet-l"},
    },
}
"""``embedded``: the rooms' own defaults, free licences. ``reference``: the models that papers compare with; those of
InsightFace may not be used commercially. RetinaFace does not look alone: it misses small faces that YuNet finds, and a
face that either finds is masked."""


def defaults(profile: object) -> dict[str, Any]:
    """The settings that the profile of that name begins with; nothing for a name that settings will refuse."""
    return deepcopy(PROFILES.get(profile, {})) if isinstance(profile, str) else {}
