"""How likely two pictures of faces are one person's: a calibrated log-likelihood ratio.

A cosine tells more the better both pictures are: between two sharp portraits .3 means two people, between two small or
turned faces it means little. So the ratio is a linear function of the cosine, the quality of both pictures, and their
product (a quality measure; Mandasari et al. 2013). The parameters are in ``likelihood.toml``;
``python -m evaluation.runs.face_likelihood`` fits them and shows on other people how well calibrated they are.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class FaceLikelihood:
    """The log-likelihood ratio of one recogniser: weights of the cosine, of both pictures' quality, their product, 1.

    The quality of two pictures is the geometric mean of the recogniser's (0..1).
    """

    cosine: float
    quality: float
    product: float
    offset: float

    def __call__(self, cosine: float, one: float, other: float) -> float:
        """Natural log of the likelihood ratio of this cosine, one person to two.

        Args:
            cosine: of the two embeddings.
            one, other: quality of each.
        """
        both = (max(one, 0.0) * max(other, 0.0)) ** 0.5
        return float(self.cosine * cosine + self.quality * both + self.product * cosine * both + self.offset)


@cache
def face_likelihoods() -> dict[str, FaceLikelihood]:
    """The likelihoods by recogniser, for those that were measured."""
    text = files(__package__).joinpath("likelihood.toml").read_text(encoding="utf-8")
    return {name: FaceLikelihood(**row) for name, row in tomllib.loads(text).get("model", {}).items()}
