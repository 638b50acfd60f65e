"""Measurements, each a command: ``python -m evaluation.runs.NAME``."""
