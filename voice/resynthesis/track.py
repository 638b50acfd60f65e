"""All resynthesised speech of a recording: made a minute at a time, and mixed into the sound as it streams by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from timeline import FloatArray, Progress, silent
from voice.resynthesis.speech import PhraseToSay, SpokenPhrase

MINUTE = 60.0
"""Seconds of a part. Phrases are far shorter, so whatever is heard in a part began in it or in the one before."""

Part = Mapping[str, SpokenPhrase | None]
"""The speech of a part, by :attr:`Saying.key`; None: there was nothing to say."""
Keep = Callable[[int, Callable[[Part], Part]], Part]
"""Returns a part by its number. The function takes the speech kept before and makes the rest."""


def _not_kept(number: int, make: Callable[[Part], Part]) -> Part:
    return make({})


class SpokenTrack:
    """The resynthesised speech of a recording.

    Args:
        sayings: all phrases, sorted by start.
        say: says one phrase.
        rate: samples per second.
        keep: stores the parts that were made before.
    """

    def __init__(
        self,
        sayings: Sequence[PhraseToSay],
        say: Callable[[PhraseToSay], SpokenPhrase | None],
        rate: int,
        keep: Keep = _not_kept,
    ) -> None:
        self._say, self._rate, self._keep = say, rate, keep
        self._parts: dict[int, list[PhraseToSay]] = {}
        for saying in sayings:
            self._parts.setdefault(int(saying.phrase.start // MINUTE), []).append(saying)
        self._open: dict[int, Part] = {}

    def prepare(self, progress: Progress = silent) -> None:
        """Make everything in advance, so that it is stored; useful if that takes long and something waits for it."""
        done, total = 0, max(1, sum(len(part) for part in self._parts.values()))
        for number, sayings in sorted(self._parts.items()):
            self._keep(number, partial(self._made, sayings, progress=progress, done=done, total=total))
            done += len(sayings)
            progress(done / total)

    def __call__(self, block: FloatArray, index: int) -> FloatArray:
        """Mix the speech into ``block`` ``[n]`` or ``[n, channels]``, whose first sample is number ``index``.

        Blocks must come in order.
        """
        first = int(index / self._rate // MINUTE) - 1
        last = int((index + len(block)) / self._rate // MINUTE)
        out = block
        for number in range(first, last + 1):
            for spoken in self._part(number).values():
                if spoken is None:
                    continue
                start = round(spoken.start * self._rate)
                low, high = max(start, index), min(start + len(spoken.samples), index + len(block))
                if low < high:
                    out = out.copy() if out is block else out
                    part = spoken.samples[low - start : high - start]
                    out[low - index : high - index] += part[:, None] if out.ndim == 2 else part
        self._open = {number: part for number, part in self._open.items() if number >= first}
        return out if out is block else np.clip(out, -1.0, 1.0)

    def _part(self, number: int) -> Part:
        if number not in self._parts:
            return {}
        if number not in self._open:
            self._open[number] = self._keep(number, partial(self._made, self._parts[number]))
        return self._open[number]

    def _made(
        self, sayings: Sequence[PhraseToSay], known: Part, progress: Progress = silent, done: int = 0, total: int = 1
    ) -> Part:
        out: dict[str, SpokenPhrase | None] = {}
        for number, saying in enumerate(sayings):
            key = saying.key
            while key in out:  # the very same phrase twice, as a recogniser that repeats itself gives it
                key += "+"
            if key in known:
                out[key] = known[key]
            else:
                spoken = self._say(saying)
                out[key] = None if spoken is None else rounded(spoken)
            progress(min(1.0, (done + number) / total))
        return out


def rounded(spoken: SpokenPhrase) -> SpokenPhrase:
    """The speech rounded to 16 bits, as it is stored: stored and newly made speech are equal."""
    steps = np.clip(np.rint(spoken.samples * 32767.0), -32767, 32767)
    return SpokenPhrase(spoken.start, np.asarray(steps / 32767.0, np.float32), spoken.followed)
