"""From microphone to call: only what was made is ever given to the device."""

from __future__ import annotations

import numpy as np
import pytest

from capture import SoundSink, SoundSource, VirtualClock
from capture.sources import SoundFormat
from discreet.live.voice_changer import Speaking, SpeakingStatus
from timeline import DeviceError
from voice import WarpConverter, voice_for
from voice.live import Level, LiveVoice

RATE = 16000
VOICE = voice_for(bytes(32), "ann")
SPEECH = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)


class Mic:
    """A microphone that gives blocks, each ``late`` s after it was taken."""

    def __init__(self, clock: VirtualClock, blocks: list[np.ndarray], late: float = 0.0, fault: bool = False) -> None:
        self.name, self.closed = "fake", False
        self._clock, self._blocks, self._late, self._fault = clock, blocks, late, fault

    def open(self) -> SoundFormat:
        return SoundFormat(RATE, "a note")

    def read(self):
        if self.closed or not self._blocks:
            if self._fault:
                raise DeviceError("the microphone was lost")
            return None
        block = self._blocks.pop(0)
        return self._clock.now() - len(block) / RATE - self._late, block

    def close(self) -> None:
        self.closed = True


class Call:
    """What hears it."""

    def __init__(self, fault: bool = False) -> None:
        self.name, self.heard, self.closed, self._fault = "fake", [], False, fault

    def open(self, rate: int) -> None:
        if self._fault:
            raise DeviceError("no such device")
        assert rate == RATE

    def write(self, block: np.ndarray) -> None:
        self.heard.append(block)

    def close(self) -> None:
        self.closed = True

    @property
    def sound(self) -> np.ndarray:
        return np.concatenate([np.zeros(0, np.float32), *self.heard])


def blocks(size: int = 480) -> list[np.ndarray]:
    return [SPEECH[i : i + size] for i in range(0, len(SPEECH), size)]


def spoken(mic: Mic, call: Call, clock: VirtualClock, *levels: Level) -> SpeakingStatus:
    ways = levels or (Level("warp", WarpConverter),)
    return Speaking(mic, call, lambda rate: LiveVoice(ways, VOICE, rate, clock.now), clock)()


def test_the_call_hears_the_converted_voice() -> None:
    clock, call = VirtualClock(), Call()
    status = spoken(Mic(clock, blocks()), call, clock)
    assert np.allclose(call.sound, WarpConverter(VOICE, RATE)(SPEECH), atol=1e-6)
    assert status.seconds == pytest.approx(1.0)
    assert status.voice.level == "warp"
    assert status.note == "a note"
    assert call.closed


def test_the_fakes_keep_the_contract() -> None:
    mic: SoundSource = Mic(VirtualClock(), [])
    call: SoundSink = Call()
    assert mic.name == call.name


def test_a_converter_that_breaks_leaves_silence() -> None:
    def make(voice, rate):
        raise OSError("no model")

    clock, call = VirtualClock(), Call()
    status = spoken(Mic(clock, blocks()), call, clock, Level("broken", make))
    assert len(call.sound) == len(SPEECH)
    assert not call.sound.any()
    assert status.voice.failed == ("broken",)


def test_sound_that_comes_far_too_late_is_left_out_to_catch_up() -> None:
    clock, call = VirtualClock(), Call()
    status = spoken(Mic(clock, blocks(), late=1.0), call, clock)
    assert not call.sound.any()
    assert status.voice.silenced == pytest.approx(1.0)


def test_the_delay_is_that_of_the_converter_and_of_waiting() -> None:
    clock, call = VirtualClock(), Call()
    status = spoken(Mic(clock, blocks(320), late=0.05), call, clock)
    assert status.delay == pytest.approx(0.05 + 320 / RATE + WarpConverter(VOICE, RATE).latency, abs=0.02)


@pytest.mark.parametrize("lost", ["microphone", "device"])
def test_a_device_that_is_lost_ends_it_and_both_are_closed(lost: str) -> None:
    clock = VirtualClock()
    mic, call = Mic(clock, blocks(), fault=lost == "microphone"), Call(fault=lost == "device")
    with pytest.raises(DeviceError):
        spoken(mic, call, clock)
    assert mic.closed
    assert call.closed
