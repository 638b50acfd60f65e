from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import InputError
from voice.neural.features import learn_centres, load_centres, run_lengths, save_centres, units_of


def clouds(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    centres = random.normal(0, 10, (5, 8)).astype(np.float32)
    which = random.integers(0, 5, 200)
    return centres[which] + random.normal(0, 0.1, (200, 8)).astype(np.float32), which


def test_frames_of_one_cloud_have_one_unit_and_of_two_clouds_two() -> None:
    frames, which = clouds()
    units = units_of(frames, learn_centres(frames, 5))
    assert len({(a, b) for a, b in zip(which, units, strict=True)}) == 5


def test_the_same_seed_learns_the_same_centres() -> None:
    frames, _ = clouds()
    assert np.array_equal(learn_centres(frames, 5, seed=3), learn_centres(frames, 5, seed=3))


def test_too_few_frames_are_refused() -> None:
    with pytest.raises(InputError, match="too few"):
        learn_centres(np.zeros((3, 2), np.float32), 5)


def test_equal_frames_are_no_reason_to_fail() -> None:
    assert learn_centres(np.zeros((9, 2), np.float32), 4).shape == (4, 2)


@given(st.lists(st.integers(0, 2), max_size=30))
def test_runs_add_up(units: list[int]) -> None:
    lengths = run_lengths(np.array(units, np.int64))
    assert len(lengths) == len(units)
    assert (1 / lengths).sum() == pytest.approx(sum(1 for i, u in enumerate(units) if not i or u != units[i - 1]))


def test_centres_come_back_from_their_file(tmp_path: Path) -> None:
    centres = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    save_centres(tmp_path / "units.npz", centres)
    assert np.array_equal(load_centres(tmp_path / "units.npz"), centres)
    (tmp_path / "units.npz").write_bytes(b"no")
    with pytest.raises(InputError, match="cannot be read"):
        load_centres(tmp_path / "units.npz")
