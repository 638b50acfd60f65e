"""Sound: on one grid from the recording's start, whatever the file."""

from __future__ import annotations

from pathlib import Path

import media_maker as make
import numpy as np
import pytest
import soundfile

from capture import AudioFile, probe
from timeline.audio import Audio, windows


def all_of(audio: AudioFile, seconds: float = 10.0) -> np.ndarray:
    return np.concatenate(list(audio.blocks(seconds)))


def test_it_is_an_audio(tmp_path: Path) -> None:
    audio = AudioFile(make.clip(tmp_path / "a.mp4", sound=make.tone(3), seconds=3))
    assert isinstance(audio, Audio)
    assert audio.sample_rate == 16000
    assert audio.duration == pytest.approx(3.0, abs=0.03)
    assert len(list(windows(audio, 1.0, 0.5))) == 5 or audio.duration > 3.0


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (48000, 1)])
@pytest.mark.parametrize("kind", ["wav", "m4a"])
def test_rates_and_channels(tmp_path: Path, rate: int, channels: int, kind: str) -> None:
    path = make.clip(
        tmp_path / f"a.{kind}",
        paint=None,
        sound=make.tone(2, rate, channels),
        rate=rate,
        audio_codec="pcm_s16le" if kind == "wav" else "aac",
    )
    info = probe(path)
    audio = AudioFile(path, info=info)
    samples = all_of(audio)
    assert samples.dtype == np.float32
    assert len(samples) == round(audio.duration * 16000)
    wanted = make.tone(2, 16000)[:, 0]
    lags = [float(np.corrcoef(samples[1000 + lag : 31000 + lag], wanted[1000:31000])[0, 1]) for lag in range(-9, 10)]
    assert np.argmax(lags) == 9
    assert lags[9] > 0.99
    native = AudioFile(path, sample_rate=None, mono=False, info=info)
    assert (native.sample_rate, native.channels) == (rate, channels)
    assert all_of(native).shape == (round(native.duration * rate), channels)


def test_loud_stereo_mixed_to_mono_stays_within_bounds(tmp_path: Path) -> None:
    loud = np.full((48000, 2), 0.95, np.float32)
    path = make.clip(tmp_path / "a.mkv", paint=None, sound=loud, audio_codec="flac")
    assert np.abs(all_of(AudioFile(path))).max() <= 1.0


def test_blocks_are_even_and_repeatable(tmp_path: Path) -> None:
    audio = AudioFile(make.clip(tmp_path / "a.mp4", sound=make.tone(3.3), seconds=3))
    lengths = [len(b) for b in audio.blocks(0.7)]
    assert set(lengths[:-1]) == {11200}
    assert 0 < lengths[-1] <= 11200
    assert np.array_equal(all_of(audio, 0.7), all_of(audio, 10))


@pytest.mark.parametrize("offset", [0.005, 2.0])
def test_sound_that_begins_late_is_preceded_by_silence(tmp_path: Path, offset: float) -> None:
    path = make.clip(
        tmp_path / "a.mkv", sound=make.beeping([0.25], 1.0), audio_codec="flac", audio_start=offset, seconds=4
    )
    samples = all_of(AudioFile(path))
    assert make.onsets(samples, 16000)[0] == pytest.approx(offset + 0.25, abs=0.002)


def test_sound_that_begins_first_sets_the_start(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mkv", sound=make.beeping([0.25], 2.0), audio_codec="flac", video_start=0.4)
    assert make.onsets(all_of(AudioFile(path)), 16000)[0] == pytest.approx(0.25, abs=0.002)


def blocks_of(starts: list[float], samples: int = 4800) -> list[tuple[float, int]]:
    return [(start, samples) for start in starts]


def test_a_gap_becomes_silence(tmp_path: Path) -> None:
    starts = [0.1 * i for i in range(10)] + [2.5 + 0.1 * i for i in range(10)]
    path = make.clip(
        tmp_path / "a.mkv", paint=None, sound=make.tone(2), sound_at=blocks_of(starts), audio_codec="pcm_s16le"
    )
    audio = AudioFile(path)
    samples = all_of(audio)
    assert audio.duration == pytest.approx(3.5, abs=0.01)
    level = np.abs(samples).reshape(-1, 800).max(1)  # each 50 ms
    assert (level[1:19] > 0.2).all()
    assert (level[21:49] < 0.01).all()
    assert (level[51:69] > 0.2).all()


def test_an_overlap_is_cut(tmp_path: Path) -> None:
    starts = [0.1 * i for i in range(10)] + [0.95 + 0.1 * i for i in range(10)]
    sound = make.beeping([0.55, 1.55], 2.0)
    path = make.clip(tmp_path / "a.mkv", paint=None, sound=sound, sound_at=blocks_of(starts), audio_codec="pcm_s16le")
    found = make.onsets(all_of(AudioFile(path)), 16000)
    assert found == pytest.approx([0.55, 1.50], abs=0.003)


def test_times_rounded_to_milliseconds_leave_no_seam(tmp_path: Path) -> None:
    """Matroska counts in milliseconds: 1024 samples at 44.1 kHz never fit; a steady tone must stay steady."""
    path = make.clip(tmp_path / "a.mkv", paint=None, sound=make.tone(4, 44100), rate=44100, audio_codec="pcm_s16le")
    samples = all_of(AudioFile(path, sample_rate=None))
    wanted = make.tone(4, 44100)[:, 0]
    assert np.abs(samples[: len(wanted)] - wanted).max() < 1e-3


def test_a_change_of_rate_within_the_stream_keeps_time(tmp_path: Path) -> None:
    a = make.clip(tmp_path / "a.ts", kind="mpegts", paint=None, sound=make.beeping([0.5], 1.0)).read_bytes()
    second = make.beeping([0.5], 1.0, 32000)
    b = make.clip(tmp_path / "b.ts", kind="mpegts", paint=None, sound=second, rate=32000, audio_start=1.0).read_bytes()
    (tmp_path / "c.ts").write_bytes(a + b)
    found = make.onsets(all_of(AudioFile(tmp_path / "c.ts")), 16000)
    assert found == pytest.approx([0.5, 1.5], abs=0.06)


def test_no_sound_is_said_not_raised(tmp_path: Path) -> None:
    audio = AudioFile(make.clip(tmp_path / "a.mp4"))
    assert not audio.has_sound
    assert audio.duration == 0.0
    assert list(audio.blocks()) == []


def test_a_truncated_file_gives_the_sound_that_is_there(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mp4", seconds=8, sound=make.tone(8), options={"movflags": "+faststart"})
    audio = AudioFile(make.cut(path, 0.6))
    samples = all_of(audio)
    assert audio.truncated
    assert 2.0 < len(samples) / 16000 < 7.5
    assert np.abs(samples[: 16000 * 2]).max() > 0.2


@pytest.mark.parametrize("odd", [np.inf, -np.inf, np.nan, 3e38, -1e9, 1.5])
def test_samples_that_no_sound_has_make_nobody_deaf_to_the_rest(tmp_path: Path, odd: float) -> None:
    sound = make.tone(2)
    sound[16000] = odd
    soundfile.write(tmp_path / "a.wav", sound, 16000, subtype="FLOAT")
    samples = all_of(AudioFile(tmp_path / "a.wav"))
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1
    rest = np.abs(np.arange(len(samples)) - 16000) > 50
    assert np.allclose(samples[rest], sound[: len(samples), 0][rest], atol=1e-4)
