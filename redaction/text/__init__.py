"""Texts and what is private in them: utterances, entities, word spans, and lists of common words."""

from redaction.text.entity import Entity, EntityRecogniser, merge
from redaction.text.lexicon import bare_word, is_common, sound
from redaction.text.private_spans import PrivateSpan, RedactedWords, redact
from redaction.text.utterance import Token, Utterance

__all__ = [
    "Entity",
    "EntityRecogniser",
    "PrivateSpan",
    "RedactedWords",
    "Token",
    "Utterance",
    "bare_word",
    "is_common",
    "merge",
    "redact",
    "sound",
]
