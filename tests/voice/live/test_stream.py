"""The own voice never comes out; faults and overload bring silence or a cheaper way; voices change without a click."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice import WarpConverter, voice_for
from voice.live import Level, LiveVoice, LiveVoiceSettings
from voice.live.settings import FADE, WARM

RATE = 16000
ANN, BOB = voice_for(bytes(32), "ann"), voice_for(bytes(32), "bob")
SPEECH = np.random.default_rng(0).normal(0, 0.1, 3 * RATE).astype(np.float32)


class Clock:
    """Seconds that pass only when they are spent."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Tone:
    """A converter that gives a steady tone of its own for whatever comes in, and takes its time."""

    def __init__(self, hertz: float, clock: Clock, cost: float = 0.0, delay: int = 0, faults: int = 10**9) -> None:
        self.delay, self.latency = delay, delay / RATE
        self._hertz, self._clock, self._cost, self._left, self._at = hertz, clock, cost, faults, 0

    def __call__(self, block: np.ndarray) -> np.ndarray:
        self._clock.seconds += self._cost * len(block) / RATE
        self._left -= 1
        if self._left < 0:
            raise RuntimeError("broken")
        at = self._at + np.arange(len(block)) - self.delay
        self._at += len(block)
        return np.where(at >= 0, 0.1 * np.sin(2 * np.pi * self._hertz * at / RATE), 0.0).astype(np.float32)

    def flush(self) -> np.ndarray:
        return np.zeros(self.delay, np.float32)


def tone(name: str, hertz: float, clock: Clock, **more) -> Level:
    return Level(name, lambda voice, rate: Tone(hertz, clock, **more))


def warp() -> Level:
    return Level("warp", WarpConverter)


def streamed(live: LiveVoice, sound: np.ndarray, block: int = 160, late: float = 0.0) -> np.ndarray:
    return np.concatenate([live(sound[i : i + block], late) for i in range(0, len(sound), block)])


@settings(max_examples=10)
@given(st.integers(40, 5000))
def test_what_comes_out_is_what_the_converter_gives_however_it_is_cut(block: int) -> None:
    live = LiveVoice([warp()], ANN, RATE, Clock())
    assert np.allclose(streamed(live, SPEECH[:RATE], block), WarpConverter(ANN, RATE)(SPEECH[:RATE]), atol=1e-6)
    assert live.status.level == "warp"
    assert live.delay == WarpConverter(ANN, RATE).delay


def broken(how: str):
    def make(voice, rate):
        if how == "cannot be made":
            raise OSError("no such model")
        converter = Tone(440, Clock(), faults=30)
        if how == "raises":
            return converter
        answers = {
            "gives too little": lambda block: block[:-1] * 0,
            "gives no numbers": lambda block: block * np.nan,
            "gives the own voice": lambda block: block,
        }
        return type("Broken", (), {"delay": 0, "latency": 0.0, "__call__": lambda self, b: answers[how](b)})()

    return Level("broken", make)


FAULTS = ("cannot be made", "raises", "gives too little", "gives no numbers", "gives the own voice")


@pytest.mark.parametrize("how", FAULTS)
def test_whatever_goes_wrong_there_is_silence(how: str) -> None:
    live = LiveVoice([broken(how)], ANN, RATE, Clock())
    out = streamed(live, SPEECH)
    assert live.status.level == ""
    assert live.status.failed == ("broken",)
    assert not out[RATE:].any()
    # The guard needs a moment to see the own voice; every other fault is seen at once.
    heard = out[: RATE // 2] if how == "gives the own voice" else out
    alike = [
        abs(np.corrcoef(heard[i : i + 800], SPEECH[i : i + 800])[0, 1]) for i in range(1600, 6400, 800) if heard[i]
    ]
    assert max(alike, default=0.0) < 0.2


@pytest.mark.parametrize("how", FAULTS)
def test_another_way_takes_over_where_there_is_one(how: str) -> None:
    live = LiveVoice([broken(how), warp()], ANN, RATE, Clock())
    out = streamed(live, SPEECH)
    assert live.status.level == "warp"
    assert live.status.failed == ("broken",)
    assert out[2 * RATE :].std() > 0.01


def test_a_busy_machine_uses_the_cheaper_way_before_sound_is_left_out() -> None:
    clock = Clock()
    live = LiveVoice([tone("good", 440, clock, cost=0.95), tone("cheap", 880, clock, cost=0.1)], ANN, RATE, clock)
    streamed(live, SPEECH)
    assert live.status.level == "cheap"
    assert live.status.steps == 1
    assert live.status.silenced == 0.0


def test_the_better_way_comes_back_when_the_machine_is_calm() -> None:
    clock = Clock()
    usual = LiveVoiceSettings(calm=1.0)
    live = LiveVoice([tone("good", 440, clock, cost=0.3), tone("cheap", 880, clock)], ANN, RATE, clock, usual)
    streamed(live, SPEECH[:160], late=0.2)
    streamed(live, SPEECH[: RATE // 2])
    assert live.status.level == "cheap"
    streamed(live, SPEECH)
    assert live.status.level == "good"


def test_sound_that_comes_far_too_late_is_left_out() -> None:
    live = LiveVoice([warp()], ANN, RATE, Clock())
    streamed(live, SPEECH[:RATE])
    assert not live(SPEECH[:RATE], late=1.0)[RATE // 10 :].any()
    assert live.status.silenced == 1.0


@pytest.mark.parametrize("change", ["voice", "level", "fault"])
def test_nothing_clicks_when_something_changes(change: str) -> None:
    """A tone of 440 Hz at a level of .1 moves by .0173 a sample; two that cross fade by less than twice that."""
    clock = Clock()
    faults = 100 if change == "fault" else 10**9
    cost = 0.9 if change == "level" else 0.0
    levels = [tone("one", 440, clock, cost=cost, faults=faults), tone("two", 300, clock, delay=320)]
    live = LiveVoice(levels, ANN, RATE, clock)
    first = streamed(live, SPEECH[:RATE])
    live.switch(BOB)
    out = np.concatenate([first, streamed(live, SPEECH)])
    assert np.abs(np.diff(out)).max() < 0.035
    assert out[2 * RATE :].std() > 0.05


def test_another_voice_is_heard_a_moment_after_the_switch() -> None:
    live = LiveVoice([warp()], ANN, RATE, Clock())
    streamed(live, SPEECH[:RATE])
    live.switch(BOB)
    out = streamed(live, SPEECH)
    ready = live.delay + round((WARM + FADE) * RATE)
    fresh = WarpConverter(BOB, RATE)(SPEECH)
    assert np.allclose(out[ready:], fresh[ready:], atol=1e-6)


def test_no_numbers_and_no_ways_are_silence() -> None:
    assert not streamed(LiveVoice([], ANN, RATE, Clock()), SPEECH[:1600]).any()
    live = LiveVoice([warp()], ANN, RATE, Clock())
    assert np.isfinite(streamed(live, np.full(3200, np.nan, np.float32))).all()
