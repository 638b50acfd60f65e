"""The encoder gives the same file for the same pictures and sound, whatever else the process did before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np

from capture.media_info import Picture
from capture.settings import CaptureSettings
from capture.writing.encoder import Encoder, Streams

ENCODE = """
import sys
from pathlib import Path
import cv2, numpy as np
from capture.media_info import Picture
from capture.settings import CaptureSettings
from capture.writing.encoder import Encoder, Streams

dice, (width, height) = np.random.default_rng(1), (320, 240)
scene = dice.normal(128, 400, (height + 64, width + 128, 3)).clip(0, 255).astype(np.uint8)
scene = cv2.GaussianBlur(scene, (0, 0), 3.0)
encoder = Encoder(Path(sys.argv[1]), Streams(Picture(width, height, 25.0), 16000), CaptureSettings())
for i in range(25):
    picture = scene[:height, :width].copy()
    half = width // 2
    picture[:, half:] = scene[i // 2 : height + i // 2, half + i : width + i]
    noise = dice.normal(0, 2, picture.shape).astype(int)
    encoder.add_picture(i / 25, np.clip(picture.astype(int) + noise, 0, 255).astype(np.uint8))
    encoder.add_sound(dice.normal(0, 0.1, 640).astype(np.float32), None)
encoder.finish()
"""


def encoded(path: Path, fresh: int) -> bytes:
    """The file of a process in which new memory holds a value of its own (glibc; elsewhere it is as it comes)."""
    run = [sys.executable, "-c", ENCODE, str(path)]
    subprocess.run(run, env={**os.environ, "MALLOC_PERTURB_": str(fresh)}, check=True, timeout=60)
    return path.read_bytes()


def test_the_same_pictures_and_sound_give_the_same_file_whatever_new_memory_holds(tmp_path: Path) -> None:
    first = encoded(tmp_path / "a.mp4", 0)
    assert encoded(tmp_path / "b.mp4", 1) == first, "x264 or FFmpeg reads memory that nobody wrote"


def test_the_default_preset_needs_no_reordering(tmp_path: Path) -> None:
    encoder = Encoder(tmp_path / "a.mp4", Streams(Picture(64, 48, 25.0), None), CaptureSettings())
    for number in range(10):
        encoder.add_picture(number / 25, np.full((48, 64, 3), 20 * number, np.uint8))
    encoder.finish()
    with av.open(str(tmp_path / "a.mp4")) as file:
        times = [(packet.pts, packet.dts) for packet in file.demux(video=0) if packet.size]
    assert len(times) == 10
    assert all(shown == decoded for shown, decoded in times)
