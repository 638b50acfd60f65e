import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.neural.features import (
    LOUDNESS,
    MOVEMENT,
    PITCH,
    VOICED,
    VOICING,
    Controls,
    controlled,
    prosody_of,
    resampled,
)


def spoken(frames: int = 60) -> np.ndarray:
    random = np.random.default_rng(0)
    bark = random.normal(0, 0.3, (frames, 20)).astype(np.float32)
    bark[:, PITCH] = 0.2 * np.sin(np.arange(frames) / 7)
    bark[:, VOICING] = 0.4
    return bark


@given(st.floats(-0.8, 0.8), st.floats(0.5, 2.0))
def test_a_higher_voice_or_a_livelier_one_has_the_same_prosody(level: float, span: float) -> None:
    bark, other = spoken(), spoken()
    other[:, PITCH] = other[:, PITCH] * span + level
    assert prosody_of(other)[:, MOVEMENT] == pytest.approx(prosody_of(bark)[:, MOVEMENT], abs=1e-3)


def test_a_louder_recording_has_the_same_prosody() -> None:
    bark, other = spoken(), spoken()
    other[:, 0] += 2.0
    assert prosody_of(other) == pytest.approx(prosody_of(bark), abs=1e-5)


def test_nothing_has_no_prosody() -> None:
    assert prosody_of(np.zeros((0, 20), np.float32)).shape == (0, 3)


def test_controls_at_rest_change_nothing() -> None:
    content, prosody = np.ones((30, 4), np.float32), prosody_of(spoken())
    said, moved = controlled(content, prosody, Controls())
    assert np.array_equal(said, content)
    assert moved == pytest.approx(prosody, abs=1e-6)


@pytest.mark.parametrize(("rate", "frames"), [(0.5, 60), (1.5, 20), (2.0, 15)])
def test_a_faster_rate_leaves_fewer_frames(rate: float, frames: int) -> None:
    said, moved = controlled(np.ones((30, 4), np.float32), prosody_of(spoken()), Controls(rate=rate))
    assert (len(said), len(moved)) == (frames, 2 * frames)


def test_expression_scales_how_far_pitch_and_loudness_move() -> None:
    prosody = prosody_of(spoken())
    spread = {
        share: controlled(np.ones((30, 4), np.float32), prosody, Controls(expression=share))[1].std(axis=0)
        for share in (0.0, 0.5, 1.0, 2.0)
    }
    for column in (MOVEMENT, LOUDNESS):
        assert [spread[share][column] / spread[1.0][column] for share in spread] == pytest.approx(
            [0, 0.5, 1, 2], abs=1e-4
        )


def test_a_whisper_has_no_voice() -> None:
    _, moved = controlled(np.ones((30, 4), np.float32), prosody_of(spoken()), Controls(whisper=1.0))
    assert (moved[:, VOICED] < -0.4).all()


@pytest.mark.parametrize("wrong", [{"rate": 0.1}, {"expression": 3.0}, {"whisper": -0.1}])
def test_controls_out_of_their_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Controls(**wrong)


@given(st.integers(1, 40), st.integers(1, 40))
def test_stretching_keeps_ends_and_order(one: int, other: int) -> None:
    line = resampled(np.arange(one, dtype=np.float32)[:, None], other)[:, 0]
    assert len(line) == other
    assert (np.diff(line) >= -1e-5).all()
    assert line.min() >= 0
    assert line.max() <= one - 1
