"""Where voices lie and how the room sounds comes back exactly; nothing of single phrases is kept."""

import numpy as np

from discreet.pipeline.serialise_survey import SURVEY
from voice.resynthesis import RoomTone, SoundSurvey, VoiceRange


def test_ranges_and_room_come_back_exactly() -> None:
    room = RoomTone(tuple(-100.0 + i / 3 for i in range(12)))
    survey = SoundSurvey(np.ones(3), [np.ones(2)] * 3, {"p1": VoiceRange(5.01, 0.21), None: VoiceRange(4.9, 0.1)}, room)
    again = SURVEY.decode(SURVEY.encode(survey))
    assert again.ranges == survey.ranges
    assert again.room == room
    assert len(again.levels) == 0
