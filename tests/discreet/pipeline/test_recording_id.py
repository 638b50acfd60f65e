"""A recording is known again by the id in its comment tag, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, MediaInfo, SafeWriter
from capture.writing import AviWriter
from discreet.pipeline.recording_id import comment, recording_id

ID = "0123456789abcdef" * 2


def written(path: Path, tag: str) -> Path:
    info = MediaInfo(path.with_name("input"), "none", 1.0, True, True, width=64, height=48)
    info.path.touch()
    made = AviWriter if path.suffix == ".avi" else SafeWriter
    with made(path, info, 16000, 1, CaptureSettings(comment=tag)) as writer:
        writer.write_frame(0.0, np.zeros((48, 64, 3), np.uint8))
        writer.write_audio(np.zeros(8000, np.float32))
    return path


@pytest.mark.parametrize("name", ["a.mp4", "a.avi"])
@pytest.mark.parametrize(("tag", "found"), [(comment(ID), ID), ("discreet", ""), (comment(ID[:30]), "")])
def test_the_id_is_read_back_from_both_formats(tmp_path: Path, name: str, tag: str, found: str) -> None:
    assert recording_id(written(tmp_path / name, tag)) == found


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0AVI ", comment(ID).encode(), b"\0\0\0\x08moov"])
def test_what_is_no_recording_has_no_id(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    assert recording_id(tmp_path / "a.mp4") == ""


def test_a_file_that_is_not_there_has_no_id(tmp_path: Path) -> None:
    assert recording_id(tmp_path / "none.mp4") == ""
