"""The one sound of a recording with several channels: nothing cancels in it, and it does not depend on the reading."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import media_maker as make
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture import AudioFile, MonoSound, mono_sound, probe
from capture.reading.mixdown import choose_mix
from timeline import Audio

RATE = 16000
Sound = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Held:
    """Channels ``[n, C]`` in memory."""

    samples: Sound
    sample_rate: int = RATE

    @property
    def channels(self) -> int:
        return self.samples.shape[1]

    @property
    def duration(self) -> float:
        return len(self.samples) / self.sample_rate

    def blocks(self, seconds: float = 10.0) -> Iterator[Sound]:
        step = round(seconds * self.sample_rate)
        for at in range(0, len(self.samples), step):
            yield self.samples[at : at + step]


def talk(seed: int, seconds: float = 6.0) -> Sound:
    """Something like speech: coloured noise in syllables with pauses."""
    dice = np.random.default_rng(seed)
    count = round(seconds * RATE)
    noise = np.convolve(dice.normal(0, 1, count), np.hanning(16), "same")
    knots = np.arange(0, count + 3200, 3200)
    pace = np.interp(np.arange(count), knots, dice.uniform(0, 1, len(knots)) ** 4)
    spectrum = np.fft.rfft(noise * pace)
    spectrum[: round(150 * count / RATE)] = 0
    x = np.fft.irfft(spectrum, count)
    return (0.1 * x / np.sqrt(np.mean(x**2))).astype(np.float32)


def heard(samples: Sound) -> tuple[MonoSound, Sound]:
    channels = Held(np.asarray(samples, np.float32))
    sound = MonoSound(channels, choose_mix(channels))
    return sound, np.concatenate(list(sound.blocks()))


def in_it(part: Sound, whole: Sound) -> float:
    """How loud ``part`` is in ``whole``, whatever filter it went through: power that it explains over its own."""
    size = 512
    window = np.hanning(size)
    a, b = (
        np.fft.rfft(np.lib.stride_tricks.sliding_window_view(x, size)[:: size // 4] * window)[:, 4:240]
        for x in (part, whole)
    )
    both, own = np.sum(b * a.conj(), 0), np.maximum(np.sum(np.abs(a) ** 2, 0), 1e-12)
    return float(np.sum(np.abs(both) ** 2 / own) / np.sum(own))


def test_one_sound_in_both_channels_stays_as_it_is_sample_by_sample() -> None:
    one = talk(1)
    sound, mixed = heard(np.stack([one, one], 1))
    assert np.array_equal(mixed, one)
    assert not sound.notes
    assert not sound.views


@pytest.mark.parametrize("gain", [0.5, -1.0, -0.1, 0.0])
def test_the_same_sound_with_another_gain_is_the_louder_channel(gain: float) -> None:
    one = talk(2)
    for columns in ([one, gain * one], [gain * one, one]):
        sound, mixed = heard(np.stack(columns, 1))
        assert np.array_equal(mixed, one) or (gain == -1.0 and np.array_equal(mixed, -one))
        assert not sound.mix.differs


def test_a_constant_offset_makes_no_difference_between_channels() -> None:
    one = talk(3)
    sound, mixed = heard(np.stack([one, -one + 0.2], 1))
    assert not sound.mix.differs
    assert in_it(one, mixed) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("beside", ["offset", "hum", "noise", "talker"])
def test_a_voice_in_opposite_phase_is_in_the_mix_whatever_is_in_phase(beside: str) -> None:
    voice = 0.3 * talk(4)
    t = np.arange(len(voice)) / RATE
    other = {
        "offset": np.full(len(voice), 0.1),
        "hum": 0.2 * np.sin(2 * np.pi * 100 * t),
        "noise": np.random.default_rng(5).normal(0, 0.05, len(voice)),
        "talker": 0.6 * talk(5),
    }[beside]
    _, mixed = heard(np.stack([other + voice, other - voice], 1))
    assert in_it(voice, mixed) >= 0.45, "no more than 3 dB below what either channel holds"


def test_a_quiet_voice_of_its_own_is_raised() -> None:
    loud, low = talk(6), 0.1 * talk(7)
    sound, mixed = heard(np.stack([loud, low], 1))
    assert in_it(low, mixed) >= 10
    assert in_it(loud, mixed) >= 0.45
    assert any(view.weights[0] == 0 and view.weights[1] > 0 for view in sound.mix.views)


def test_quiet_noise_is_not_raised() -> None:
    sound, _ = heard(np.stack([talk(8), np.random.default_rng(1).normal(0, 0.003, 96000)], 1))
    assert sound.mix.gains == (1.0, 1.0)
    assert not any(view.weights[0] == 0 for view in sound.mix.views)


def test_a_remark_of_a_second_in_an_hour_is_not_averaged_away() -> None:
    one = np.tile(talk(9, 60.0), 10)
    other = one.copy()
    other[5_000_000:5_016_000] = 0.1 * talk(10, 1.0)
    sound, mixed = heard(np.stack([one, other], 1))
    assert sound.mix.differs
    assert len(mixed) == len(one)
    spans = [span for view in sound.mix.views for span in view.spans]
    assert spans
    assert all(span.end < 340 and span.start > 290 for span in spans)


@pytest.mark.parametrize("count", [3, 6])
def test_more_channels_are_all_in_the_mix(count: int) -> None:
    voices = [talk(20 + i) for i in range(count)]
    _, mixed = heard(np.stack(voices, 1))
    for voice in voices:
        assert in_it(voice, mixed) >= 0.8 / count
    together = np.outer(voices[0], (-1.0) ** np.arange(count)) + 0.5 * np.stack(voices[1:] + voices[:1], 1)
    assert in_it(voices[0], heard(together)[1]) >= 0.3


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 999),
    st.sampled_from([2, 6]),
    st.lists(st.tuples(st.floats(-1, 1), st.integers(0, 160)), min_size=12, max_size=12),
    st.floats(-0.2, 0.2),
    st.sampled_from([0.0, 0.001, 0.02]),
)
def test_every_voice_of_a_random_mix_is_in_the_one_sound(
    seed: int, count: int, paths: list[tuple[float, int]], offset: float, noise: float
) -> None:
    dice = np.random.default_rng(seed)
    voices = [talk(seed, 3.0), talk(seed + 1, 3.0)]
    samples = dice.normal(offset, noise, (len(voices[0]), count))
    for number, voice in enumerate(voices):
        for channel in range(count):
            gain, delay = paths[2 * channel + number]
            samples[:, channel] += gain * np.roll(voice, delay)
    sound, mixed = heard(samples)
    assert len(mixed) == len(samples)
    assert float(np.abs(mixed).max()) <= max(1.0, float(np.abs(samples).max()))
    for number, voice in enumerate(voices):
        strength = sum(paths[2 * c + number][0] ** 2 for c in range(count))
        if strength > 0.05:
            assert in_it(voice, mixed) >= 0.02 * strength / count, sound.mix


def test_the_samples_do_not_depend_on_the_blocks() -> None:
    channels = Held(np.stack([talk(11), talk(12)], 1))
    sound = MonoSound(channels, choose_mix(channels))
    whole = np.concatenate(list(sound.blocks(100)))
    for seconds in (0.013, 0.5, 3.0):
        assert np.array_equal(np.concatenate(list(sound.blocks(seconds))), whole)
    assert {len(block) for block in list(sound.blocks(0.5))[:-1]} == {8000}
    view = sound.views[0]
    assert np.array_equal(*(np.concatenate(list(view.blocks(s))) for s in (0.3, 10.0)))
    assert sum(map(len, view.blocks())) == len(whole)
    assert isinstance(sound, Audio)


@pytest.mark.parametrize("samples", [np.zeros((0, 2)), np.zeros((5, 2)), np.full((9000, 3), np.nan)])
def test_odd_sound_gives_silence_of_the_same_length(samples: Sound) -> None:
    channels = Held(samples.astype(np.float32))
    sound = MonoSound(channels, choose_mix(channels))
    assert sum(map(len, sound.blocks())) == len(samples)
    assert not any(block.any() for block in sound.blocks())


def test_a_file_with_one_channel_is_read_as_before(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.wav", paint=None, sound=make.tone(1, 16000), rate=16000, audio_codec="pcm_s16le")
    assert isinstance(mono_sound(path), AudioFile)


@pytest.mark.parametrize("channels", [2, 6])
def test_all_channels_of_a_file_are_read_as_they_are(tmp_path: Path, channels: int) -> None:
    wanted = np.stack([0.5 * talk(30 + i, 1.0) for i in range(channels)], 1).clip(-1, 1)
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, 16000, 0, "NONE", ""))
        file.writeframes((wanted * 32767).astype("<i2").tobytes())
    info = probe(path)
    got = np.concatenate(list(AudioFile(path, 16000, mono=False, info=info).blocks()))
    assert got.shape == wanted.shape
    assert np.abs(got - wanted).max() < 1e-4
    sound = mono_sound(path, info)
    assert isinstance(sound, MonoSound)
    assert f"{channels} of the recording's {channels} channels" in sound.notes[0]


@pytest.mark.parametrize(("sounds", "videos"), [(1, 1), (2, 1), (1, 2)])
def test_more_tracks_than_are_read_are_said(tmp_path: Path, sounds: int, videos: int) -> None:
    path = tmp_path / "tracks.mkv"
    with av.open(str(path), "w") as out:
        pictures = [out.add_stream("libx264", rate=10) for _ in range(videos)]
        for picture in pictures:
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        tracks = [out.add_stream("flac", rate=16000, layout="mono") for _ in range(sounds)]
        for number in range(10):
            for picture in pictures:
                image = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 20 * number, np.uint8), "rgb24")
                out.mux(picture.encode(image))
            for track in tracks:
                block = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.int16), "s16", "mono")
                block.sample_rate, block.pts = 16000, 1600 * number
                out.mux(track.encode(block))
        for stream in (*pictures, *tracks):
            out.mux(stream.encode(None))
    said = [note for note in probe(path).notes if "left out" in note]
    assert len(said) == (sounds > 1) + (videos > 1)
    assert all(("sound" if sounds > 1 else "video") in note for note in said)
