"""Profiles: sets of default settings that choose which models do each job. The user's own settings override them."""

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
"""``embedded``: the rooms' own defaults, with free licences. ``reference``: the models that papers compare with;
InsightFace's may not be used commercially. RetinaFace is not used alone: it misses small faces that YuNet finds, and a
face that either finds is masked.
"""


def defaults(profile: object) -> dict[str, Any]:
    """The default settings of the profile of that name; empty for an unknown name, which the settings will refuse."""
    return deepcopy(PROFILES.get(profile, {})) if isinstance(profile, str) else {}
