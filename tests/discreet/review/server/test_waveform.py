"""The outline of a sound."""

from __future__ import annotations

import numpy as np

from discreet.review.server.waveform import _RATE, PER_SECOND, _peaks


def test_each_value_is_the_loudest_sample_of_its_time() -> None:
    sound = np.zeros(_RATE, np.float32)
    sound[_RATE // PER_SECOND * 3 + 7] = -0.5
    peaks = _peaks(sound)
    assert len(peaks) == PER_SECOND
    assert peaks[3] == 128
    assert peaks.sum() == 128


def test_what_is_too_loud_is_full_and_a_rest_counts() -> None:
    assert _peaks(np.full(5, 2.0, np.float32)).tolist() == [255]
