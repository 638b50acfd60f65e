"""Identities: the space that voices of a corpus fill, and a keyed voice in it. No torch.

Three ways to a voice that is nobody's: a draw from a Gaussian mixture of the corpus' voices, the mean of several
speakers far from the own voice (Fang et al., 2019), or the own voice turned by a keyed rotation. Only the first hides
the speaker from somebody who has the key; it is the default.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from timeline import FloatArray, InputError, write_file
from voice.pseudo_voice import Draw

Way = Literal["draw", "far", "rotate"]
Numbers = npt.NDArray[np.float64]
_FLOOR = 1e-3
_NARROW = 0.7
"""Share of a component's deviation within which voices are drawn: what lies further out is rarely a good voice."""
_FAR, _MIXED = 0.5, 5
"""Share of the voices that count as far, and how many of them are averaged."""


@dataclass(frozen=True, slots=True, eq=False)
class IdentitySpace:
    """The voices of a corpus as a Gaussian mixture with diagonal covariances.

    Attributes:
        voices: ``[N, D]``, one for each speaker.
        weights: ``[K]``.
        means: ``[K, D]``.
        deviations: ``[K, D]``.
    """

    voices: FloatArray
    weights: FloatArray
    means: FloatArray
    deviations: FloatArray

    @property
    def size(self) -> int:
        """Numbers of a voice."""
        return int(self.voices.shape[1])

    def drawn(self, secret: bytes, person: str) -> FloatArray:
        """The voice ``[D]`` of ``person`` under the key ``secret``; of nobody's own voice does it hold anything.

        Raises:
            ValueError: the secret is shorter than 16 bytes.
        """
        draw = Draw(secret, f"lab voice\0{person}")
        edges = np.cumsum(self.weights / self.weights.sum())
        which = min(len(edges) - 1, int(np.searchsorted(edges, draw.between(0.0, 1.0))))
        return np.asarray(self.means[which] + _NARROW * self.deviations[which] * _normal(draw, self.size), np.float32)

    def far(self, own: FloatArray, secret: bytes, person: str) -> FloatArray:
        """The mean ``[D]`` of some voices far from ``own`` ``[D]``; which, the key says."""
        draw = Draw(secret, f"lab far\0{person}")
        order = np.argsort(-np.linalg.norm(self.voices - own, axis=1), kind="stable")
        pool = list(order[: max(1, round(_FAR * len(order)))])
        chosen = [pool.pop(min(len(pool) - 1, int(draw.between(0, len(pool))))) for _ in range(min(_MIXED, len(pool)))]
        return np.asarray(self.voices[chosen].mean(axis=0), np.float32)

    def rotated(self, own: FloatArray, secret: bytes) -> FloatArray:
        """``own`` ``[D]`` turned around the mean voice, for everybody alike. Whoever has the key can turn it back."""
        centre = self.voices.mean(axis=0)
        square = _normal(Draw(secret, "lab turn"), self.size**2).reshape(self.size, self.size)
        turn, signs = np.linalg.qr(square)
        return np.asarray(centre + (turn * np.sign(np.diag(signs))) @ (own - centre), np.float32)

    def identity(self, way: Way, own: FloatArray | None, secret: bytes, person: str) -> FloatArray:
        """By its way. Raises ValueError where the own voice is needed and not given."""
        if way == "draw":
            return self.drawn(secret, person)
        if own is None:
            raise ValueError(f"{way!r} needs the own voice")
        return self.far(own, secret, person) if way == "far" else self.rotated(own, secret)


def fit_space(voices: FloatArray, components: int = 4, seed: int = 0, rounds: int = 30) -> IdentitySpace:
    """Fit the mixture to ``voices`` ``[N, D]`` by expectation and maximisation (Dempster et al., 1977).

    Raises:
        InputError: there is no voice.
    """
    rows = np.asarray(voices, np.float64)
    if not len(rows):
        raise InputError("a space of voices needs a speaker", "use a larger corpus")
    count = max(1, min(components, len(rows) // 2))
    random = np.random.default_rng(seed)
    means = rows[np.sort(random.choice(len(rows), count, replace=False))]
    variances = np.tile(rows.var(axis=0) + _FLOOR**2, (count, 1))
    weights = np.full(count, 1.0 / count)
    for _ in range(rounds):
        share = _shares(rows, weights, means, variances)
        total = share.sum(axis=0) + 1e-9
        weights, means = total / total.sum(), share.T @ rows / total[:, None]
        spread = share.T @ rows**2 / total[:, None] - means**2
        # Few speakers: each component's variance is drawn to that of all.
        variances = 0.5 * np.maximum(spread, 0.0) + 0.5 * rows.var(axis=0) + _FLOOR**2
    found = (np.asarray(each, np.float32) for each in (rows, weights, means, np.sqrt(variances)))
    return IdentitySpace(*found)


def save_space(path: Path, space: IdentitySpace) -> None:
    """Write it, whole or not at all."""
    out = io.BytesIO()
    np.savez(out, voices=space.voices, weights=space.weights, means=space.means, deviations=space.deviations)
    write_file(path, out.getvalue())


def load_space(path: Path) -> IdentitySpace:
    """Read it. Raises InputError if it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return IdentitySpace(
                *(np.asarray(arrays[name], np.float32) for name in ("voices", "weights", "means", "deviations"))
            )
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise InputError(f"{path} cannot be read", "export the model again: discreet lab compress") from error


def _shares(rows: Numbers, weights: Numbers, means: Numbers, variances: Numbers) -> Numbers:
    """How likely each row ``[N, D]`` is each component's, ``[N, K]``."""
    apart = (rows[:, None] - means[None]) ** 2 / variances[None] + np.log(variances)[None]
    logs = np.log(weights + 1e-12)[None] - 0.5 * apart.sum(axis=2)
    logs -= logs.max(axis=1, keepdims=True)
    out = np.exp(logs)
    return np.asarray(out / out.sum(axis=1, keepdims=True))


def _normal(draw: Draw, count: int) -> Numbers:
    """Numbers ``[count]`` of a standard normal distribution (Box, Muller, 1958)."""
    out: list[float] = []
    while len(out) < count:
        radius = float(np.sqrt(-2.0 * np.log(max(draw.between(0.0, 1.0), 1e-12))))
        angle = draw.between(0.0, 2.0 * np.pi)
        out += [radius * float(np.cos(angle)), radius * float(np.sin(angle))]
    return np.array(out[:count])
