"""Labelled and synthetic media for the measurements."""
