"""Resynthesises phrases: from words, their times, a voice, and in ``prosody`` the pitch movement, to sound."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from timeline import FloatArray, Word
from voice.resynthesis.contour import USUAL, Numbers, PitchRange, pitch_range, transposed
from voice.resynthesis.kokoro import Kokoro, Utterance, tokens_of
from voice.resynthesis.phrases import FRAME_SECONDS, Phrase, phrase_tokens, time_phrase
from voice.resynthesis.pronunciation import Pronunciation
from voice.resynthesis.settings import EDGE, EVENED, FLATTER, HEARD_LEAD, HEARD_TRAIL, LEAD, SAID_RATE, TRAIL, VOICED
from voice.resynthesis.styles import MixedVoice
from voice.resynthesis.survey import loudness
from voice.watermark import marked

if TYPE_CHECKING:
    from weights import Store

Mode = Literal["prosody", "words", "flat"]
FOLLOWED: Mapping[Mode, float] = {"prosody": 1.0, "words": 0.0, "flat": 1.0 - EVENED}
"""How closely each word keeps its original time, 0..1."""
_SILENT = LEAD - HEARD_LEAD
"""Frames of silence before a phrase that are not synthesised."""
_OVER = 2 * TRAIL - HEARD_TRAIL
"""Frames of silence after it that are not."""
_SAMPLE = "ðə bˈɔɪ ænd hɪz mˈʌðəɹ wɛɹ ɡˈOɪŋ hˈOm, bˈʌt ðA dˈɪdᵊnt nˈO ðə wˈA."
"""What each voice says once to measure its range."""
_SHORT = "ðə bˈɔɪ ænd hɪz mˈʌðəɹ wɛɹ ɡˈOɪŋ hˈOm."
"""A shorter sentence, for measuring a voice's sound: making sound takes longest."""


