"""Voices that are nobody's: keyed, consistent, different from person to person, and where real voices lie."""

from pathlib import Path

import numpy as np
import pytest

from timeline import InputError
from voice.neural.identity import fit_space, load_space, save_space

KEY, OTHER = b"k" * 32, b"o" * 32


def voices(count: int = 40, size: int = 6) -> np.ndarray:
    random = np.random.default_rng(0)
    centre = np.where(np.arange(count)[:, None] % 2, 2.0, -2.0)
    return (centre + random.normal(0, 0.5, (count, size))).astype(np.float32)


@pytest.fixture
def space():
    return fit_space(voices(), components=2)


def test_the_mixture_finds_both_groups_of_voices(space) -> None:
    assert sorted(np.sign(space.means[:, 0])) == [-1, 1]
    assert space.weights == pytest.approx([0.5, 0.5], abs=0.1)


def test_one_person_has_one_voice_under_a_key_and_another_under_another(space) -> None:
    assert np.array_equal(space.drawn(KEY, "ann"), space.drawn(KEY, "ann"))
    assert not np.allclose(space.drawn(KEY, "ann"), space.drawn(OTHER, "ann"))
    assert not np.allclose(space.drawn(KEY, "ann"), space.drawn(KEY, "ben"))


def test_drawn_voices_lie_where_real_ones_do(space) -> None:
    drawn = np.array([space.drawn(KEY, f"p{i}") for i in range(300)])
    assert np.abs(drawn.mean(axis=0) - voices().mean(axis=0)).max() < 0.4
    assert np.abs(drawn.std(axis=0) / voices().std(axis=0) - 1).max() < 0.25


def test_a_drawn_voice_holds_nothing_of_the_own_one(space) -> None:
    assert np.array_equal(space.identity("draw", None, KEY, "ann"), space.identity("draw", np.ones(6, np.float32), KEY, "ann"))  # fmt: skip # noqa: E501


def test_far_voices_are_on_the_other_side(space) -> None:
    own = np.full(6, 2.0, np.float32)
    assert np.linalg.norm(space.far(own, KEY, "ann") - own) > np.linalg.norm(space.voices.mean(axis=0) - own)


def test_a_rotation_keeps_distances_between_voices_and_can_be_told_by_the_key(space) -> None:
    one, other = voices()[:2]
    turned = [space.rotated(each, KEY) for each in (one, other)]
    assert np.linalg.norm(turned[0] - turned[1]) == pytest.approx(np.linalg.norm(one - other), rel=1e-4)
    assert not np.allclose(turned[0], one, atol=0.1)
    assert not np.allclose(turned[0], space.rotated(one, OTHER), atol=0.1)


def test_ways_that_need_the_own_voice_say_so(space) -> None:
    with pytest.raises(ValueError, match="own voice"):
        space.identity("far", None, KEY, "ann")


def test_a_short_key_is_refused(space) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        space.drawn(b"short", "ann")


def test_a_single_voice_is_enough_and_none_is_not() -> None:
    assert np.isfinite(fit_space(voices(1)).drawn(KEY, "ann")).all()
    with pytest.raises(InputError, match="needs a speaker"):
        fit_space(voices(0))


def test_a_space_comes_back_from_its_file(space, tmp_path: Path) -> None:
    save_space(tmp_path / "space.npz", space)
    assert np.array_equal(load_space(tmp_path / "space.npz").drawn(KEY, "ann"), space.drawn(KEY, "ann"))
    (tmp_path / "space.npz").write_bytes(b"no")
    with pytest.raises(InputError, match="cannot be read"):
        load_space(tmp_path / "space.npz")
