"""A splice exchanges exactly the crops of its place, and nothing else that would give it away."""

import numpy as np
import pytest

from evaluation.runs.spliced_strangers import PLACES, spliced
from vision.tracking.tracklet import Tracklet


def track(person: int, crops: int = 9) -> Tracklet:
    made = Tracklet(person)
    for i in range(crops):
        made.see(0.4 * i, np.array([0, 0, 9, 9], np.float32), 0.9, False)
        made.recognise(0.4 * i, np.eye(4, dtype=np.float32)[person], 0.1 * i)
    return made


@pytest.mark.parametrize(("place", "at"), zip(PLACES, (0, 3, 6), strict=True))
def test_only_the_crops_of_the_place_are_the_strangers(place: str, at: int) -> None:
    host, guest = track(0), track(1)
    made, first, last = spliced(host, guest, 2, 3, place)
    who = [int(np.argmax(row)) for row in made.embeddings]
    assert who == [int(at <= i < at + 3) for i in range(9)]
    assert (first, last) == (host.crop_times[at], host.crop_times[at + 2])
    assert made.quality[at : at + 3] == guest.quality[2:5]
    assert (made.times, made.crop_times) == (host.times, host.crop_times)
    assert [int(np.argmax(row)) for row in host.embeddings] == [0] * 9
