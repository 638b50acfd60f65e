"""What finds private words in an utterance: presidio, and one module for each way people say them."""

from redaction.recognizers.presidio import PresidioFinder, spacy_pipeline

__all__ = ["PresidioFinder", "spacy_pipeline"]
