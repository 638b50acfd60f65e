"""Drift: an hour of a fast clock stays in step, and gaps become silence."""

from __future__ import annotations

import math

import numpy as np
import pytest

from capture.live.drift import ClockEstimate, DriftCorrector, Stretcher


@pytest.mark.parametrize(("ppm", "jitter", "within"), [(100.0, 0.0, 0.001), (-200.0, 0.02, 0.012), (100.0, 0.05, 0.03)])
def test_an_hour_of_a_fast_clock_stays_in_step(ppm: float, jitter: float, within: float) -> None:
    rate, block = 1000, 100
    device = rate * (1 + ppm * 1e-6)
    correct, random = DriftCorrector(rate), np.random.default_rng(1)
    given = 0
    worst = 0.0
    seconds = 3600 if not jitter else 1800
    for n in range(seconds * 10):
        given += len(correct(50.0 + n * block / device + random.uniform(0, jitter), np.zeros(block, np.float32)))
        heard = correct.origin + given / rate - 50.0  # where on our clock the output ends
        worst = max(worst, abs(heard + 12 / rate - (n + 1) * block / device - jitter / 2))
    assert worst < within + 0.001
    assert correct.clock.ppm == pytest.approx(ppm, abs=1.0 + 500 * jitter)
    assert correct.gaps == 0
    drifted = abs(seconds * ppm * 1e-6)
    assert drifted > 5 * within


def test_sound_that_a_device_left_out_becomes_silence() -> None:
    rate = 1000
    correct = DriftCorrector(rate)
    out = [correct(n / 10, np.ones(100, np.float32)) for n in range(10)]
    out += [correct(3.0 + n / 10, np.ones(100, np.float32)) for n in range(10)]
    out.append(correct.flush())
    sound = np.concatenate(out)
    assert len(sound) == pytest.approx(4000, abs=20)
    assert correct.gaps == 1
    assert np.abs(sound[1050:2950]).max() < 1e-3
    assert sound[3100:3900].min() > 0.99


@pytest.mark.parametrize("ratio", [1.0, 1.0001, 0.998])
def test_stretching_changes_length_and_pitch_and_nothing_else(ratio: float) -> None:
    rate, hertz, n = 48000, 3000.0, np.arange(48000)
    stretch = Stretcher()
    tone = np.sin(2 * np.pi * hertz * n / rate).astype(np.float32)
    out = np.concatenate([*(stretch(tone[i : i + 777], ratio) for i in range(0, len(tone), 777)), stretch.flush(ratio)])
    assert len(out) == pytest.approx(len(tone) * ratio, abs=2)
    k = np.arange(len(out))
    wanted = np.sin(2 * np.pi * hertz * k / ratio / rate)
    assert np.abs(out - wanted)[50:-50].max() < 1e-3


def test_a_clock_estimate_takes_a_jump_as_a_gap() -> None:
    clock = ClockEstimate(1000)
    assert math.isnan(clock.next)
    assert clock.update(1.0, 100) == 0.0
    assert clock.update(2.0, 100) == pytest.approx(0.9)
    assert clock.next == pytest.approx(2.1)
