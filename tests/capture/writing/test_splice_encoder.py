"""A piece is coded as the whole recording is: its parameter sets are equal."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from capture import SafeWriter
from capture.media_info import Picture
from capture.settings import CaptureSettings
from capture.writing.encoder import Streams
from capture.writing.splice_encoder import CodedPiece, parameters


@pytest.mark.parametrize("preset", ["quick", "ultrafast", "medium"])
def test_parameter_sets_are_those_of_a_whole_recording(tmp_path: Path, preset: str) -> None:
    settings, picture = CaptureSettings(preset=preset), Picture(96, 64, 25.0)
    rng = np.random.default_rng(0)
    with SafeWriter(tmp_path / "whole.mp4", picture, 48000, 2, settings) as writer:
        for number in range(8):
            writer.write_audio(np.zeros((1920, 2), np.float32))
            writer.write_frame(number / 25, rng.integers(0, 255, (64, 96, 3), np.uint8))
    shown, heard = (CodedPiece(streams, settings) for streams in (Streams(picture, None), Streams(None, 48000, 2)))
    for number in range(100, 104):
        shown.encoder.add_picture(number / 25, rng.integers(0, 255, (64, 96, 3), np.uint8))
        heard.encoder.add_sound(np.zeros((1024, 2), np.float32), None)
    (sets, pictures), (config, sounds) = shown.packets(), heard.packets()
    with av.open(str(tmp_path / "whole.mp4")) as file:
        assert sets == parameters(file.streams.video[0])
        assert config == parameters(file.streams.audio[0])
    assert sorted(packet.pts for packet in pictures) == [3600 * number for number in range(100, 104)]
    assert pictures[0].is_keyframe
    assert len(sounds) == 5  # one more than frames
