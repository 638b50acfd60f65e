"""What a survey found about people and the room as bytes and back: where voices lie, and how loud the room is."""

from __future__ import annotations

import json

import numpy as np

from discreet.pipeline.codec import Codec
from voice.resynthesis import RoomTone, Survey, VoiceRange


def encode_survey(survey: Survey) -> bytes:
    """Ranges and room as bytes; what is known of single phrases is not kept."""
    ranges = [[person, found.median, found.deviation] for person, found in survey.ranges.items()]
    return json.dumps({"ranges": ranges, "room": list(survey.room.density)}).encode()


def decode_survey(data: bytes) -> Survey:
    """What :func:`encode_survey` was given. Raises ValueError or KeyError if the bytes are not that."""
    found = json.loads(data)
    ranges = {person: VoiceRange(float(median), float(deviation)) for person, median, deviation in found["ranges"]}
    return Survey(np.zeros(0), (), ranges, RoomTone(tuple(float(each) for each in found["room"])))


SURVEY = Codec(encode_survey, decode_survey)
