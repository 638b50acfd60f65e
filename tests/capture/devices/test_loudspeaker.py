"""A loudspeaker plays what it is given in order, silence where nothing is there, and never falls far behind."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from capture.devices import loudspeaker
from capture.devices.loudspeaker import Loudspeaker
from capture.devices.settings import WAITING_SECONDS
from timeline import DeviceError

RATE = 16000


class FakeStream:
    """What PortAudio would be: the test asks it for sound."""

    def __init__(self, **options) -> None:
        if options["samplerate"] != RATE:
            raise ValueError("Invalid sample rate")
        self.callback, self.ended = options["callback"], options["finished_callback"]
        self.channels, self.closed = options["channels"], False

    def start(self) -> None: ...
    def abort(self) -> None:
        self.ended()

    def close(self) -> None:
        self.closed = True

    def play(self, frames: int) -> np.ndarray:
        out = np.full((frames, self.channels), 9.0, np.float32)
        self.callback(out, frames, None, None)
        return out


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> Loudspeaker:
    fake = SimpleNamespace(
        OutputStream=FakeStream,
        PortAudioError=RuntimeError,
        query_devices=lambda device, kind: {"name": "Fake", "max_output_channels": 2},
    )
    monkeypatch.setattr(loudspeaker, "library", lambda: fake)
    return Loudspeaker("fake")


def test_it_plays_what_it_is_given_on_all_channels(speaker: Loudspeaker) -> None:
    speaker.open(RATE)
    speaker.write(np.arange(400, dtype=np.float32))
    speaker.write(np.arange(400, 600, dtype=np.float32))
    played = np.concatenate([speaker._stream.play(250), speaker._stream.play(350)])
    assert np.array_equal(played, np.repeat(np.arange(600, dtype=np.float32)[:, None], 2, axis=1))
    assert speaker.missed == speaker.left_out == 0.0


def test_where_nothing_is_there_it_plays_silence(speaker: Loudspeaker) -> None:
    speaker.open(RATE)
    assert not speaker._stream.play(100).any()
    assert speaker.missed == 0.0, "nothing was said yet"
    speaker.write(np.ones(100, np.float32))
    played = speaker._stream.play(300)
    assert played[:100].all()
    assert not played[100:].any()
    assert speaker.missed == pytest.approx(200 / RATE)


def test_what_waits_too_long_is_left_out_so_that_the_rest_is_in_time(speaker: Loudspeaker) -> None:
    speaker.open(RATE)
    block = round(0.05 * RATE)
    for number in range(10):
        speaker.write(np.full(block, number, np.float32))
    assert len(speaker._waiting) <= (WAITING_SECONDS + 0.05) * RATE
    assert speaker._waiting[-1] == 9
    assert speaker.left_out == pytest.approx(0.35)


def test_a_device_that_cannot_be_had_or_is_lost_is_said(speaker: Loudspeaker) -> None:
    with pytest.raises(DeviceError, match="cannot be opened"):
        speaker.open(44100)
    again = Loudspeaker("fake")
    again.open(RATE)
    again._stream.ended()
    with pytest.raises(DeviceError, match="Fake was lost"):
        again.write(np.zeros(10, np.float32))


def test_closing_twice_is_no_error(speaker: Loudspeaker) -> None:
    speaker.open(RATE)
    stream = speaker._stream
    speaker.close()
    speaker.close()
    assert stream.closed
    speaker.write(np.zeros(10, np.float32))
