"""A voice converted while somebody speaks: at one delay, switched without a click, and silent whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from timeline import FloatArray, log_error
from voice.base import Converter
from voice.live.cpu_load import LoadWatch
from voice.live.likeness_guard import OwnVoiceGuard
from voice.live.settings import FADE, WARM, LiveVoiceSettings
from voice.pseudo_voice import PseudoVoice


@dataclass(frozen=True, slots=True)
class Level:
    """One way to convert: its name, and what makes a converter for a voice and a rate."""

    name: str
    make: Callable[[PseudoVoice, int], Converter]


@dataclass(frozen=True, slots=True)
class VoiceStatus:
    """How it goes.

    Attributes:
        level: name of the way in use; "": silence.
        load: share of the time that converting takes.
        failed: names of ways that failed and are not used any more.
        steps: how often the quality stepped down.
        silenced: seconds that were left out, because they came too late or a way had failed.
    """

    level: str = ""
    load: float = 0.0
    failed: tuple[str, ...] = ()
    steps: int = 0
    silenced: float = 0.0


@dataclass(slots=True, eq=False)
class _Run:
    """A converter at work, at the delay that all share; ``age``: samples that it was given."""

    number: int
    converter: Converter
    waiting: FloatArray
    age: int = 0

    def __call__(self, block: FloatArray) -> FloatArray:
        made = np.asarray(self.converter(block), np.float32)
        if made.shape != block.shape or not np.isfinite(made).all():
            raise ValueError("a converter gave something else than sound")
        self.age += len(block)
        ready = np.concatenate([self.waiting, made])
        self.waiting = ready[len(block) :]
        return np.asarray(np.clip(ready[: len(block)], -1.0, 1.0), np.float32)


class LiveVoice:
    """Converts a stream. What it was given never comes out: each block begins as silence, and only what a converter
    made is put into it.

    Args:
        levels: the ways to convert, the best first. One that raises, gives no sound or lets the own voice through is
            not used again; after the last there is silence.
        voice: the voice to give.
        rate: samples per second.
        now: seconds of a clock that never goes back.
        settings: see :class:`LiveVoiceSettings`.
    """

    def __init__(
        self,
        levels: Sequence[Level],
        voice: PseudoVoice,
        rate: int,
        now: Callable[[], float],
        settings: LiveVoiceSettings | None = None,
    ) -> None:
        self._levels, self._voice, self._rate, self._now = tuple(levels), voice, rate, now
        self._settings = settings or LiveVoiceSettings()
        self._load, self._guard = LoadWatch(self._settings), OwnVoiceGuard(rate)
        self._fade = max(1, round(FADE * rate))
        self.status = VoiceStatus()
        self._delays: dict[int, int] = {}
        for number, level in enumerate(self._levels):
            try:
                self._delays[number] = level.make(voice, rate).delay
            except Exception as error:  # fail closed: a way that cannot be made is not there
                self._lose(number, error)
        self.delay = max(self._delays.values(), default=0)
        """Samples by which the output is late, whichever way is used."""
        self._run: _Run | None = None
        self._next: _Run | None = None
        self._last, self._was_silent = np.float32(0.0), False
        self._begin(0)

    def switch(self, voice: PseudoVoice) -> None:
        """Give another voice from now on, without a click."""
        self._voice = voice
        if self._run is not None:
            self._next = self._made(self._run.number)

    def __call__(self, block: FloatArray, late: float = 0.0) -> FloatArray:
        """Take float32 ``[n]``, give float32 ``[n]``, :attr:`delay` samples late.

        Args:
            block: what was said; anything that is not a number counts as silence.
            late: seconds by which it comes later than it should. Beyond ``most_late`` it is silenced, to catch up.
        """
        begun = self._now()
        sound = np.clip(np.nan_to_num(np.asarray(block, np.float32), posinf=0.0, neginf=0.0), -1.0, 1.0)
        out = self._silence(len(sound)) if late > self._settings.most_late else self._converted(sound)
        worked = self._now() - begun
        self._step(self._load(len(sound) / self._rate, worked, late))
        self.status = replace(self.status, level=self._name(), load=round(self._load.load, 3))
        return out

    def _converted(self, sound: FloatArray) -> FloatArray:
        run = self._run
        if run is None:
            return self._silence(len(sound))
        made = self._tried(run, sound)
        if made is None:
            self._run, self._next = self._next, None
            if self._run is None:
                self._begin(run.number + 1)
            return self._silence(len(sound))
        if self._next is not None:
            coming = self._tried(self._next, sound)
            if coming is None:
                self._next = None
            else:
                made = self._mixed(made, coming, self._next)
        if self._guard(sound, made):
            self._lose(run.number, ValueError("the own voice came out"))
            self._begin(run.number + 1)
            return self._silence(len(sound))
        return self._heard(made)

    def _tried(self, run: _Run, sound: FloatArray) -> FloatArray | None:
        try:
            return run(sound)
        except Exception as error:  # fail closed: silence, and another way
            self._lose(run.number, error)
            return None

    def _heard(self, made: FloatArray) -> FloatArray:
        out = np.zeros(len(made), np.float32)
        out += made
        if self._was_silent:
            size = min(self._fade, len(out))
            out[:size] *= np.linspace(0.0, 1.0, size + 1, dtype=np.float32)[1:]
        self._was_silent = False
        self._last = out[-1] if len(out) else self._last
        return out

    def _mixed(self, made: FloatArray, coming: FloatArray, other: _Run) -> FloatArray:
        """``made`` going over into what ``other`` made, once that is warm."""
        begin = other.age - len(made) - self.delay - round(WARM * self._rate)
        at = np.clip((begin + 1.0 + np.arange(len(made))) / (self._fade + 1.0), 0.0, 1.0)
        turn = (np.pi / 2 * at).astype(np.float32)
        if begin + len(made) >= self._fade:
            self._run, self._next = other, None
        return np.asarray(made * np.cos(turn) + coming * np.sin(turn), np.float32)

    def _silence(self, count: int) -> FloatArray:
        """Silence that begins where the sound was, so that it does not click."""
        self.status = replace(self.status, silenced=round(self.status.silenced + count / self._rate, 3))
        out = np.zeros(count, np.float32)
        size = min(self._fade, count)
        out[:size] += self._last * np.linspace(1.0, 0.0, size + 1, dtype=np.float32)[1:]
        self._last, self._was_silent = (out[-1] if count else self._last), True
        return out

    def _step(self, step: int) -> None:
        if step == 0 or self._run is None or self._next is not None:
            return
        here = self._run.number
        numbers = [n for n in self._delays if (n > here if step < 0 else n < here)]
        self._load.reset()
        if not numbers:
            return
        self._next = self._made(min(numbers) if step < 0 else max(numbers))
        if step < 0:
            self.status = replace(self.status, steps=self.status.steps + 1)

    def _begin(self, number: int) -> None:
        """Use the first way from ``number`` on that can be had, or none. Its first sound is silence: nothing clicks."""
        self._next, self._run = None, None
        while number < len(self._levels) and self._run is None:
            self._run = self._made(number) if number in self._delays else None
            number += 1
        self._load.reset()

    def _made(self, number: int) -> _Run | None:
        try:
            converter = self._levels[number].make(self._voice, self._rate)
        except Exception as error:  # fail closed
            self._lose(number, error)
            return None
        return _Run(number, converter, np.zeros(self.delay - self._delays[number], np.float32))

    def _lose(self, number: int, error: Exception) -> None:
        name = self._levels[number].name
        log_error("a way to convert voices failed", error)
        self._delays.pop(number, None)
        self.status = replace(self.status, failed=tuple(dict.fromkeys((*self.status.failed, name))))

    def _name(self) -> str:
        return "" if self._run is None else self._levels[self._run.number].name
