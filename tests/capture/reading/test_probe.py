"""What a file holds, and clear lines for what is no recording."""

from __future__ import annotations

import hashlib
import os
import wave
from fractions import Fraction
from pathlib import Path

import media_maker as make
import numpy as np
import pytest

from capture import CaptureSettings, probe
from timeline.errors import InputError


def refused(path: Path, *words: str) -> InputError:
    with pytest.raises(InputError) as caught:
        probe(path)
    line = str(caught.value)
    assert path.name in line
    assert "\n" not in line
    assert "Error" not in line
    for word in words:
        assert word in line
    return caught.value


def test_missing(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere.mp4", "no such file")


def test_a_folder(tmp_path: Path) -> None:
    refused(tmp_path, "is a folder")


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    refused(tmp_path / "a.mp4", "is empty")


def test_text_named_mp4(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("Dear all,\nplease find the recording attached.\n" * 50)
    refused(tmp_path / "a.mp4", "is not a recording")


def test_garbage(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(np.random.default_rng(1).bytes(200_000))
    refused(tmp_path / "a.mp4", "is not a recording")


def test_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(make.png())
    refused(tmp_path / "a.mp4", "is a picture (PNG)")


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    make.clip(tmp_path / "part.ts", kind="mpegts")
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:2.0,\npart.ts\n#EXT-X-ENDLIST\n")
    refused(tmp_path / "list.m3u8", "playlist")
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile part.ts\n")
    refused(tmp_path / "list.mp4", "playlist")


def test_a_named_pipe_is_refused_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    refused(tmp_path / "a.mp4", "pipe or device")


def test_an_mp4_without_its_index(tmp_path: Path) -> None:
    whole = make.clip(tmp_path / "a.mp4", sound=make.tone(2))
    for share in (0.1, 0.5, 0.9):
        refused(make.cut(whole, share, tmp_path / "b.mp4"), "cut off", "index")


def test_picture_and_sound(tmp_path: Path) -> None:
    info = probe(make.clip(tmp_path / "a.mp4", sound=make.tone(2, channels=2), seconds=2))
    assert (info.width, info.height, info.fps, info.frames) == (320, 240, 25.0, 50)
    assert (info.sample_rate, info.channels) == (48000, 2)
    assert info.has_video
    assert info.has_audio
    assert not info.variable_rate
    assert not info.truncated
    assert info.duration == pytest.approx(2.0, abs=0.03)
    assert (info.video_codec, info.audio_codec) == ("h264", "aac")
    assert (info.rotation, info.mirrored, info.sar) == (0, False, 1.0)


def test_picture_alone(tmp_path: Path) -> None:
    info = probe(make.clip(tmp_path / "a.mp4"))
    assert info.has_video
    assert not info.has_audio
    assert info.sample_rate == info.channels == 0
    assert info.audio_stream == -1


def test_sound_alone(tmp_path: Path) -> None:
    info = probe(make.clip(tmp_path / "a.m4a", paint=None, sound=make.tone(2)))
    assert info.has_audio
    assert not info.has_video
    assert info.picture is None
    assert info.duration == pytest.approx(2.0, abs=0.03)


def test_cover_art_is_no_video(tmp_path: Path) -> None:
    mp3 = make.clip(tmp_path / "a.mp3", paint=None, sound=make.tone(3), audio_codec="libmp3lame")
    info = probe(make.with_cover(mp3))
    assert info.has_audio
    assert not info.has_video
    assert info.duration == pytest.approx(3.0, abs=0.06)


def test_a_single_still_in_a_container_is_no_video(tmp_path: Path) -> None:
    path = make.clip(
        tmp_path / "a.mkv", times=[0.0], codec="mjpeg", pix_fmt="yuvj420p", video_options={}, sound=make.tone(2)
    )
    info = probe(path)
    assert not info.has_video
    assert info.has_audio
    assert "still" in info.notes[0]


@pytest.mark.parametrize("fps", [25.0, 30000 / 1001, 12.5])
def test_constant_rate(tmp_path: Path, fps: float) -> None:
    info = probe(make.clip(tmp_path / "a.mp4", fps=fps, seconds=2))
    assert info.fps == pytest.approx(fps, rel=1e-3)
    assert not info.variable_rate


def test_constant_rate_in_milliseconds_is_not_variable(tmp_path: Path) -> None:
    info = probe(make.clip(tmp_path / "a.mkv", fps=30.0, seconds=2))
    assert info.fps == pytest.approx(30.0, rel=2e-3)
    assert not info.variable_rate


def test_variable_rate(tmp_path: Path) -> None:
    times = np.cumsum([0.02, 0.05, 0.033, 0.2] * 15).tolist()
    info = probe(make.clip(tmp_path / "a.mp4", times=times))
    assert info.variable_rate
    assert info.fps == pytest.approx(59 / (times[-1] - times[0]), rel=0.02)


@pytest.mark.parametrize(("degrees", "clockwise"), [(0, 0), (90, 270), (180, 180), (270, 90)])
def test_rotation_gives_the_upright_size(tmp_path: Path, degrees: float, clockwise: int) -> None:
    info = probe(make.clip(tmp_path / "a.mp4", turn=(degrees, False, False), seconds=0.5, sar=Fraction(4, 3)))
    assert info.rotation == clockwise
    turned = clockwise % 180 == 90
    assert (info.width, info.height) == ((240, 320) if turned else (320, 240))
    assert info.sar == pytest.approx(3 / 4 if turned else 4 / 3, rel=1e-3)


def test_offsets_and_origin(tmp_path: Path) -> None:
    late = probe(make.clip(tmp_path / "a.mkv", sound=make.tone(2), audio_codec="flac", audio_start=0.5))
    assert late.video_start == 0.0
    assert late.audio_start == pytest.approx(0.5, abs=0.002)
    assert late.duration == pytest.approx(2.5, abs=0.03)
    stream = probe(make.clip(tmp_path / "a.ts", kind="mpegts", sound=make.tone(2), audio_start=10, video_start=10.3))
    assert stream.origin == pytest.approx(10, abs=0.05)
    assert stream.audio_start == 0.0
    assert stream.video_start == pytest.approx(0.3, abs=0.03)


def test_the_duration_is_measured_where_the_container_lies(tmp_path: Path) -> None:
    whole = make.clip(tmp_path / "a.mkv", seconds=8, size=(640, 360), sound=make.tone(8), audio_codec="flac")
    info = probe(make.cut(whole, 0.5))
    assert info.truncated
    assert 1.0 < info.duration < 7.0
    assert "breaks off" in info.notes[0]


def test_a_large_file_is_measured_by_its_head_and_tail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.decoder import probe
    from capture.decoder.pipe import Pipe

    path = str(
        make.clip(tmp_path / "a.mp4", seconds=60, fps=10, size=(64, 64), sound=make.tone(60, rate=16000), rate=16000)
    )
    pipe = Pipe(os.open(os.devnull, os.O_WRONLY))
    whole, _ = probe.scan(path, pipe, {0, 1}, whole=True)
    monkeypatch.setattr(probe.settings, "HEAD_PACKETS", 200)
    parts, _ = probe.scan(path, pipe, {0, 1}, whole=False)
    for index in (0, 1):
        assert parts[index].end == pytest.approx(whole[index].end)
        assert parts[index].packets < whole[index].packets
        assert probe.rate_of(parts[index], None)[0] == pytest.approx(probe.rate_of(whole[index], None)[0], rel=0.01)


@pytest.mark.parametrize("name", ["two words.mp4", "día é 会議 🎥.mp4", "-dash.mp4", "a%03d:b,c'd\".mp4", "pipe:1.mp4"])
def test_names(tmp_path: Path, name: str) -> None:
    assert probe(make.clip(tmp_path / "plain.mp4", seconds=0.4).rename(tmp_path / name)).has_video


def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.mp4"
    make.clip(tmp_path / "plain.mp4", seconds=0.4).rename(os.fsdecode(raw))
    assert probe(os.fsdecode(raw)).has_video


def test_a_relative_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make.clip(tmp_path / "a.mp4", seconds=0.4)
    monkeypatch.chdir(tmp_path)
    assert probe("a.mp4").path == tmp_path / "a.mp4"


def test_wav_of_one_sample(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\0\1")
    assert probe(tmp_path / "a.wav").duration == pytest.approx(1 / 8000)


def test_the_input_is_never_changed(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mp4", sound=make.tone(2))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.chmod(0o444)
    probe(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert path.stat().st_mtime == 1_000_000_000
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_a_decoder_that_stalls_is_stopped(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mp4")
    with pytest.raises(InputError, match=r"has not answered for 0\.001 s"):
        probe(path, CaptureSettings(stall_seconds=0.001))


def test_an_mp4_cut_within_its_first_picture(tmp_path: Path) -> None:
    """FFmpeg opens it and can set up no decoder; going on with such a stream ends the process (PyAV #2344)."""
    from capture.mp4_boxes import top_level_boxes

    whole = make.clip(tmp_path / "a.mp4", sound=make.tone(2), options={"movflags": "+faststart"})
    start = next(start for kind, start, _ in top_level_boxes(whole) if kind == b"mdat")
    cut = tmp_path / "b.mp4"
    for extra in (0, 8, 12, 40, 200):
        cut.write_bytes(whole.read_bytes()[: start + extra])
        refused(cut)
