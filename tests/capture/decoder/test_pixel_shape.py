"""Pixels that are not square: their shape may change within a recording, and has bounds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from capture import VideoFile, probe
from timeline import InputError

Part = tuple[Fraction, int]


def recording(path: Path, parts: list[Part]) -> Path:
    """An MPEG-TS of 160x120 grey pictures, each part with its own shape of pixels."""
    container, at, stream = av.open(str(path), "w"), 0, None
    for sar, count in parts:
        encoder = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt = 160, 120, "yuv420p"
        encoder.time_base, encoder.framerate, encoder.sample_aspect_ratio = Fraction(1, 25), 25, sar
        encoder.options = {"preset": "ultrafast", "bframes": "0"}
        if stream is None:
            stream = container.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt, stream.time_base = 160, 120, "yuv420p", Fraction(1, 25)
            stream.codec_context.sample_aspect_ratio = sar
        frames = [
            av.VideoFrame.from_ndarray(np.full((120, 160, 3), 150, np.uint8), format="rgb24") for _ in range(count)
        ]
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, 25)
        for packet in [p for frame in [*frames, None] for p in encoder.encode(frame)]:
            copy = av.Packet(bytes(packet))
            copy.pts = copy.dts = (packet.pts or 0) + at
            copy.time_base, copy.stream, copy.is_keyframe = Fraction(1, 25), stream, packet.is_keyframe
            container.mux(copy)
        at += count
    container.close()
    return path


@pytest.mark.parametrize(("sar", "filled"), [(Fraction(4, 1), (30, 160)), (Fraction(1, 3), (120, 53))])
def test_pictures_keep_their_shape_where_that_of_the_pixels_changes(
    tmp_path: Path, sar: Fraction, filled: tuple[int, int]
) -> None:
    file = VideoFile(recording(tmp_path / "a.ts", [(Fraction(1), 10), (sar, 10)]))
    assert "the shape of its pixels changes: all pictures are shown with that of the first" in file.info.notes
    pictures = [picture for _, picture in file]
    assert len(pictures) == 20
    lit = [(int((p.max(axis=(1, 2)) > 60).sum()), int((p.max(axis=(0, 2)) > 60).sum())) for p in pictures]
    assert set(lit[:10]) == {(120, 160)}
    assert set(lit[10:]) == {filled}


@pytest.mark.parametrize("sar", [Fraction(5, 1), Fraction(1, 7)])
def test_pixels_so_wide_or_high_that_faces_could_be_missed_are_refused(tmp_path: Path, sar: Fraction) -> None:
    with pytest.raises(InputError, match=r"pixels .* times as (wide as high|high as wide)"):
        probe(recording(tmp_path / "a.ts", [(sar, 10)]))
