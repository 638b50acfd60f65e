"""Speech of as many speakers as one wants: sentences said by Kokoro in mixes of its styles.

Everything the lab needs to run without any recording of a person. Half of the sentences are said by everybody, so that
a network can see which of what it hears is the voice.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timeline import FloatArray
from voice.neural.corpus.manifest import SYNTHETIC, Utterance
from voice.resynthesis import RATE, SAID_RATE, Kokoro, Pronunciation, mixed_voice, names_for, tokens_of

if TYPE_CHECKING:
    from weights import Store

_VOICED = 60.0
_KEY = b"discreet voice lab: synthetic ones"
_PACES = 0.85, 1.2
_PEAK = 0.7
_WHO = (
    "the teacher", "my neighbour", "a young doctor", "the old fisherman", "our guide", "the judge", "her brother",
    "each visitor", "this engineer", "the baker's wife", "a quiet child", "those musicians", "the thirsty horse",
)  # fmt: skip
_DOES = (
    "carries", "measures", "wants to change", "should watch", "forgot", "usually enjoys", "found", "chooses", "paints",
    "rarely throws away", "described", "cannot reach", "is looking for", "would rather fix", "thought about",
)  # fmt: skip
_WHAT = (
    "the yellow umbrella", "a box of fresh peaches", "seven broken chairs", "the voyage to the island", "his pale coat",
    "an unusual question", "the schedule for Thursday", "both of the measures", "a warm jacket", "the birthday cake",
    "every page of the letter", "this noisy machine", "the path through the wood", "her father's watch",
    "eight hundred pictures", "a cup of ginger tea", "the church on the hill", "some huge blue vases",
)  # fmt: skip
_WHEN = (
    "before the rain begins", "in the garden", "because nobody asked", "at half past four", "without any pleasure",
    "when the choir sings", "near the edge of the town", "and then goes home", "for the first time this year",
    "while the others sleep", "with great joy", "under the big oak tree", "if the weather is good enough",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CorpusPlan:
    """What is made: ``sentences`` of each of ``speakers``, from the seed ``seed``."""

    speakers: int
    sentences: int
    seed: int = 0


def sentence(number: int) -> str:
    """Sentence ``number`` of the generator; the same for the same number."""
    draw = random.Random(number)
    return " ".join(draw.choice(part) for part in (_WHO, _DOES, _WHAT, _WHEN)) + "."


def planned_utterances(plan: CorpusPlan) -> Iterator[Utterance]:
    """The utterances, without their sound."""
    for speaker in range(plan.speakers):
        sex = "fm"[speaker % 2]
        for number in range(plan.sentences):
            shared = number < plan.sentences // 2
            which = plan.seed * 100_003 + (number if shared else 1000 + speaker * plan.sentences + number)
            name = f"said-{plan.seed}-{speaker:04d}"
            yield Utterance(
                f"{name}-{number:03d}", name, f"sound/{name}-{number:03d}.wav",
                text=sentence(which), sex=sex, language="en", source=SYNTHETIC,
            )  # fmt: skip


class SyntheticReader:
    """Says what was planned.

    Args:
        kokoro: the synthesiser.
        pronunciation: words to phonemes.
    """

    def __init__(self, kokoro: Kokoro, pronunciation: Pronunciation) -> None:
        self._kokoro, self._pronounce = kokoro, pronunciation

    @classmethod
    def from_store(cls, store: Store, threads: int = 1) -> SyntheticReader:
        """With the models of the store. Raises ModelError if they are missing or damaged."""
        return cls(Kokoro.from_store(store, threads), Pronunciation.from_store(store))

    def __call__(self, utterance: Utterance) -> FloatArray:
        """Its sound ``[n]`` at 16 kHz."""
        from scipy.signal import resample_poly

        phonemes = " ".join(self._pronounce(utterance.text.rstrip(".").split())) + "."
        tokens = [0, *tokens_of(phonemes), 0]
        voice = mixed_voice(_KEY, utterance.speaker, names_for(utterance.sex == "m", self._kokoro.styles))
        style = voice.style(self._kokoro.styles, len(tokens) - 2)
        pace = _between(utterance.id, *_PACES)
        frames = np.maximum(1, np.rint(self._kokoro.durations(tokens, style) / pace)).astype(np.int64)
        made = self._kokoro.utterance(tokens, style, frames)
        shifted = np.where(made.pitch > _VOICED, made.pitch * 2.0 ** (voice.shift / 12), made.pitch)
        sound = self._kokoro.sound(type(made)(style, shifted.astype(np.float32), made.energy, made.content))
        out = resample_poly(sound, RATE, SAID_RATE, axis=0) if RATE != SAID_RATE else sound
        return np.asarray(_PEAK * out / max(float(np.abs(out).max(initial=0.0)), 1e-6), np.float32)


def _between(name: str, low: float, high: float) -> float:
    share = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") / 2**32
    return low + (high - low) * share
