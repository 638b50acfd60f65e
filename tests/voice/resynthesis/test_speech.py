"""Phrases are said again: the right words at the right time, in a voice that owes nothing to the recording."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from timeline import Word
from voice.resynthesis import MixedVoice, Phrase, PhraseSynthesiser, PhraseToSay, SpokenPhrase, phrases_of
from voice.resynthesis.contour import PitchRange, pitch_of, pitch_range
from voice.resynthesis.kokoro import Kokoro
from voice.resynthesis.pronunciation import Pronunciation
from voice.resynthesis.survey import loudness
from voice.watermark import marked
from weights import Store

RATE = 16000
LOW = MixedVoice((("am_adam", 0.5), ("am_eric", 0.5)))
HIGH = MixedVoice((("af_bella", 0.4), ("bf_emma", 0.6)))
TEXT = "we met by the river"
STARTS = (2.0, 2.2, 2.5, 2.65, 2.75, 3.3)


def phrase(starts: tuple[float, ...] = STARTS, limit: float = float("inf")) -> Phrase:
    words = [Word(start=a, end=b, text=t) for a, b, t in zip(starts[:-1], starts[1:], TEXT.split(), strict=True)]
    return Phrase(None, tuple(words), limit)


SAYING = PhraseToSay(phrase(), LOW, 0.05)


@pytest.fixture(scope="module")
def kokoro(store: Store, needs) -> Kokoro:
    needs(store, "kokoro", "misaki-en", "g2p-en")
    return Kokoro.from_store(store)


@pytest.fixture(scope="module")
def pronunciation(store: Store) -> Pronunciation:
    return Pronunciation.from_store(store)


@pytest.fixture(scope="module")
def words(kokoro: Kokoro, pronunciation: Pronunciation) -> PhraseSynthesiser:
    return PhraseSynthesiser(kokoro, pronunciation, "words", RATE)


@pytest.fixture(scope="module")
def prosody(kokoro: Kokoro, pronunciation: Pronunciation) -> PhraseSynthesiser:
    return PhraseSynthesiser(kokoro, pronunciation, "prosody", RATE)


@pytest.fixture(scope="module")
def plain(words: PhraseSynthesiser) -> SpokenPhrase:
    spoken = words(SAYING)
    assert spoken is not None
    return spoken


def test_words_owe_nothing_to_the_melody_of_the_speaker(words: PhraseSynthesiser, plain: SpokenPhrase) -> None:
    melody = dataclasses.replace(SAYING, pitch=np.linspace(80, 250, 100), speaker=PitchRange(5.5, 0.5))
    spoken = words(melody)
    assert spoken is not None
    assert np.array_equal(spoken.samples, plain.samples)
    assert spoken.start == plain.start


def test_what_is_said_carries_the_mark_of_made_speech(words: PhraseSynthesiser, plain: SpokenPhrase) -> None:
    bare = words.unmarked(SAYING)
    assert bare is not None
    assert np.array_equal(plain.samples, marked(bare.samples, RATE, round(plain.start * RATE)))
    assert not np.array_equal(plain.samples, bare.samples)


def test_a_phrase_stands_at_its_time_and_has_its_level(plain: SpokenPhrase) -> None:
    loud = np.flatnonzero(np.abs(plain.samples) > 0.01 * np.abs(plain.samples).max()) / RATE + plain.start
    assert loud[0] == pytest.approx(2.0, abs=0.15)
    assert loud[-1] == pytest.approx(3.3, abs=0.2)
    assert loudness(plain.samples, RATE) == pytest.approx(0.05, rel=0.2)
    assert np.abs(plain.samples).max() <= 1.0


def test_another_voice_says_the_same_otherwise(words: PhraseSynthesiser, plain: SpokenPhrase) -> None:
    other = words(dataclasses.replace(SAYING, voice=HIGH))
    assert other is not None
    size = min(len(other.samples), len(plain.samples))
    assert np.abs(np.corrcoef(other.samples[:size], plain.samples[:size])[0, 1]) < 0.5
    assert np.nanmedian(pitch_of(other.samples, RATE)) > 1.2 * np.nanmedian(pitch_of(plain.samples, RATE))


def test_nobody_speaks_over_their_next_phrase(words: PhraseSynthesiser) -> None:
    spoken = words(dataclasses.replace(SAYING, phrase=phrase(limit=2.6)))
    assert spoken is not None
    assert spoken.end(RATE) <= 2.6 + 1 / RATE


def test_a_phrase_at_the_very_beginning_is_said(words: PhraseSynthesiser) -> None:
    spoken = words(dataclasses.replace(SAYING, phrase=phrase(tuple(s - 2.0 for s in STARTS))))
    assert spoken is not None
    assert spoken.start == 0.0


def test_there_is_nothing_to_say_of_signs(words: PhraseSynthesiser) -> None:
    (signs,) = phrases_of([Word(start=1.0, end=1.2, text="…"), Word(start=1.2, end=1.3, text="?")])
    assert words(dataclasses.replace(SAYING, phrase=signs)) is None


def test_the_melody_is_the_speakers_in_the_range_of_the_voice(prosody: PhraseSynthesiser) -> None:
    own = 200 * np.exp(0.25 * np.sin(np.linspace(0, 9, 104)))
    speaker = pitch_range(own)
    assert speaker is not None
    spoken = prosody(dataclasses.replace(SAYING, pitch=own, speaker=speaker))
    assert spoken is not None
    pitch = pitch_of(spoken.samples, RATE)
    at = (np.arange(len(pitch)) * 0.0125 + spoken.start - 2.0) / 1.3 * 104
    theirs = np.interp(at, np.arange(104), np.log(own), left=np.nan, right=np.nan)
    both = np.isfinite(pitch) & np.isfinite(theirs)
    assert both.sum() > 30
    assert np.corrcoef(np.log(pitch[both]), theirs[both])[0, 1] > 0.7
    assert np.nanmedian(pitch) < 150, "a low voice stays one, however high the speaker's is"


def test_the_words_have_the_times_at_which_they_were_said(prosody: PhraseSynthesiser) -> None:
    """Where the third word is drawn out, the rest is later by as much."""
    drawn = tuple(s + (0.35 if i > 2 else 0.0) for i, s in enumerate(STARTS))
    usual, slow = prosody(SAYING), prosody(dataclasses.replace(SAYING, phrase=phrase(drawn)))
    assert usual is not None
    assert slow is not None
    assert slow.end(RATE) - usual.end(RATE) == pytest.approx(0.35, abs=0.06)
    assert usual.followed > 0


def test_a_name_is_said_within_its_time(words: PhraseSynthesiser) -> None:
    for seconds in (0.5, 0.9):
        samples = words.in_place(["ɹˈɑbən"], LOW, seconds, 0.05)
        assert len(samples) <= round(seconds * 24000)
        assert loudness(samples, 24000) == pytest.approx(0.05, rel=0.2)
        loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())
        assert loud[-1] - loud[0] > 0.3 * 24000
    assert len(words.in_place([""], LOW, 0.5, 0.05)) == 0
