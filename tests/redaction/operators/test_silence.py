"""Silence: zeros in the span, the sound as it was outside, damaged samples included."""

from __future__ import annotations

import numpy as np
import pytest

from redaction.operators.silence import Remove, Silence
from timeline import Segment

RATE = 8000
SPAN = Segment(0.25, 0.5)


@pytest.mark.parametrize("operator", [Silence(), Remove()])
@pytest.mark.parametrize("shape", [(RATE,), (RATE, 2)])
def test_a_span_is_silent_in_every_channel(operator: Silence, shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(0).normal(0.0, 0.1, shape).astype(np.float32)
    noise[3000] = np.nan
    silenced = operator.apply(noise, 0.0, RATE, [SPAN])
    assert not silenced[2000:4000].any()
    fade = round(operator.fade * RATE)
    assert np.array_equal(silenced[: 2000 - fade], noise[: 2000 - fade])
    assert np.array_equal(silenced[4000 + fade :], noise[4000 + fade :])
    assert np.isnan(noise[3000]).all()
