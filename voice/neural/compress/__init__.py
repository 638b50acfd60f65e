"""Trained networks made small: fewer weights, fewer bits, a causal student, files that run without torch."""

from voice.neural.compress.export import ExportOptions, export
from voice.neural.compress.prune import prune
from voice.neural.compress.shrink import ShrinkPlan, parity, shrink

__all__ = ["ExportOptions", "ShrinkPlan", "export", "parity", "prune", "shrink"]
