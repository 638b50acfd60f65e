"""Takes of faces: worse pictures of the same face, and what is kept is what was made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evaluation.data.face_takes import CONDITIONS, FaceTakes, face_takes


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_gives_a_picture_that_is_no_larger(name: str) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (90, 120, 3), np.uint8)
    changed = CONDITIONS[name](picture, 80.0)
    assert changed.dtype == np.uint8
    assert changed.shape[0] <= 90
    assert (changed.shape == picture.shape) == (name != "68 px")


def test_takes_are_read_back_as_they_were_kept(tmp_path: Path) -> None:
    columns = (np.array(["a"]), np.array(["a/face0.jpg"]), np.array(["as it is"]))
    made = FaceTakes(np.ones((1, 4), np.float32), np.ones(1, np.float32), np.array([True]), *columns)
    path = tmp_path / "faces.npz"
    np.savez(path, **{name: getattr(made, name) for name in FaceTakes.__slots__})
    found = face_takes(lambda _: pytest.fail("nothing is embedded anew"), path)
    for name in FaceTakes.__slots__:
        np.testing.assert_array_equal(getattr(found, name), getattr(made, name))
