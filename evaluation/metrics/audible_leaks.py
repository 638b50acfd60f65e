"""The audible leak rate: private words that a recogniser still hears after redaction.

:mod:`evaluation.runs.redaction_collateral` treats random words of read speech as private, which measures only word
times, padding and operators. :func:`spoken` lets espeak-ng say sentences with private details and runs the whole room.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

import numpy as np

from evaluation.data.espeak import VOICES, say
from redaction import PiiFinder, RedactionSettings, Redactor, Transcriber
from redaction.text import bare_word, sound
from timeline import ArrayAudio, Audio, FloatArray, Redaction, Word

SENTENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Hello, my name is Thomas Meier and I am here because I cannot sleep.", ("thomas", "meier")),
    ("My daughter Priya told me that she moved to Springfield last month.", ("priya", "springfield")),
    ("You can reach me at four one five, five five five, oh one three two, any time.", ("415", "555", "132")),
    ("I live at forty two Maple Street, the house with the green door.", ("maple",)),
    ("Doctor Okonkwo said that I should take it twice a day.", ("okonkwo",)),
    ("Please send the letter to lee at example dot com before Friday.", ("lee", "example")),
    ("We talked about Margaret all evening, and about nothing else.", ("margaret",)),
    (
        "My card number is four five three nine, eight nine oh four, seven eight eight eight, five one three six.",
        ("4539",),
    ),
    ("I grew up in Norway, and then my parents went to Chicago.", ("norway", "chicago")),
    ("I was born on the third of March, nineteen eighty four, in winter.", ("march",)),
)
_NEAR = 1.0


def heard_again(secret: str, start: float, end: float, words: Sequence[Word]) -> bool:
    """Whether ``secret``, or a word that sounds like it, is heard within a second of its place; "10" is "ten"."""
    plain = _number(bare_word(secret).lower())
    for word in words:
        if word.end > start - _NEAR and word.start < end + _NEAR:
            other = _number(bare_word(word.text).lower())
            if other == plain or (len(plain) > 3 and len(sound(plain)) > 2 and sound(other) == sound(plain)):
                return True
    return False


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_NUMBERS = {word: str(i) for i, word in enumerate(_SMALL.split())}


def _number(word: str) -> str:
    """A small number as digits, whichever way the recogniser wrote it."""
    return _NUMBERS.get(word, word)


def redacted(audio: Audio, redactions: Sequence[Redaction], settings: RedactionSettings) -> ArrayAudio:
    """The sound after redaction, as it would be written."""
    redactor = Redactor(redactions, settings)
    blocks: list[FloatArray] = []
    at = 0
    for block in audio.blocks(1.0):
        blocks.append(redactor(block, at / audio.sample_rate, audio.sample_rate))
        at += len(block)
    return ArrayAudio(np.concatenate(blocks), audio.sample_rate)


def spoken(transcriber: Transcriber, finder: PiiFinder, settings: RedactionSettings) -> None:
    """Redact spoken sentences with the whole room and print how many private details are still heard."""
    if shutil.which("espeak-ng") is None:
        print("leaks, spoken sentences: skipped, espeak-ng is not installed")
        return
    details = leaks = intext = 0
    for voice in VOICES:
        for sentence, secrets in SENTENCES:
            audio = say(sentence, voice)
            words = transcriber(audio)
            safe, redactions = finder(words)
            again = transcriber(redacted(audio, redactions, settings))
            for secret in secrets:
                details += 1
                intext += _digits_or_word(secret, safe)
                leaks += _digits_or_word(secret, again)
    print(
        f"leaks, {details} private details in {len(VOICES) * len(SENTENCES)} synthetic sentences: "
        f"{leaks / details:.3f} heard again, {intext / details:.3f} left in the text"
    )


def _digits_or_word(secret: str, words: Sequence[Word]) -> bool:
    text = " ".join(w.text for w in words)
    if secret.isdigit():
        return secret in re.sub(r"\D", "", text)
    return heard_again(secret, 0.0, 1e9, words)
