"""The two recipes against slow references written straight from their definitions."""

import numpy as np
import pytest

from diarization.features.fbank import kaldi_fbank, speechbrain_fbank

RNG = np.random.default_rng(7)
PIECES = (RNG.normal(size=(2, 3333)) * 0.1).astype(np.float32)


def slow_speechbrain(x):
    window = np.array([0.54 - 0.46 * np.cos(2 * np.pi * n / 400) for n in range(400)])
    padded = np.concatenate([np.zeros(200), x, np.zeros(200)])
    points = np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 82)
    hz = [700 * (10 ** (m / 2595) - 1) for m in points]
    rows = []
    for at in range(0, len(padded) - 399, 160):
        power = np.abs(np.fft.fft(padded[at : at + 400] * window)[:201]) ** 2
        row = []
        for band in range(80):
            width, centre = hz[band + 1] - hz[band], hz[band + 1]
            gains = [max(0.0, 1 - abs(k * 40 - centre) / width) for k in range(201)]
            row.append(10 * np.log10(max(float(np.dot(gains, power)), 1e-10)))
        rows.append(row)
    db = np.array(rows)
    db = np.maximum(db, db.max() - 80)
    return db - db.mean(axis=0)


def slow_kaldi(x):
    def mel(f):
        return 1127 * np.log(1 + f / 700)

    low, high = mel(20), mel(8000)
    delta = (high - low) / 81
    rows = []
    for at in range(0, len(x) - 399, 160):
        frame = x[at : at + 400].astype(float)
        frame -= frame.mean()
        emphasised = [frame[0] - 0.97 * frame[0]] + [frame[i] - 0.97 * frame[i - 1] for i in range(1, 400)]
        povey = [(0.5 - 0.5 * np.cos(2 * np.pi * i / 399)) ** 0.85 for i in range(400)]
        power = np.abs(np.fft.fft(np.array(emphasised) * povey, 512)) ** 2
        row = []
        for band in range(80):
            left, centre, right = low + band * delta, low + (band + 1) * delta, low + (band + 2) * delta
            energy = 0.0
            for k in range(256):
                m = mel(k * 16000 / 512)
                if left < m < right:
                    energy += power[k] * (
                        (m - left) / (centre - left) if m <= centre else (right - m) / (right - centre)
                    )
            row.append(np.log(max(energy, np.finfo(np.float32).eps)))
        rows.append(row)
    log = np.array(rows)
    return log - log.mean(axis=0)


@pytest.mark.parametrize(("fast", "slow"), [(speechbrain_fbank, slow_speechbrain), (kaldi_fbank, slow_kaldi)])
def test_equals_the_slow_reference(fast, slow):
    found = fast(PIECES)
    assert found.dtype == np.float32
    for row, piece in zip(found, PIECES, strict=True):
        np.testing.assert_allclose(row, slow(piece), atol=2e-3)


@pytest.mark.parametrize(("features", "frames"), [(speechbrain_fbank, 1 + 3333 // 160), (kaldi_fbank, 1 + 2933 // 160)])
def test_shape_and_zero_mean(features, frames):
    found = features(PIECES)
    assert found.shape == (2, frames, 80)
    np.testing.assert_allclose(found.mean(axis=1), 0, atol=1e-3)


@pytest.mark.parametrize("features", [speechbrain_fbank, kaldi_fbank])
def test_loudness_does_not_matter(features):
    np.testing.assert_allclose(features(PIECES), features(PIECES * 3), atol=0.02)


@pytest.mark.parametrize("features", [speechbrain_fbank, kaldi_fbank])
def test_silence_is_finite(features):
    assert np.isfinite(features(np.zeros((1, 1600), np.float32))).all()
