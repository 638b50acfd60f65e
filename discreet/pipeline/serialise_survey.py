"""A survey's pitch ranges and room tone as bytes and back."""

from __future__ import annotations

import json

import numpy as np

from discreet.pipeline.serialise import Serialiser
from voice.resynthesis import RoomTone, SoundSurvey, VoiceRange


def encode_survey(survey: SoundSurvey) -> bytes:
    """Pitch ranges and room tone as bytes; measurements of single phrases are not stored."""
    ranges = [[person, found.median, found.deviation] for person, found in survey.ranges.items()]
    return json.dumps({"ranges": ranges, "room": list(survey.room.density)}).encode()


def decode_survey(data: bytes) -> SoundSurvey:
    """Decode the bytes of :func:`encode_survey`. Raises ValueError or KeyError if they are not valid."""
    found = json.loads(data)
    ranges = {person: VoiceRange(float(median), float(deviation)) for person, median, deviation in found["ranges"]}
    return SoundSurvey(np.zeros(0), (), ranges, RoomTone(tuple(float(each) for each in found["room"])))


SURVEY = Serialiser(encode_survey, decode_survey)
