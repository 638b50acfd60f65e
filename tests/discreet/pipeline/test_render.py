"""Writing the safe recording: what nobody looked at or listened to is not shown and not heard."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture import AudioFile, SafeWriter, VideoFile, mono_sound, probe
from capture.media_info import Picture
from discreet.config.settings import load
from discreet.pipeline.render import RenderPlan, in_channels, render, safe_sound
from discreet.pipeline.serialise import Faces
from discreet.pipeline.source import Source, open_source
from timeline import Redaction, UnsafeError
from voice import VoicePlan, VoiceSpan, voice_for

PLAN = VoicePlan([], voice_for(bytes(32), "nobody"))


def recording(path: Path, rate: int | None, channels: int = 1, picture: bool = True) -> Path:
    """A second of fine stripes, and of noise."""
    dice = np.random.default_rng(1)
    stripes = np.zeros((120, 160, 3), np.uint8)
    stripes[:, ::2] = 255
    with SafeWriter(path, Picture(160, 120, 10) if picture else None, rate, channels) as writer:
        for i in range(10):
            if picture:
                writer.write_frame(i / 10, stripes)
            if rate:
                writer.write_audio(dice.normal(0, 0.1, (rate // 10, channels)).astype(np.float32))
    return path


def opened(path: Path) -> Source:
    return open_source(path, load().capture)


def safe(source: Path, target: Path, times: npt.NDArray[np.float64]) -> int:
    faces = Faces([], times)
    return render(opened(source), target, load(), RenderPlan(faces, PLAN), lambda done: None).unseen


def test_a_picture_nobody_looked_at_is_masked_as_a_whole(tmp_path: Path) -> None:
    source = recording(tmp_path / "in.mp4", None)
    times = np.array([t for t, _ in VideoFile(source)])
    looked = np.delete(times, [3, 9])
    assert safe(source, tmp_path / "out.mp4", looked) == 2
    contrast = [
        float(np.abs(np.diff(image[:, :, 0].astype(int), axis=1)).mean())
        for _, image in VideoFile(tmp_path / "out.mp4")
    ]
    clear = np.array(contrast) > 100
    assert clear.tolist() == [i not in (3, 9) for i in range(10)]


def test_all_is_masked_when_nobody_looked(tmp_path: Path) -> None:
    assert safe(recording(tmp_path / "in.mp4", None), tmp_path / "out.mp4", np.zeros(0)) == 10


@pytest.mark.parametrize(("rate", "gives"), [(8000, 8000), (44100, 44100), (48000, 48000), (96000, 48000)])
def test_sound_keeps_its_rate_where_it_can(tmp_path: Path, rate: int, gives: int) -> None:
    source = recording(tmp_path / "in.m4a", rate, picture=False)
    safe(source, tmp_path / "out.m4a", np.zeros(0))
    after = probe(tmp_path / "out.m4a")
    assert after.sample_rate == gives
    assert after.duration == pytest.approx(1.0, abs=0.1)


def talk(seconds: float = 2.0, seed: int = 1) -> npt.NDArray[np.float32]:
    dice = np.random.default_rng(seed)
    pace = np.repeat(dice.uniform(0, 1, 1 + round(seconds * 5)) ** 3, 3200)[: round(seconds * 16000)]
    return (pace * dice.normal(0, 0.2, len(pace))).astype(np.float32)


def wav(path: Path, samples: npt.NDArray[np.float32], rate: int = 16000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((samples.shape[1], 2, rate, 0, "NONE", ""))
        file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path


def own_voices(source: Path, redactions: list[Redaction]) -> npt.NDArray[np.float32]:
    info = probe(source)
    safe = safe_sound(mono_sound(source, info), redactions, load())
    return np.concatenate([b for _, b in in_channels(safe, 16000, info.sample_rate, min(2, info.channels))])


@settings(max_examples=5, deadline=None)
@given(
    st.integers(0, 999),
    st.sampled_from([2, 6]),
    st.lists(st.tuples(st.floats(-1, 1), st.integers(0, 160)), min_size=12, max_size=12),
    st.floats(-0.1, 0.1),
)
def test_all_that_is_written_is_the_one_sound_with_its_redactions(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    count: int,
    paths: list[tuple[float, int]],
    offset: float,
) -> None:
    """No combination of what is written holds anything else: its channels are one and the same."""
    one, other = talk(seed=seed), talk(seed=seed + 1)
    columns = [
        paths[2 * c][0] * np.roll(one, paths[2 * c][1]) + paths[2 * c + 1][0] * np.roll(other, paths[2 * c + 1][1])
        for c in range(count)
    ]
    noise = np.random.default_rng(seed).normal(offset, 0.001, (len(one), count))
    source = wav(tmp_path_factory.mktemp("mix") / "in.wav", (np.stack(columns, 1) / 3 + noise).astype(np.float32))
    written = own_voices(source, [word(0.5, 1.0, "silence")])
    assert written.shape == (len(one), 2)
    assert np.array_equal(written[:, 0], written[:, 1])
    heard = np.concatenate(list(mono_sound(source).blocks()))
    assert not written[8000:16000].any()
    assert np.array_equal(written[:7000, 0], heard[:7000])
    assert np.array_equal(written[17000:, 0], heard[17000:])


def test_what_lies_above_the_recognisers_band_is_not_written(tmp_path: Path) -> None:
    """Speech on a carrier of 12 kHz is heard by whoever demodulates it, and by no recogniser."""
    t = np.arange(96000) / 48000
    speech = np.convolve(np.repeat(talk(), 3), np.hanning(96), "same") / 48  # below 1 kHz
    hidden = 0.4 * (1 + speech) * np.sin(2 * np.pi * 12000 * t)
    source = wav(tmp_path / "in.wav", hidden[:, None].astype(np.float32), 48000)
    written = own_voices(source, [])
    assert written.shape == (96000, 1)
    assert float(np.abs(written[480:-480]).max()) < 1e-3, "but for the clicks at both ends"


@pytest.mark.parametrize("channels", [1, 2])
def test_the_same_sound_in_every_channel_is_written_as_it_is(tmp_path: Path, channels: int) -> None:
    samples = np.repeat(talk()[:, None], channels, axis=1)
    source = wav(tmp_path / "in.wav", samples)
    before = np.concatenate(list(AudioFile(source, None, mono=False).blocks()))
    assert np.array_equal(own_voices(source, []), before)


def test_a_wrongly_wired_microphone_is_listened_to(tmp_path: Path) -> None:
    """One microphone the wrong way round: the channels' plain mix would be silent, and their difference all of it."""
    one = talk()[:, None]
    source = wav(tmp_path / "in.wav", np.concatenate([one, -one], axis=1))
    heard = np.concatenate(list(mono_sound(source).blocks()))
    assert np.abs(heard - one[:, 0]).max() < 1e-4
    assert np.array_equal(own_voices(source, []), np.stack([heard, heard], 1))


