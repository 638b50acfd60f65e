"""How similar the channels of a recording are: cross-spectra of ten seconds at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capture.reading.settings import FRAME, SURVEY_SECONDS
from timeline import FloatArray

Complex = npt.NDArray[np.complex128]
Real = npt.NDArray[np.float64]

_HOP = FRAME // 2
_WINDOW = np.hanning(FRAME + 1)[:-1]
_SCALE = 2.0 / (FRAME * float(np.sum(_WINDOW**2)))
_TINY = 1e-20


@dataclass(frozen=True, slots=True, eq=False)
class Spectra:
    """Spectra of one stretch.

    Attributes:
        start, end: seconds from the recording's start.
        cross: mean cross-spectra ``[F, C, C]``; the diagonal summed over ``F`` is each channel's mean power.
        frames: the spectra of the frames ``[F, T, C]``, one every 32 ms, on the same scale.
    """

    start: float
    end: float
    cross: Complex
    frames: Complex

    @property
    def powers(self) -> Real:
        """Power of each frame ``[T, C]``."""
        return np.asarray(power(self.frames).sum(axis=0), np.float64)


def power(spectrum: Complex) -> Real:
    """Squared magnitudes."""
    return np.asarray(spectrum.real**2 + spectrum.imag**2)


def frequencies(rate: int) -> Real:
    """The frequencies ``[F]`` of the spectra, Hz."""
    return np.asarray(np.fft.rfftfreq(FRAME, 1.0 / rate), np.float64)


def spectra(blocks: Iterable[FloatArray], rate: int, band: Real) -> Iterator[Spectra]:
    """Yield the spectra of consecutive stretches of sound; the last stretch is shorter.

    Args:
        blocks: consecutive ``[n, C]``.
        rate: Hz.
        band: weights ``[F]`` of the frequencies that are compared.
    """
    size = round(SURVEY_SECONDS * rate / _HOP) * _HOP
    held: FloatArray | None = None
    at = 0
    for block in blocks:
        held = block if held is None else np.concatenate([held, block])
        while len(held) >= size + _HOP:
            yield _of(held[: size + _HOP], at, rate, band)
            held, at = held[size:], at + size
    if held is not None and len(held):
        # A frame padded with silence would contain a step; less than 32 ms at the end holds no word.
        yield _of(held if len(held) >= FRAME else np.pad(held, ((0, FRAME - len(held)), (0, 0))), at, rate, band)


def _of(samples: FloatArray, at: int, rate: int, band: Real) -> Spectra:
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME, axis=0)[::_HOP]  # [T, C, FRAME]
    spectrum = np.fft.rfft(frames * _WINDOW, axis=2).transpose(2, 0, 1) * (band * np.sqrt(_SCALE))[:, None, None]
    cross = spectrum.transpose(0, 2, 1) @ spectrum.conj() / len(frames)
    return Spectra(at / rate, (at + len(samples)) / rate, cross, spectrum)


def unexplained_by_channel(cross: Complex, one: int, other: int) -> tuple[float, float]:
    """``(power of channel one, the part of it that no multiple of channel other explains)``."""
    own, its = float(cross[:, one, one].real.sum()), float(cross[:, other, other].real.sum())
    both = float(cross[:, one, other].real.sum())
    return own, max(0.0, own - both * both / max(its, _TINY))


def unexplained_by_others(cross: Complex, one: int) -> tuple[float, float]:
    """``(power of channel one, the part that no filtering of the other channels explains)``: multiple coherence."""
    own = cross[:, one, one].real
    rest = [c for c in range(cross.shape[1]) if c != one]
    if not rest:
        return float(own.sum()), float(own.sum())
    others = cross[:, rest][:, :, rest]
    scale = np.maximum(np.trace(others, axis1=1, axis2=2).real, _TINY)
    others = others + (1e-6 * scale)[:, None, None] * np.eye(len(rest))
    to = cross[:, rest, one]  # [F, R]
    explained = np.einsum("fr,fr->f", to.conj(), np.linalg.solve(others, to[..., None])[..., 0]).real
    return float(own.sum()), float(np.maximum(own - explained, 0.0).sum())
