"""Discreet: an audio-visual meeting recorder that harms nobody."""

__version__ = "0.1.0"
