"""Small files that ask for a lot: refused with a clear line, and no child may take all memory."""

from __future__ import annotations

import wave
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import media_maker as make
import numpy as np
import pytest

from capture import AudioFile, CaptureSettings, VideoFile, probe
from capture.decoder.open_file import open_input
from capture.decoder.pipe import Pipe, RefusedError
from capture.decoder.settings import MEMORY_BYTES
from capture.decoder.video import decoded
from capture.reading import video
from capture.reading.child_process import Child
from timeline import ExitCode, InputError


def wav(path: Path, rate: int, samples: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(bytes(2 * samples))
    return path


def test_sound_of_one_sample_a_second_is_refused_and_does_not_count_as_days(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1 samples a second, too few to hold speech") as caught:
        probe(wav(tmp_path / "a.wav", 1, 200_000))
    assert caught.value.exit_code is ExitCode.INPUT
    assert probe(wav(tmp_path / "b.wav", 8000, 8000)).duration == 1.0


def test_a_recording_of_more_than_a_day_is_refused_and_says_how_to_go_on(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", 8000, 8000 * 30)
    short = CaptureSettings(max_hours=20 / 3600)
    with pytest.raises(InputError, match="more than the") as caught:
        probe(path, short)
    assert "capture.max_hours" in caught.value.remedy
    assert probe(path).duration == 30.0
    assert CaptureSettings().max_hours == 24


def test_a_decoding_child_may_not_take_all_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    class Noted(Child):
        def message(self):  # type: ignore[no-untyped-def]
            got = super().message()
            if not limits:
                limits.append(Path(f"/proc/{self.pid}/limits").read_text())
            return got

    monkeypatch.setattr(video, "Child", Noted)
    clip = make.clip(tmp_path / "a.mp4", seconds=30, fps=30)
    for _ in VideoFile(clip):
        pass
    row = next(line for line in limits[0].splitlines() if line.startswith("Max address space"))
    assert str(MEMORY_BYTES) in row


def test_a_picture_that_takes_too_much_memory_is_refused_and_not_left_out(tmp_path: Path) -> None:
    class Greedy:
        def decode(self) -> Any:
            raise av.error.MemoryError(12, "Cannot allocate memory")

    with open_input(str(make.clip(tmp_path / "a.mp4"))) as container:
        stream = container.streams.video[0]
        greedy: Any = SimpleNamespace(streams=container.streams, demux=lambda stream: [Greedy()])
        with pytest.raises(RefusedError, match="more memory to decode than is allowed"):
            list(decoded(greedy, stream, Pipe(2), {"damaged": 0}))


def test_sound_is_decoded_under_the_limit(tmp_path: Path) -> None:
    clip = make.clip(tmp_path / "a.m4a", paint=None, sound=make.tone(2.0), kind="ipod")
    assert sum(len(block) for block in AudioFile(clip).blocks()) == pytest.approx(32000, abs=800)
    assert np.isfinite(probe(clip).duration)
