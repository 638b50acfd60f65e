import numpy as np
import pytest

from discreet.lab.scenarios import SCENARIOS

SOUND = (0.1 * np.sin(np.arange(8000) / 5)).astype(np.float32)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_scenario_is_repeatable_and_finite(name: str) -> None:
    changed = SCENARIOS[name](SOUND, 3)
    assert np.array_equal(changed, SCENARIOS[name](SOUND, 3))
    assert np.isfinite(changed).all()
    assert (len(changed) == len(SOUND)) is (name != "fast")


def test_four_microphones_sound_unlike_each_other() -> None:
    made = [SCENARIOS[f"microphone {number}"](SOUND, 0) for number in range(1, 5)]
    assert all(not np.allclose(one, other, atol=1e-3) for i, one in enumerate(made) for other in made[:i])
