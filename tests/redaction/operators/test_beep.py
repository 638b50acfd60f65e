"""The beep: nothing of the speech is left in its place, wherever the stream is cut into blocks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from redaction.operators.beep import Beep
from timeline import Segment

RATE = 8000
SPAN = Segment(0.25, 0.5)
NOISE = np.random.default_rng(0).normal(0.0, 0.1, RATE).astype(np.float32)
BEEPED = Beep().apply(NOISE, 0.0, RATE, [SPAN])


def test_inside_the_span_the_sound_depends_on_nothing_that_was_said() -> None:
    other = Beep().apply(-3.0 * NOISE, 0.0, RATE, [SPAN])
    assert np.array_equal(BEEPED[2000:4000], other[2000:4000])
    assert np.isclose(np.sqrt(np.mean(BEEPED[2000:4000] ** 2)), Beep().level, rtol=0.01)


def test_outside_the_span_and_its_fades_nothing_changes() -> None:
    fade = round(Beep().fade * RATE)
    assert np.array_equal(BEEPED[: 2000 - fade], NOISE[: 2000 - fade])
    assert np.array_equal(BEEPED[4000 + fade :], NOISE[4000 + fade :])


@given(st.integers(1, RATE - 1))
def test_where_a_stream_is_cut_into_blocks_makes_no_difference(at: int) -> None:
    parts = [Beep().apply(NOISE[:at], 0.0, RATE, [SPAN]), Beep().apply(NOISE[at:], at / RATE, RATE, [SPAN])]
    assert np.allclose(np.concatenate(parts), BEEPED, atol=1e-6)


def test_a_block_without_a_span_is_returned_as_it_is() -> None:
    assert Beep().apply(NOISE, 2.0, RATE, [SPAN]) is NOISE
