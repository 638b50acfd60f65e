"""Killed at any moment: at most a second is lost, nothing is seen or heard that must not be, and it can be finished."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from live_child import planted
from live_fakes import FAST, SMALL, marked

from capture import AudioFile, probe
from capture.mp4_boxes import top_level_boxes
from capture.writing.encrypted_sidecar import CHUNK_SECONDS, SidecarSound
from capture.writing.fragmented_mp4 import FragmentWriter, growing_name, publish, recover
from capture.writing.remux import bytes_of_whole_fragments
from registered import Vault
from timeline import InputError, OutputError

HERE = Path(__file__).resolve().parents[1]  # where live_child lies


def killed(folder: Path, number: signal.Signals = signal.SIGKILL) -> tuple[float, float]:
    """Record into ``folder`` and kill; the seconds of film and of own sound that were said to be safe before that."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    child = subprocess.Popen(
        [sys.executable, str(HERE / "live_child.py"), str(folder)], stdout=subprocess.PIPE, text=True, env=env
    )
    assert child.stdout is not None
    film = sound = 0.0
    try:
        for line in child.stdout:
            film, sound = map(float, line.split())
            if film >= 0.5:
                break
        child.send_signal(number)
        child.wait()
    finally:
        child.kill()
        child.wait()
    assert film >= 0.5
    return film, sound


def test_kill_9_leaves_what_was_said_to_be_safe_and_nothing_in_clear(tmp_path: Path) -> None:
    from scipy.signal import correlate  # slow to import

    film, heard = killed(tmp_path)  # how much that is of what has passed: test_overload.py, by a clock of its own
    growing = growing_name(tmp_path / "a.mp4")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.recording.mp4", "a.spool"]
    noise = planted()
    forms = (noise, np.round(noise * 32767).astype("<i2"), np.round(noise * 32768).astype("<i2"))
    for path in tmp_path.iterdir():
        data = path.read_bytes()
        for form in forms:
            raw = form.tobytes()
            assert not any(raw[at : at + 8] in data for at in range(0, len(raw) // 8, 4001))
    assert probe(growing).duration >= film - 1e-3  # playable as it is
    target = recover(growing)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "a.spool"]
    info = probe(target)
    assert not info.truncated
    assert min(info.video_end, info.audio_end) >= film - 1e-3
    assert marked(target) == 0
    silence = np.concatenate(list(AudioFile(target, info=info).blocks()))
    assert np.abs(silence).max() < 1e-3
    sound = SidecarSound(tmp_path / "a.spool", Vault(b"k" * 32))
    assert sound.truncated
    assert sound.duration >= heard - CHUNK_SECONDS
    got = np.concatenate(list(sound.blocks()))[4000:6000]
    assert correlate(noise, got, "valid", "fft").max() > 0.5 * np.sum(got * got)


def test_it_is_finished_whatever_byte_it_was_cut_at(tmp_path: Path) -> None:
    writer = FragmentWriter(tmp_path / "a.mp4", SMALL, 16000, FAST)
    for n in range(60):
        writer.add_picture(n / 30, np.full((64, 96, 3), n, np.uint8))
        writer.add_sound(np.random.default_rng(n).normal(0, 0.1, 533).astype(np.float32))
    writer.finish()
    growing = growing_name(tmp_path / "a.mp4")
    data = growing.read_bytes()
    ends = [end for kind, _, end in top_level_boxes(growing) if kind == b"mdat"]
    assert len(ends) >= 6
    for cut in [*random.Random(3).sample(range(ends[0], len(data)), 8), ends[0], ends[2] + 1, len(data)]:
        part = growing_name(tmp_path / f"{cut}.mp4")
        part.write_bytes(data[:cut])
        assert bytes_of_whole_fragments(part) == max(end for end in ends if end <= cut)
        assert probe(recover(part)).duration >= min(1.95, 0.25 * sum(end <= cut for end in ends) - 0.15)
        assert not part.exists()
    first = growing_name(tmp_path / "first.mp4")
    first.write_bytes(data[: ends[0] - 1])
    with pytest.raises(InputError, match="not hold one whole"):
        recover(first)
    assert first.exists()


def test_where_copying_fails_the_fragments_themselves_are_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = FragmentWriter(tmp_path / "a.mp4", SMALL, None, FAST)
    for n in range(30):
        writer.add_picture(n / 30, np.zeros((64, 96, 3), np.uint8))
    writer.finish()
    with writer.path.open("ab") as file:
        file.write(b"\0\0\xff\xffmoof")
    monkeypatch.setattr("capture.writing.remux.remux", lambda *paths, **rest: False)
    publish(writer.path, tmp_path / "a.mp4")
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]
    info = probe(tmp_path / "a.mp4")
    assert (info.frames, info.truncated) == (30, False)


def cut_recording(folder: Path) -> Path:
    writer = FragmentWriter(folder / "a.mp4", SMALL, None, FAST)
    for n in range(30):
        writer.add_picture(n / 30, np.zeros((64, 96, 3), np.uint8))
    writer.finish()
    with writer.path.open("ab") as file:
        file.write(b"\0\0\xff\xffmoof")
    return writer.path


def test_what_cannot_be_read_is_no_recording_and_stays_as_it_is(tmp_path: Path) -> None:
    growing = cut_recording(tmp_path)
    content = growing.read_bytes().replace(b"trak", b"trax").replace(b"mvhd", b"mvhx")
    growing.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        recover(growing)
    assert [p.name for p in tmp_path.iterdir()] == [growing.name]
    assert growing.read_bytes() == content


@pytest.mark.parametrize("call", ["os.ftruncate", "os.replace"])
def test_a_recording_that_cannot_be_given_its_name_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    growing = cut_recording(tmp_path)
    content = growing.read_bytes()
    real = os.replace

    def refuse(*args: Any, **more: Any) -> None:
        if call == "os.ftruncate" or args[0] == growing.name:
            raise OSError(errno.EIO, "the disk failed")
        real(*args, **more)

    monkeypatch.setattr("capture.writing.remux.remux", lambda *paths, **more: False)
    monkeypatch.setattr(call, refuse)
    with pytest.raises(OutputError, match="the disk failed"):
        recover(growing)
    monkeypatch.undo()
    assert [p.name for p in tmp_path.iterdir()] == [growing.name]
    assert growing.read_bytes() == content


def test_what_a_killed_recovery_left_goes_with_the_next(tmp_path: Path) -> None:
    growing = cut_recording(tmp_path)
    (tmp_path / ".a.mp4.partial-1").write_bytes(b"half")
    assert recover(growing) == tmp_path / "a.mp4"
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_what_is_still_recorded_or_taken_or_strange_is_not_recovered(tmp_path: Path) -> None:
    writer = FragmentWriter(tmp_path / "a.mp4", SMALL, None, FAST)
    for n in range(30):
        writer.add_picture(n / 30, np.zeros((64, 96, 3), np.uint8))
    with pytest.raises(OutputError, match="still being recorded"):
        recover(writer.path)
    writer.finish()
    copy = tmp_path / "copy.mp4"
    shutil.copy(writer.path, copy)
    assert recover(copy) == tmp_path / "copy-recovered.mp4"
    assert copy.exists()  # a file of another name is never removed
    (tmp_path / "a.mp4").write_bytes(b"taken")
    with pytest.raises(OutputError, match="already"):
        recover(writer.path)
    with pytest.raises(InputError, match="no such file"):
        recover(tmp_path / "none.recording.mp4")
    (tmp_path / "b.recording.mp4").write_bytes(b"no mp4 at all" * 100)
    with pytest.raises(InputError):
        recover(tmp_path / "b.recording.mp4")
