"""Galleries for measurements over a pass that was kept."""

from __future__ import annotations

import numpy as np

from evaluation.data.face_scan_cache import gallery_of, with_one_photo
from registered import Gallery


def gallery() -> Gallery:
    rows = np.eye(4, dtype=np.float32)
    many = [("a", rows[:2]), ("b", rows[2:3]), ("c", rows[[3, 0, 1]])]
    return Gallery.of("m", [(id, {"m": part}, {"m": np.ones(len(part), np.float32)}) for id, part in many])


def test_one_photo_is_the_wanted_one_or_the_last() -> None:
    second = with_one_photo(gallery(), 1)
    assert second.ids == ("a", "b", "c")
    np.testing.assert_array_equal(second.matrix.argmax(axis=1), [1, 2, 0])
    assert second.owner.tolist() == [0, 1, 2]


def test_a_part_of_the_people_keeps_all_their_photos() -> None:
    some = gallery_of(gallery(), ("c",))
    assert some.ids == ("c",)
    assert len(some.matrix) == 3
