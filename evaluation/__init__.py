"""Measurements of quality and speed, and comparisons with other programs."""