def flashes(path: Path) -> Path:
    """Four seconds at 25 pictures a second: a white picture and a click at one and at three seconds."""
    with SafeWriter(path, Picture(160, 120, 25), 16000) as writer:
        for i in range(100):
            bright = i in (25, 75)
            writer.write_frame(i / 25, np.full((120, 160, 3), 255 if bright else 0, np.uint8))
            block = np.zeros(640, np.float32)
            block[:160] = 0.8 * bright * np.sin(np.arange(160))
            writer.write_audio(block)
    return path


def word(start: float, end: float, operator: str) -> Redaction:
    return Redaction(id=f"w{start}", kind="word", start=start, end=end, operator=operator, reason="test")


def test_removing_takes_picture_and_sound_and_keeps_them_together(tmp_path: Path) -> None:
    source, target = flashes(tmp_path / "in.mp4"), tmp_path / "out.mp4"
    times = np.array([t for t, _ in VideoFile(source)])
    own = VoicePlan([VoiceSpan(0.0, 9.0, None)], voice_for(bytes(32), "nobody"))
    cuts = [word(1.5, 2.2, "remove"), word(3.413, 3.5, "remove")]
    render(opened(source), target, load(), RenderPlan(Faces([], times), own, cuts), lambda done: None)
    pictures = [(t, float(image.mean())) for t, image in VideoFile(target)]
    sound = np.concatenate(list(AudioFile(target, 16000).blocks()))
    assert len(pictures) == sum(not (1.5 <= t < 2.2 or 3.413 <= t < 3.5) for t in times)
    bright = [t for t, level in pictures if level > 128]
    assert bright == pytest.approx([1.0, 2.3], abs=0.002)
    loud = np.flatnonzero(np.abs(sound) > 0.3) / 16000
    clicks = [float(loud[(loud > t - 0.5) & (loud < t + 0.5)].min()) for t in (1.0, 2.3)]
    assert clicks == pytest.approx(bright, abs=0.02), "within half a picture"
    assert len(sound) / 16000 == pytest.approx(4 - 0.7 - 0.087, abs=0.08)


def test_removing_everything_leaves_no_file(tmp_path: Path) -> None:
    source = recording(tmp_path / "in.m4a", 16000, picture=False)
    plan = RenderPlan(Faces([], np.zeros(0)), PLAN, [word(0.0, 2.0, "remove")])
    with pytest.raises(UnsafeError, match="the whole recording is private"):
        render(opened(source), tmp_path / "out.m4a", load(), plan, lambda done: None)
    assert not (tmp_path / "out.m4a").exists()


def test_a_converter_spreads_nothing_of_a_private_word_beyond_its_edges(tmp_path: Path) -> None:
    """Two recordings that differ in the word alone sound alike in another voice, around the word, too."""
    heard = []
    for seed in (1, 2):
        dice = np.random.default_rng(7)
        samples = dice.normal(0, 0.1, 32000).astype(np.float32)
        samples[16000:20000] = np.random.default_rng(seed).normal(0, 0.3, 4000)
        source = tmp_path / f"{seed}.wav"
        with wave.open(str(source), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
        heard.append(np.concatenate(sounds(source, [word(0.95, 1.3, "silence")])))
    assert np.abs(heard[0]).max() > 0.05
    assert np.array_equal(heard[0], heard[1])


def sounds(source: Path, redactions: list[Redaction]) -> list[npt.NDArray[np.float32]]:
    return list(safe_sound(mono_sound(source), redactions, load(), voices=PLAN))
