"""Recognisers of private words: presidio, and one module for each way of saying them."""

from redaction.recognizers.presidio import PresidioFinder, spacy_pipeline

__all__ = ["PresidioFinder", "spacy_pipeline"]
