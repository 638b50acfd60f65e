"""How likely two stretches of speech are one person's: a calibrated log-likelihood ratio.

A cosine means more the more speech is behind it, and less if everybody sounds similar over a narrow channel. So the
ratio is a linear function of the cosine, a measure of both lengths, and their product (a quality measure; Mandasari et
al. 2013), after the cosine is normalised by that of other people in the same recording.
The takes that were fitted are of the development meetings; the parameters, and from what, are in ``likelihood.toml``,
and ``python -m evaluation.runs.voice_likelihood`` shows on other voices and channels how well calibrated they are.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

USUAL = 0.05
"""Cosine of two people recorded separately through ordinary channels, for which the parameters were fitted."""


@dataclass(frozen=True, slots=True)
class VoiceLikelihood:
    """The log-likelihood ratio of one voiceprint model.

    Attributes:
        cosine, length, product, offset: weights of the cosine, of :meth:`reliability`, of their product, and of 1.
        noise: seconds of speech at which half of the embedding is specific to the take.
    """

    cosine: float
    length: float
    product: float
    offset: float
    noise: float

    def reliability(self, one: float, other: float) -> float:
        """Share 0..1 of the speaker in the embeddings of ``one`` and ``other`` seconds of speech."""
        return float(np.sqrt(one / (one + self.noise) * other / (other + self.noise)))

    def __call__(self, cosine: float, one: float, other: float, apart: float = USUAL) -> float:
        """Natural log of the likelihood ratio of this cosine: one person versus two.

        Args:
            cosine: of the two embeddings.
            one, other: seconds of speech in each.
            apart: cosine of two people in this recording.
        """
        level = max(apart, USUAL)
        moved = USUAL + (cosine - level) * (1 - USUAL) / max(1 - level, 1e-6)
        sure = self.reliability(one, other)
        return self.cosine * moved + self.length * sure + self.product * moved * sure + self.offset


@cache
def likelihoods() -> dict[str, VoiceLikelihood]:
    """The likelihoods by voiceprint model, for models that were measured."""
    text = files(__package__).joinpath("likelihood.toml").read_text(encoding="utf-8")
    return {name: VoiceLikelihood(**row) for name, row in tomllib.loads(text)["model"].items()}