@dataclass(frozen=True, slots=True, eq=False)
class PhraseToSay:
    """A phrase, and how it is to be said.

    Attributes:
        phrase: the words and their times.
        voice: the target voice.
        level: RMS of its louder half.
        pitch: the speaker's pitch during the phrase, Hz; not used in ``words``.
        speaker: the speaker's pitch range.
    """

    phrase: Phrase
    voice: MixedVoice
    level: float
    pitch: Numbers = field(default_factory=lambda: np.zeros(0))
    speaker: PitchRange = USUAL

    @property
    def key(self) -> str:
        """A hash of everything in it: requests with equal keys give equal sound."""
        phrase, voice = self.phrase, self.voice
        words = [(word.start, word.end, word.text) for word in phrase.words]
        facts = (phrase.person, phrase.limit, words, voice.parts, voice.shift, self.level)
        speaker = (self.speaker.median, self.speaker.deviation)
        return hashlib.sha256(repr((facts, speaker)).encode() + self.pitch.tobytes()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class SpokenPhrase:
    """Synthesised speech: its start (s), and its samples ``[n]``. ``followed``: see :class:`Timing`."""

    start: float
    samples: FloatArray = field(repr=False)
    followed: float = 0.0

    def end(self, rate: int) -> float:
        """When it ends, s, at ``rate`` samples per second."""
        return self.start + len(self.samples) / rate


class PhraseSynthesiser:
    """Says phrases.

    Args:
        kokoro: the synthesiser.
        pronunciation: turns words into phonemes.
        mode: ``words``: only the words and the time of each phrase are the speaker's; ``prosody``: also the times of
            the words and the pitch movement; ``flat``: both, but evened out.
        rate: samples per second of the output.
    """

    def __init__(self, kokoro: Kokoro, pronunciation: Pronunciation, mode: Mode, rate: int) -> None:
        self._kokoro, self._pronounce, self._mode, self._rate = kokoro, pronunciation, mode, rate
        self._ranges: dict[MixedVoice, PitchRange] = {}

    @classmethod
    def from_store(cls, store: Store, mode: Mode, rate: int, threads: int = 1) -> PhraseSynthesiser:
        """Load the models from the store. Raises ModelError if they are missing or damaged."""
        return cls(Kokoro.from_store(store, threads), Pronunciation.from_store(store), mode, rate)

    @property
    def styles(self) -> Mapping[str, FloatArray]:
        """The synthesiser's styles, by name."""
        return self._kokoro.styles

    def __call__(self, saying: PhraseToSay) -> SpokenPhrase | None:
        """The phrase, watermarked as synthetic (``voice.watermark``); None if there is nothing to say."""
        made = self.unmarked(saying)
        if made is None:
            return None
        return replace(made, samples=marked(made.samples, self._rate, round(made.start * self._rate)))

    def unmarked(self, saying: PhraseToSay) -> SpokenPhrase | None:
        """The phrase without the watermark, for measuring the cost of it."""
        phrase = saying.phrase
        score = phrase_tokens(self._pronounce([word.text for word in phrase.words]))
        if score is None:
            return None
        style = saying.voice.style(self.styles, len(score.tokens) - 2)
        timing = time_phrase(score, self._kokoro.durations(score.tokens, style), phrase, FOLLOWED[self._mode])
        made = self._kokoro.utterance(score.tokens, style, timing.frames)
        sound = self._kokoro.sound(self._sung(made, saying, timing.start - phrase.start).without(_SILENT, _OVER))
        begin = timing.start + _SILENT * FRAME_SECONDS
        early = max(0, round(-begin * SAID_RATE))
        most = max(early, round(min(phrase.limit - begin, len(sound) / SAID_RATE) * SAID_RATE))
        samples = _at_level(sound[early:most], saying.level)
        start = max(0.0, begin)
        return SpokenPhrase(start, _resampled(_faded(samples), self._rate), timing.followed)

    def in_place(self, phonemes: Sequence[str], voice: MixedVoice, seconds: float, level: float) -> FloatArray:
        """Words, given as phonemes, said within ``seconds``: float32 ``[n]`` at 24 kHz, at most that long."""
        word = Word(start=0.0, end=seconds, text="")
        score = phrase_tokens(phonemes)
        if score is None:
            return np.zeros(0, np.float32)
        style = voice.style(self.styles, len(score.tokens) - 2)
        phrase = Phrase(None, (word,) * len(phonemes))
        timing = time_phrase(score, self._kokoro.durations(score.tokens, style), phrase, 0.0)
        sound = self._kokoro.sound(self._kokoro.utterance(score.tokens, style, timing.frames).without(_SILENT, _OVER))
        first = round(-(timing.start + _SILENT * FRAME_SECONDS) * SAID_RATE)
        return _faded(_at_level(sound[first : first + round(seconds * SAID_RATE)], level))

    def _sung(self, made: Utterance, saying: PhraseToSay, start: float) -> Utterance:
        """The utterance with its target pitch; it begins ``start`` s after the phrase."""
        if self._mode == "words":
            curve = np.where(made.pitch > VOICED, made.pitch * _ratio(saying.voice), made.pitch)
        else:
            share = FLATTER if self._mode == "flat" else 1.0
            voice = self._range(saying.voice)
            curve = transposed(saying.pitch, saying.speaker, made.pitch[0], voice, share, start)[None]
        return Utterance(made.style, np.asarray(curve, np.float32), made.energy, made.content)

    def sample(self, voice: MixedVoice) -> FloatArray:
        """One sentence of about 2 s in a voice, with its styles' own pitch movement: ``[n]`` at 24 kHz."""
        made = self._usual(voice, _SHORT)
        pitch = np.asarray(np.where(made.pitch > VOICED, made.pitch * _ratio(voice), made.pitch), np.float32)
        return self._kokoro.sound(replace(made, pitch=pitch))

    def _usual(self, voice: MixedVoice, phonemes: str) -> Utterance:
        tokens = [0, *tokens_of(phonemes), 0]
        style = voice.style(self.styles, len(tokens) - 2)
        frames = np.maximum(1, np.rint(self._kokoro.durations(tokens, style))).astype(np.int64)
        return self._kokoro.utterance(tokens, style, frames)

    def _range(self, voice: MixedVoice) -> PitchRange:
        if voice not in self._ranges:
            pitch = np.asarray(self._usual(voice, _SAMPLE).pitch[0], np.float64)
            found = pitch_range(np.where(pitch > VOICED, pitch * _ratio(voice), np.nan))
            self._ranges[voice] = found or PitchRange(float(np.log(150.0)), 0.15)
        return self._ranges[voice]


def _ratio(voice: MixedVoice) -> float:
    return float(2.0 ** (voice.shift / 12))


def _at_level(samples: FloatArray, level: float) -> FloatArray:
    own, peak = loudness(samples, SAID_RATE), float(np.abs(samples).max(initial=0.0))
    return np.asarray(samples * min(level / max(own, 1e-6), 0.95 / max(peak, 1e-6)), np.float32)


def _faded(samples: FloatArray) -> FloatArray:
    width = min(round(EDGE * SAID_RATE), len(samples) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(width) + 1) / (width + 1))).astype(np.float32)
    out = samples.copy()
    out[:width] *= ramp
    out[len(out) - width :] *= ramp[::-1]
    return out


def _resampled(samples: FloatArray, rate: int) -> FloatArray:
    from math import gcd

    from scipy.signal import resample_poly

    if rate == SAID_RATE or not len(samples):
        return samples
    shared = gcd(rate, SAID_RATE)
    return np.asarray(resample_poly(samples, rate // shared, SAID_RATE // shared), np.float32)
