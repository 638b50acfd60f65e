"""Renders a whole meeting's sound, each speaker in the voice that the plan gives.

Output sample ``i`` is input sample ``i``: the renderer compensates for the converters' delay. A converter runs only
around the spans that need it, and starts early enough to be warm when it is first heard. All fades between the
original sound and a converted voice lie inside the kept span, so the original is exactly zero outside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from timeline import FloatArray
from voice.base import Converter
from voice.factory import make_converter
from voice.plan import OtherVoice, Piece, VoicePlan
from voice.settings import WARM_SECONDS, VoiceSettings

_FOREVER = 2**62

Factory = Callable[[OtherVoice, int], Converter]


@dataclass(frozen=True, slots=True)
class _Section:
    """From sample ``start`` to ``end`` the sound fades from one voice to another, or stays; None: the original."""

    start: int
    end: int
    before: OtherVoice | None
    after: OtherVoice | None


@dataclass(slots=True, eq=False)
class _Run:
    """One converter at work: fed from sample ``begin`` to ``stop``; ``ready`` holds its output from ``at`` on."""

    voice: OtherVoice
    begin: int
    stop: int
    converters: list[Converter] = field(default_factory=list)
    ready: FloatArray = field(default_factory=lambda: np.zeros((0, 1), np.float32))
    at: int = 0


def _sections(pieces: list[Piece], default: OtherVoice, fade: int) -> list[_Section]:
    """The plan without gaps, with its fades: inside the neighbouring kept piece if there is one, else in the later
    piece.
    """
    whole: list[Piece] = []
    at = 0
    for piece in pieces:
        if piece.start > at:
            whole.append(Piece(at, piece.start, default))
        whole.append(piece)
        at = piece.end
    whole.append(Piece(at, _FOREVER, default))
    out: list[_Section] = []
    for i, piece in enumerate(whole):
        start, end, own = piece.start, piece.end, piece.voice
        length = min(fade, (end - start) // 2)
        before = whole[i - 1].voice if i else own
        if before is not None and before != own:
            out.append(_Section(start, start + length, before, own))
            start += length
        after = whole[i + 1].voice if i + 1 < len(whole) else own
        leave = own is None and after is not None
        if leave:
            end -= length
        if start < end:
            out.append(_Section(start, end, own, own))
        if leave:
            out.append(_Section(end, end + length, None, after))
    return [section for section in out if section.start < section.end]


class Renderer:
    """Streams a meeting's sound through its plan.

    Args:
        plan: who is heard in which voice and when.
        rate: samples per second.
        settings: crossfade, margins and the name of the converter.
        factory: makes a converter for a voice and a rate; default: the one that the settings name.
    """

    def __init__(
        self, plan: VoicePlan, rate: int, settings: VoiceSettings | None = None, factory: Factory | None = None
    ) -> None:
        settings = settings or VoiceSettings()
        self._rate = rate
        self._factory: Factory = factory or (lambda voice, hz: make_converter(voice, hz, settings.converter))
        pieces = plan.pieces(rate, settings.guard, settings.handover)
        self._sections = _sections(pieces, plan.default, max(1, round(settings.crossfade * rate)))
        heard = dict.fromkeys(s for section in self._sections for s in (section.before, section.after) if s is not None)
        # Everything waits for the slowest converter.
        self.delay = max((self._factory(voice, rate).delay for voice in heard), default=0)
        self._runs = self._plan_runs(round(WARM_SECONDS * rate))
        self._active: list[_Run] = []
        self._input: FloatArray | None = None
        self._flat = True
        self._taken = self._given = 0
        self._section = 0

    def _plan_runs(self, warm: int) -> list[_Run]:
        last: dict[OtherVoice, _Run] = {}
        runs: list[_Run] = []
        for section in self._sections:
            for voice in {section.before, section.after} - {None}:
                assert voice is not None
                begin = max(0, section.start - warm)
                run = last.get(voice)
                if run is not None and begin <= run.stop:
                    run.stop = section.end + self.delay
                else:
                    last[voice] = run = _Run(voice, begin, section.end + self.delay)
                    runs.append(run)
        return sorted(runs, key=lambda run: run.begin, reverse=True)

    def __call__(self, block: FloatArray) -> FloatArray:
        """Take float32 ``[n]`` or ``[n, channels]``; return the next samples that are ready, in the same form, any
        length.
        """
        self._flat = block.ndim == 1
        sound = np.nan_to_num(np.asarray(block, np.float32).reshape(len(block), -1), posinf=1.0, neginf=-1.0)
        if self._input is None:
            self._input = np.zeros((0, sound.shape[1]), np.float32)
        self._input = np.concatenate([self._input, sound])
        self._feed(sound)
        return self._mix(self._taken - self.delay)

    def flush(self) -> FloatArray:
        """The rest of the sound: afterwards as many samples have come out as went in."""
        if self._input is None:
            return np.zeros(0, np.float32)
        total = self._taken
        self._feed(np.zeros((self.delay, self._input.shape[1]), np.float32))
        return self._mix(total)

    def _feed(self, sound: FloatArray) -> None:
        first, self._taken = self._taken, self._taken + len(sound)
        while self._runs and self._runs[-1].begin < self._taken:
            run = self._runs.pop()
            run.converters = [self._factory(run.voice, self._rate) for _ in range(sound.shape[1])]
            run.at = run.begin - run.converters[0].delay
            run.ready = np.zeros((0, sound.shape[1]), np.float32)
            self._active.append(run)
        for run in self._active:
            part = sound[max(0, run.begin - first) : max(0, run.stop - first)]
            if len(part):
                done = np.stack([c(part[:, i].copy()) for i, c in enumerate(run.converters)], axis=1)
                run.ready = np.concatenate([run.ready, done])

    def _mix(self, until: int) -> FloatArray:
        """Everything up to sample ``until`` that has not been returned yet."""
        assert self._input is not None
        out: list[FloatArray] = [np.zeros((0, self._input.shape[1]), np.float32)]
        start = self._given
        while self._given < until:
            section = self._sections[self._section]
            end = min(until, section.end)
            part = self._voice(section.before, self._given, end, start)
            if section.after != section.before:
                # Two different voices are not in phase, so their powers, not their amplitudes, must add up to one.
                at = (np.arange(self._given, end) + 1.0 - section.start) / (section.end - section.start + 1.0)
                turn = (np.pi / 2 * at[:, None]).astype(np.float32)
                part = part * np.cos(turn) + self._voice(section.after, self._given, end, start) * np.sin(turn)
            out.append(part)
            self._given = end
            if end == section.end:
                self._section += 1
        self._input = self._input[self._given - start :]
        for run in self._active:
            drop = max(0, self._given - run.at)
            run.ready, run.at = run.ready[drop:], run.at + min(drop, len(run.ready))
        self._active = [run for run in self._active if run.stop - self.delay > self._given]
        done = np.concatenate(out)
        return done[:, 0] if self._flat else done

    def _voice(self, voice: OtherVoice | None, start: int, end: int, base: int) -> FloatArray:
        if voice is None:
            assert self._input is not None
            return self._input[start - base : end - base]
        for run in self._active:
            if run.voice == voice and run.begin <= start and end <= run.stop - self.delay:
                return run.ready[start - run.at : end - run.at]
        raise AssertionError("no converter was running where one is needed")
