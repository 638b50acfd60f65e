"""Sound on its way: the own voice is in the sidecar at once, the other voice in step, however slow the converter is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from live_fakes import FAST, Held, Later, recorder

from capture import AudioFile
from capture.clock import VirtualClock
from capture.live.queues import End, Mailbox
from capture.live.recording_time import RecordingTime
from capture.live.sound_threads import VoiceChanger
from capture.live.worker import SharedState
from timeline import FloatArray


class Slow(Later):
    """A converter that takes as long as the sound lasts, and half as long again."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._wait = clock.signal().wait_for

    def __call__(self, block: FloatArray) -> FloatArray:
        """As :class:`Later`."""
        self._wait(lambda: False, 1.5 * len(block) / 16000)
        return super().__call__(block)


def test_a_slow_converter_holds_up_neither_the_own_sound_nor_the_end(tmp_path: Path) -> None:
    clock, held = VirtualClock(patience=30.0), Held()
    behind = []
    done = recorder(
        tmp_path / "a.mp4",
        clock,
        seconds=1000.0,
        duration=4.0,
        settings=FAST.model_copy(update={"sound": "voice", "audio_kbps": 256}),
        convert=lambda rate: Slow(clock),
        sidecar=lambda rate: held,
    ).run(lambda now: behind.append(now.elapsed - sum(map(len, held.blocks)) / 16000))
    assert done.error is None
    assert max(behind) < 0.1
    own = np.concatenate(held.blocks)
    other = np.concatenate(list(AudioFile(tmp_path / "a.mp4", 16000).blocks()))
    assert len(own) == pytest.approx(4 * 16000, abs=800)
    assert len(other) == pytest.approx(len(own), abs=1100)
    n = min(len(own), len(other))
    assert np.corrcoef(own[:n], other[:n])[0, 1] < -0.9


def test_the_delay_of_a_converter_is_made_good_to_the_sample() -> None:
    clock = VirtualClock()
    shared = SharedState(clock, RecordingTime(), {"sound"})
    inbox: Mailbox = Mailbox(clock, "in", 0)
    out: Mailbox = Mailbox(clock, "out", 0)
    sound = np.random.default_rng(1).normal(0, 0.1, 1000).astype(np.float32)
    for at in range(0, 1000, 77):
        inbox.put(sound[at : at + 77])
    inbox.end()
    changer = VoiceChanger(shared, Later(), inbox, out)
    changer.thread.start()
    assert clock.join(changer.thread, 10.0)
    got = []
    while not isinstance(block := out.get(), End):
        got.append(block)
    assert np.array_equal(np.concatenate(got), -sound)
