import numpy as np
import pytest

from evaluation.runs.live_content import STATE, windowed


@pytest.mark.parametrize("count", [1, 2, 7, 50])
@pytest.mark.parametrize(("window", "ahead", "step"), [(0.5, 0.04, 0.04), (0.2, 0.0, 0.02), (0.4, 0.06, 0.08)])
def test_windows_give_the_states_of_the_whole_where_each_state_hears_itself_alone(count, window, ahead, step) -> None:
    def content(sound):
        return sound.reshape(-1, STATE)

    sound = np.arange(count * STATE, dtype=np.float32)
    assert np.array_equal(windowed(content, window, ahead, step)(sound), content(sound))


def test_no_state_hears_further_ahead_than_it_may() -> None:
    def content(sound):
        return np.repeat(sound.max()[None, None], len(sound) // STATE, axis=0)  # all that is heard

    sound = np.repeat(np.arange(50, dtype=np.float32), STATE)
    heard = windowed(content, 0.5, 0.04, 0.02)(sound)[:, 0]
    assert np.array_equal(heard[:-2], np.arange(50)[2:]), "two states of 20 ms"
