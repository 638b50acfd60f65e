"""Texts and what is private in them: utterances, entities, spans of words, and the words that everybody knows."""

from redaction.text.entity import Entity, EntityRecogniser, merge
from redaction.text.spans import PrivateSpan, RedactedWords
from redaction.text.utterance import Token, Utterance

__all__ = ["Entity", "EntityRecogniser", "PrivateSpan", "RedactedWords", "Token", "Utterance", "merge"]
