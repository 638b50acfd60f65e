"""Trained networks made small: fewer weights, fewer bits, a causal student, files that run without torch."""

from voice.neural.compress.export import Wish, export
from voice.neural.compress.prune import prune
from voice.neural.compress.shrink import Shrinking, parity, shrink

__all__ = ["Shrinking", "Wish", "export", "parity", "prune", "shrink"]
