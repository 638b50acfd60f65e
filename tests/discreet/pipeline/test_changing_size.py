"""A recording whose pictures change size: faces are found and masked in every picture, at the size it has there."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from capture import VideoFile, probe
from discreet.config.settings import load
from discreet.pipeline.context import RunContext
from discreet.pipeline.faces import find_faces
from discreet.pipeline.render import RenderPlan, render
from discreet.pipeline.source import open_source
from registered import Registry
from voice import VoicePlan, voice_for
from weights import Store

FACES = ((60, 35, 45, 60), (185, 25, 35, 45))
"""Where the two faces of the demo clip are, px: x, y, width, height."""
MASKED = 10.0
"""Mean change of a face's pixels under a mask; encoding alone changes them by about 3."""
Size = tuple[int, int]


def turned(path: Path, clip: Path, parts: list[tuple[Size, int]]) -> list[tuple[int, int, float]]:
    """The clip as a browser records it, its pictures fitted into one size after another, each for some pictures.

    Gives, for every picture, where the clip's picture lies in it: x, y, and how much larger it is.
    """
    out: Any = av.open(str(path), "w")
    stream: Any = None
    places, pictures, number = [], iter(VideoFile(clip)), 0
    for size, count in parts:
        context: Any = av.CodecContext.create("libvpx", "w")
        context.width, context.height, context.pix_fmt = *size, "yuv420p"
        context.time_base, context.bit_rate = Fraction(1, 25), 4_000_000
        if stream is None:
            stream = out.add_stream("libvpx", rate=25)
            stream.width, stream.height, stream.time_base = *size, Fraction(1, 25)
        frames: list[Any] = []
        for _ in range(count):
            picture = next(pictures)[1]
            high, wide = picture.shape[:2]
            scale = min(size[0] / wide, size[1] / high)
            small = cv2.resize(picture, (round(wide * scale), round(high * scale)), interpolation=cv2.INTER_AREA)
            x, y = (size[0] - small.shape[1]) // 2, (size[1] - small.shape[0]) // 2
            whole = np.full((size[1], size[0], 3), 60, np.uint8)
            whole[y : y + small.shape[0], x : x + small.shape[1]] = small
            places.append((x, y, scale))
            frame = av.VideoFrame.from_ndarray(whole, "bgr24").reformat(format="yuv420p")
            frame.pts, frame.time_base, number = number, Fraction(1, 25), number + 1
            frames.append(frame)
        for frame in [*frames, None]:
            for packet in context.encode(frame):
                packet.stream, packet.time_base = stream, Fraction(1, 25)
                out.mux(packet)
    out.close()
    return places


def test_faces_are_masked_in_every_picture_whatever_its_size(
    tmp_path: Path, store: Store, needs: Callable[..., None]
) -> None:
    needs(store, "yunet", "sface", "demo-clip")
    clip = store.path("demo-clip")
    first = probe(clip)
    own, canvas = (first.width, first.height), (640, 480)
    parts = [(own, 12), (canvas, 12), ((480, 640), 12), (own, 12)]
    path = tmp_path / "in.webm"
    places = turned(path, clip, parts)
    source = open_source(path, load().capture)
    assert (source.info.width, source.info.height) == canvas
    settings = load(options=["vision.speaker.scorer=none"])
    context = RunContext.of(settings, store, Registry.open(tmp_path / "people", "file"))
    faces = find_faces(source, context, lambda done: None)
    target = tmp_path / "safe.mp4"
    render(
        source, target, settings, RenderPlan(faces, VoicePlan([], voice_for(bytes(32), "nobody"))), lambda done: None
    )
    sizes = [size for size, count in parts for _ in range(count)]
    looked = 0
    for (_, before), (_, after), (x, y, scale), size in zip(
        VideoFile(path), VideoFile(target), places, sizes, strict=True
    ):
        grown = min(canvas[0] / size[0], canvas[1] / size[1])
        left, top = (canvas[0] - size[0] * grown) / 2, (canvas[1] - size[1] * grown) / 2
        for fx, fy, fw, fh in FACES:
            a, b = (round(o + grown * (p + scale * f)) for o, p, f in ((left, x, fx), (top, y, fy)))
            wide, high = round(grown * scale * fw), round(grown * scale * fh)
            rows, columns = slice(b, b + high), slice(a, a + wide)
            change = np.abs(before[rows, columns].astype(int) - after[rows, columns]).mean()
            assert change > MASKED, f"picture {looked}, {size}"
        looked += 1
    assert looked == len(sizes)
    assert any("change size" in note for note in source.info.notes)
