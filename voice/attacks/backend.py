"""Back ends: turn embeddings into scores, trained on speech converted in the same way as the speech under attack.

Converting a voice also spreads its embeddings. A back end learns which directions still separate speakers under many
keys, and gives the others less weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

Numbers = npt.NDArray[np.float64]
MOST_DIMENSIONS = 100
"""The subspace that LDA keeps has at most this many dimensions."""


class Backend(Protocol):
    """Scores utterances against enrolled speakers."""

    def scores(self, enrolled: FloatArray, count: int, trials: FloatArray) -> Numbers:
        """Scores ``[T, E]`` of ``trials`` ``[T, D]`` against ``enrolled`` ``[E, D]``, each the mean of ``count``
        utterances.
        """
        ...


class Cosine:
    """The cosine of unchanged vectors, for an attacker who trains nothing."""

    def scores(self, enrolled: FloatArray, count: int, trials: FloatArray) -> Numbers:
        """See :class:`Backend`."""
        return _unit(np.asarray(trials, np.float64)) @ _unit(np.asarray(enrolled, np.float64)).T


class Wccn:
    """Within-class covariance normalisation (Hatch et al., 2006), then the cosine.

    Args:
        vectors: ``[N, D]`` to train on.
        speakers: ``[N]``, who speaks; the same name under every key.

    Raises:
        ValueError: there are fewer than two speakers, or nobody has two utterances.
    """

    def __init__(self, vectors: FloatArray, speakers: Sequence[str]) -> None:
        self._mean, _, within = _scatter(np.asarray(vectors, np.float64), speakers)
        values, axes = np.linalg.eigh(within)
        self._whiten = axes / np.sqrt(np.maximum(values, 1e-12))

    def scores(self, enrolled: FloatArray, count: int, trials: FloatArray) -> Numbers:
        """See :class:`Backend`."""
        one, other = ((np.asarray(each, np.float64) - self._mean) @ self._whiten for each in (trials, enrolled))
        return _unit(one) @ _unit(other).T


class Plda:
    """Linear discriminant analysis, length normalisation, then the two-covariance model (Brummer, de Villiers, 2010).

    The score is the log likelihood ratio of "the same speaker" to "two speakers".

    Args:
        vectors: ``[N, D]`` to train on.
        speakers: ``[N]``, who speaks; the same name under every key.
        dimensions: how many LDA keeps at most.

    Raises:
        ValueError: there are fewer than two speakers, or nobody has two utterances.
    """

    def __init__(self, vectors: FloatArray, speakers: Sequence[str], dimensions: int = MOST_DIMENSIONS) -> None:
        from scipy.linalg import eigh

        values = np.asarray(vectors, np.float64)
        self._mean, between, within = _scatter(values, speakers)
        keep = min(dimensions, values.shape[1], len(set(speakers)) - 1)
        _, axes = eigh(between, within)
        self._axes = axes[:, ::-1][:, :keep]
        self._centre = np.zeros(keep)
        reduced = self._reduced(values)
        self._centre, self._between, self._within = _scatter(reduced, speakers)

    def _reduced(self, vectors: Numbers) -> Numbers:
        made = _unit((vectors - self._mean) @ self._axes) * np.sqrt(self._axes.shape[1])
        return np.asarray(made - self._centre)

    def scores(self, enrolled: FloatArray, count: int, trials: FloatArray) -> Numbers:
        """See :class:`Backend`."""
        known, heard = (self._reduced(np.asarray(each, np.float64)) for each in (enrolled, trials))
        return log_likelihood_ratio(self._between, self._within, known, count, heard)


def log_likelihood_ratio(between: Numbers, within: Numbers, known: Numbers, count: int, heard: Numbers) -> Numbers:
    """``log p(heard | known) - log p(heard)``, ``[T, E]``, for the model ``x = speaker + rest``.

    Args:
        between: covariance ``[D, D]`` between speakers.
        within: covariance ``[D, D]`` within a speaker.
        known: ``[E, D]``, each the mean of ``count`` utterances of a speaker.
        count: how many utterances each of ``known`` is the mean of.
        heard: ``[T, D]``.
    """
    gain = between @ np.linalg.inv(between + within / count)
    left = between - gain @ between + within
    expected = known @ gain.T
    return _log_density(heard[:, None] - expected[None], left) - _log_density(heard, between + within)[:, None]


def _log_density(difference: Numbers, covariance: Numbers) -> Numbers:
    """Log density, up to a constant, of a normal distribution around 0; vectors lie along the last axis."""
    _, size = np.linalg.slogdet(covariance)
    solved = difference @ np.linalg.inv(covariance)
    return np.asarray(-0.5 * ((solved * difference).sum(axis=-1) + size))


def _unit(vectors: Numbers) -> Numbers:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _scatter(vectors: Numbers, speakers: Sequence[str]) -> tuple[Numbers, Numbers, Numbers]:
    """The mean ``[D]``, and the covariances ``[D, D]`` between and within speakers, the latter shrunk."""
    names, index = np.unique(np.array(speakers), return_inverse=True)
    counts = np.bincount(index)
    if len(names) < 2 or counts.max(initial=0) < 2:
        raise ValueError("a back end needs two speakers or more, and two utterances of one")
    means = np.zeros((len(names), vectors.shape[1]))
    np.add.at(means, index, vectors)
    means /= counts[:, None]
    rest = vectors - means[index]
    mean = means.mean(axis=0)
    return mean, np.cov(means.T).reshape(len(mean), len(mean)), shrunk(rest, len(vectors) - len(names))


def shrunk(rest: Numbers, freedom: int) -> Numbers:
    """The covariance ``[D, D]`` of ``rest`` ``[N, D]`` around 0, shrunk towards a multiple of the identity.

    The amount of shrinkage is the best one for so few rows (Ledoit, Wolf: "A well-conditioned estimator for
    large-dimensional covariance matrices", 2004). ``freedom``: how many of the rows are independent.
    """
    size = rest.shape[1]
    covariance = rest.T @ rest / max(1, freedom)
    flat = float(np.trace(covariance)) / size
    apart = float(((covariance - flat * np.eye(size)) ** 2).sum())
    noise = float((((rest**2).sum(axis=1)) ** 2).mean() - (covariance**2).sum()) / max(1, freedom)
    share = float(np.clip(noise / max(apart, 1e-12), 0.0, 1.0))
    return np.asarray((1 - share) * covariance + (share * flat + 1e-9) * np.eye(size))
