"""Voiceprints tell speakers apart when fed just what the manifest's ``features`` say: those words are the contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from weights import Store

Array = NDArray[Any]


def ecapa_features(x: Array, say: dict[str, Any]) -> Array:
    """The manifest's words for ecapa, one by one."""
    size, hop, bands = say["frame"], say["hop"], say["filters"]
    window = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(size) / size)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(x, size // 2), size)[::hop] * window
    power = np.abs(np.fft.rfft(frames, say["fft"])) ** 2
    mel = np.linspace(2595 * np.log10(1 + say["low_hz"] / 700), 2595 * np.log10(1 + say["high_hz"] / 700), bands + 2)
    points = 700 * (10 ** (mel / 2595) - 1)
    hz = np.linspace(0, say["sample_rate"] / 2, power.shape[1])
    distance = np.abs(hz[:, None] - points[None, 1:-1]) / np.diff(points)[None, :-1]
    level = 10 * np.log10(np.maximum(power @ np.maximum(0, 1 - distance), 1e-10))
    level = np.maximum(level, level.max() - say["top_db"])
    return level - level.mean(axis=0)


def campplus_features(x: Array, say: dict[str, Any]) -> Array:
    """The manifest's words for campplus, one by one."""
    size, hop, bands, fft = say["frame"], say["hop"], say["filters"], say["fft"]
    frames = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), size)[::hop]
    frames = frames - frames.mean(axis=1, keepdims=True)
    frames = frames - say["preemphasis"] * np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    frames = frames * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / (size - 1))) ** 0.85
    power = np.abs(np.fft.rfft(frames, fft)) ** 2
    points = np.linspace(1127 * np.log(1 + say["low_hz"] / 700), 1127 * np.log(1 + say["high_hz"] / 700), bands + 2)
    mel = 1127 * np.log(1 + np.arange(fft // 2 + 1) * say["sample_rate"] / fft / 700)
    up = (mel[:, None] - points[None, :-2]) / np.diff(points)[None, :-1]
    down = (points[None, 2:] - mel[:, None]) / np.diff(points)[None, 1:]
    level = np.log(np.maximum(power @ np.clip(np.minimum(up, down), 0, None), 1.1920929e-07))
    return level - level.mean(axis=0)


def clip(path: Path) -> Array:
    samples, rate = soundfile.read(path, dtype="float32")
    if samples.ndim > 1:
        samples = samples.mean(axis=1)
    return np.asarray(resample_poly(samples, 16000, rate) if rate != 16000 else samples, np.float32)[: 16000 * 3]


@pytest.mark.models
@pytest.mark.media
@pytest.mark.parametrize(("id", "features"), [("ecapa", ecapa_features), ("campplus", campplus_features)])
def test_same_speakers_score_far_above_different_ones(
    store: Store, needs: Callable[..., None], media: Path, id: str, features: Callable[[Array, dict[str, Any]], Array]
) -> None:
    needs(store, id)
    speakers, prints = [], []
    session, say = store.session(id), store.manifest[id].features
    for folder in sorted((media / "voices").iterdir()):
        for path in sorted(folder.iterdir())[:2]:
            speakers.append(folder.name)
            batch = features(clip(path), say)[None].astype(np.float32)
            prints.append(session.run(["embedding"], {"features": batch})[0][0])
    matrix = np.stack(prints)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    assert matrix.shape[1] == 192
    similarity = matrix @ matrix.T
    same = np.equal.outer(np.array(speakers), np.array(speakers))
    apart = ~np.eye(len(speakers), dtype=bool)
    assert np.median(similarity[same & apart]) > 0.6
    assert np.quantile(similarity[same & apart], 0.05) > np.quantile(similarity[~same], 0.95)
