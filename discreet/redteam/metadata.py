"""Metadata: hidden parts of media files, and known words in any file, name and encoding."""

from __future__ import annotations

from collections.abc import Sequence

from discreet.redteam.attack import Attacked, counted, not_attacked
from discreet.redteam.known_people import Known
from discreet.redteam.target import Target
from sharing import Terms
from sharing.gate import MEDIA_SUFFIXES, check_media

LARGEST = 64 << 20
"""Bytes of a text file that are searched."""


def hidden_parts(targets: Sequence[Target]) -> Attacked:
    """What a media file holds beside pictures and sound."""
    places, tried = [], 0
    for target in targets:
        for name, path in target.files():
            if path.suffix in MEDIA_SUFFIXES:
                tried += 1
                places += [f"{name}, {one.place}" for one in check_media(path, name, credentials=target.export)]
    if not tried:
        return not_attacked("metadata", "there are no media files")
    return counted("metadata", places, tried, "hidden parts of media files")


def known_words(targets: Sequence[Target], known: Known) -> Attacked:
    """Names and words that the attacker looks for, in texts and file names."""
    terms = Terms(known.words)
    if not len(terms):
        return not_attacked("known words", "no words to look for were given (--word, or names in --known)")
    places, tried = [], 0
    for target in targets:
        for name, path in target.files():
            tried += 1
            text = b"" if path.suffix in MEDIA_SUFFIXES else path.read_bytes()[:LARGEST]
            if terms.in_text(name) or any(terms.in_bytes(line) is not None for line in text.split(b"\n")):
                places.append(name)
    return counted("known words", places, tried, "files with a word that was looked for")
