"""Sound alone: every format whole or not at all, at the same times, with nothing of the input's tags."""

import av
import numpy as np
import pytest

from capture import AudioFile, SoundWriter, probe, refuse_overwrite, sound_suffix_for
from timeline import OutputError


def tone(seconds, rate, channels=1):
    """A sine with a gap of silence from 0.5 to 0.6 s."""
    t = np.arange(round(seconds * rate)) / rate
    wave = (0.3 * np.sin(2 * np.pi * 440 * t) * ((t < 0.5) | (t >= 0.6))).astype(np.float32)
    return wave if channels == 1 else np.stack([wave, 0.5 * wave], 1)


def write(path, samples, rate, channels=1, **more):
    with SoundWriter(path, rate, channels, **more) as out:
        for at in range(0, len(samples), 7000):
            out.write(samples[at : at + 7000])


@pytest.mark.parametrize(("ending", "rate"), [("wav", 22050), ("flac", 44100), ("mp3", 44100), ("m4a", 48000)])
@pytest.mark.parametrize("channels", [1, 2])
def test_sound_comes_back_at_the_same_times(tmp_path, ending, rate, channels):
    path = tmp_path / f"a.{ending}"
    samples = tone(1.3, rate, channels)
    write(path, samples, rate, channels)
    audio = AudioFile(path, sample_rate=None, mono=False)
    back = np.concatenate(list(audio.blocks()))
    assert (audio.sample_rate, audio.channels) == (rate, channels)
    assert len(back) == pytest.approx(len(samples), abs=0.03 * rate)
    if ending in ("wav", "flac"):
        assert np.abs(back - samples.reshape(back.shape)).max() <= 1 / 32767
    else:
        n = min(len(back), len(samples))
        assert np.corrcoef(back[:n].reshape(n, -1)[:, 0], samples[:n].reshape(n, -1)[:, 0])[0, 1] > 0.98
    assert list(tmp_path.iterdir()) == [path]
    with av.open(str(path)) as made:
        assert "title" not in made.metadata
        assert not any(word in str(made.metadata).lower() for word in ("lavf", "encoder"))


def test_samples_that_nothing_was_done_to_are_the_same_to_the_bit(tmp_path):
    rate = 16000
    original = np.random.default_rng(0).integers(-32768, 32768, 5000).astype(np.float32) / 32768
    write(tmp_path / "a.wav", original, rate)
    back = np.concatenate(list(AudioFile(tmp_path / "a.wav", sample_rate=None).blocks()))
    assert np.array_equal(back, original)


def test_a_deep_wav_stays_deep_and_an_odd_rate_becomes_one_that_the_format_has(tmp_path):
    write(tmp_path / "a.wav", tone(0.2, 16000), 16000, source="pcm_f32le")
    assert probe(tmp_path / "a.wav").audio_codec == "pcm_f32le"
    write(tmp_path / "a.mp3", tone(0.3, 17000), 17000)
    assert probe(tmp_path / "a.mp3").sample_rate == 48000


def test_nothing_is_left_of_what_was_not_finished(tmp_path):
    def stopped():
        with SoundWriter(tmp_path / "a.flac", 16000, 1) as out:
            out.write(tone(0.5, 16000))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []
    for path in (tmp_path / "a.ogg", tmp_path / "none" / "a.wav"):
        with pytest.raises(OutputError):
            SoundWriter(path, 16000, 1)


def test_the_recording_and_other_files_are_spared(tmp_path):
    path, other = tmp_path / "a.wav", tmp_path / "b.wav"
    write(path, tone(0.2, 16000), 16000)
    write(other, tone(0.2, 16000), 16000)
    with pytest.raises(OutputError, match="never changes"):
        refuse_overwrite(path, path, overwrite=True)
    with pytest.raises(OutputError, match="already exists"):
        refuse_overwrite(other, path, overwrite=False)
    refuse_overwrite(other, path, overwrite=True)
    assert sound_suffix_for(probe(path)) == ".wav"
