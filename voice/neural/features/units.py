"""Content as units: the nearest of some dozens of centres, so that what is finer, and tells the speaker, is gone."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt

from timeline import FloatArray, InputError, write_file

Units = npt.NDArray[np.int64]
UNITS = 300
_MOST = 20000
"""Frames that centres are learned from."""


def learn_centres(content: FloatArray, count: int = UNITS, seed: int = 0, rounds: int = 15) -> FloatArray:
    """Centres ``[count, D]`` of frames ``[N, D]`` by k-means (Lloyd, 1982), begun as k-means++ begins.

    Raises:
        InputError: there are fewer frames than centres.
    """
    if len(content) < count:
        raise InputError(f"{len(content)} frames are too few for {count} units", "use a larger corpus")
    random = np.random.default_rng(seed)
    frames = np.asarray(content, np.float32)
    if len(frames) > _MOST:
        frames = frames[np.sort(random.choice(len(frames), _MOST, replace=False))]
    centres = frames[random.integers(len(frames))][None]
    apart = _squares(frames, centres)[:, 0]
    while len(centres) < count:
        total = float(apart.sum())
        chosen = int(random.choice(len(frames), p=apart / total) if total > 0 else random.integers(len(frames)))
        centres = np.concatenate([centres, frames[chosen][None]])
        apart = np.minimum(apart, _squares(frames, centres[-1:])[:, 0])
    for _ in range(rounds):
        nearest = units_of(frames, centres)
        moved = centres.copy()
        for unit in np.unique(nearest):
            moved[unit] = frames[nearest == unit].mean(axis=0)
        if np.allclose(moved, centres, atol=1e-5):
            break
        centres = moved
    return np.asarray(centres, np.float32)


def units_of(content: FloatArray, centres: FloatArray) -> Units:
    """Which centre ``[T]`` of ``[K, D]`` each frame ``[T, D]`` is nearest to."""
    return np.asarray(_squares(content, centres).argmin(axis=1), np.int64)


def run_lengths(units: Units) -> npt.NDArray[np.float32]:
    """How many frames ``[T]`` the run of equal units lasts in which each frame lies."""
    if not len(units):
        return np.zeros(0, np.float32)
    starts = np.flatnonzero(np.diff(units, prepend=units[0] - 1))
    lengths = np.diff(np.append(starts, len(units)))
    return np.repeat(lengths, lengths).astype(np.float32)


def save_centres(path: Path, centres: FloatArray) -> None:
    """Write them, whole or not at all."""
    out = io.BytesIO()
    np.savez(out, centres=centres)
    write_file(path, out.getvalue())


def load_centres(path: Path) -> FloatArray:
    """Read them. Raises InputError if they are missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return np.asarray(arrays["centres"], np.float32)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise InputError(f"{path} cannot be read", "make it with: discreet lab data") from error


def _squares(frames: FloatArray, centres: FloatArray) -> FloatArray:
    one, other = (frames**2).sum(axis=1), (centres**2).sum(axis=1)
    return np.asarray(np.maximum(one[:, None] + other[None] - 2.0 * frames @ centres.T, 0.0))
