"""The off-line resynthesis as systems to attack: the words are recognised, and said again in a mix of voices.

Each take is treated as a whole recording: words, phrases, room and pitch range are found in it alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from evaluation.attacks.converter_systems import System
from evaluation.attacks.undo_conversion import undo_range
from redaction import RedactionSettings, Transcriber
from timeline import ArrayAudio, FloatArray, Word
from voice import VoiceSettings
from voice.resynthesis import (
    Mode,
    PhraseSynthesiser,
    PhraseToSay,
    RoomToneConverter,
    drawn_apart,
    is_reliable,
    names_for,
    phrases_of,
    survey,
)
from weights import Store

RATE = 16000
GAP = 1.2
"""Seconds of silence between takes that are recognised together."""
MODES: tuple[Mode, ...] = ("prosody", "words", "flat")
RESAID = (*MODES, *(f"{mode}-any" for mode in MODES))
"""Names of the systems that say again: with ``voice.sex`` ``same``, and with ``any``, the default."""


class Listener:
    """Recognises the words of each take once, and stores them in ``folder`` for all modes and keys."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder

    @cached_property
    def _transcriber(self) -> Transcriber:
        return Transcriber.from_store(self._store, RedactionSettings(language="en"))

    def hear(self, sounds: Sequence[FloatArray]) -> None:
        """Recognise all takes ``[n]`` at 16 kHz together, because the recogniser processes 30 s however short a take
        is.
        """
        new = [np.asarray(sound, np.float32) for sound in sounds if not self._place(sound).is_file()]
        if not new:
            return
        gap = np.zeros(round(GAP * RATE), np.float32)
        joined = np.concatenate([part for sound in new for part in (sound, gap)])
        words = self._transcriber.transcribe(ArrayAudio(joined)).words
        at = 0.0
        for sound in new:
            end = at + len(sound) / RATE
            mine = [word for word in words if at <= (word.start + word.end) / 2 < end + GAP / 2]
            self._keep(sound, [moved(word, at, end) for word in mine])
            at = end + GAP

    def __call__(self, sound: FloatArray) -> list[Word]:
        """The words of ``sound`` ``[n]`` at 16 kHz, with their times."""
        self.hear([sound])
        return [Word.model_validate(word) for word in json.loads(self._place(sound).read_text("utf-8"))]

    def _place(self, sound: FloatArray) -> Path:
        return self._folder / f"{hashlib.sha256(np.asarray(sound, np.float32).tobytes()).hexdigest()}.json"

    def _keep(self, sound: FloatArray, words: Sequence[Word]) -> None:
        path = self._place(sound)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([word.model_dump() for word in words]), "utf-8")


def moved(word: Word, start: float, end: float) -> Word:
    """``word`` of a long recording as a word of its part from ``start`` to ``end``, s."""
    first = round(min(max(word.start, start), end) - start, 3)
    return word.model_copy(update={"start": first, "end": round(max(first, min(word.end, end) - start), 3)})


class Resynthesised:
    """Turns ``(sound, key, speaker)`` into the same words in the voice that the key gives the speaker; see ``Convert``.

    ``same_sex``: a low voice gets a low voice; otherwise it may get any.
    """

    def __init__(self, store: Store, mode: Mode, listen: Listener, same_sex: bool = True) -> None:
        self._store, self._mode, self._listen, self._same_sex = store, mode, listen, same_sex

    @cached_property
    def _say(self) -> PhraseSynthesiser:
        return PhraseSynthesiser.from_store(self._store, self._mode, RATE)

    def __call__(self, sound: FloatArray, key: bytes, speaker: str) -> FloatArray:
        """Samples ``[n]`` at 16 kHz for ``sound`` ``[n]``."""
        least, length = VoiceSettings().least_confidence, len(sound) / RATE
        words = [word for word in self._listen(sound) if is_reliable(word, length, least)]
        phrases = phrases_of([word.model_copy(update={"person": speaker}) for word in words])
        found = survey(ArrayAudio(sound), phrases)
        styles = self._say.styles
        low = found.low(speaker) if self._same_sex else None
        voice = drawn_apart(key, speaker, names_for(low, styles), styles, [])
        out = RoomToneConverter(found.room, RATE)(sound).copy()
        for number, phrase in enumerate(phrases):
            saying = PhraseToSay(phrase, voice, found.levels[number], found.pitches[number], found.range(speaker))
            spoken = self._say(saying)
            if spoken is not None:
                at = round(spoken.start * RATE)
                size = max(0, min(len(out) - at, len(spoken.samples)))
                out[at : at + size] += spoken.samples[:size]
        return np.asarray(np.clip(out, -1.0, 1.0), np.float32)


def resynthesised_systems(store: Store, listen: Listener) -> dict[str, System]:
    """Each mode of the resynthesis by its name, also with voices of any sex; models are loaded on first use.

    Undoing moves the pitch to the original's: nothing else of the waveform is left.
    """
    systems: dict[str, Resynthesised] = {mode: Resynthesised(store, mode, listen) for mode in MODES}
    systems |= {f"{mode}-any": Resynthesised(store, mode, listen, same_sex=False) for mode in MODES}
    return {
        name: System(name, convert, lambda made, own, key, who: undo_range(made, own))
        for name, convert in systems.items()
    }
