"""Trained networks made small: fewer weights, fewer bits, a causal student, files that run without torch."""
