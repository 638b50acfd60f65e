"""Writing the safe recording: what nobody looked at or listened to is not shown and not heard."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from capture import AudioFile, SafeWriter, VideoFile, probe
from capture.info import Picture
from discreet.config.settings import load
from discreet.pipeline.codec import Faces
from discreet.pipeline.render import heard_alike, render
from timeline import Redaction, TimeMap, UnsafeError
from voice import VoicePlan, VoiceSpan, voice_for

RATE = 48000
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


def safe(source: Path, target: Path, times: npt.NDArray[np.float64]) -> int:
    faces = Faces([], times)
    return render(source, probe(source), target, load(), faces, PLAN, [], lambda done: None)


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


def noise(channels: int, seed: int = 1) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 0.1, (RATE, channels)).astype(np.float32)


def test_what_cancels_in_the_mix_is_not_heard() -> None:
    """One microphone the wrong way round: nobody who listened to the mix heard a word of it."""
    one = noise(1)
    block = np.concatenate([one, -one], axis=1)
    block[: RATE // 2, 1] *= -1  # the first half is as it should be
    out = heard_alike(block, RATE)
    assert np.array_equal(out[: RATE // 2], block[: RATE // 2])
    assert float(np.abs(out[RATE // 2 :]).max()) < 1e-6
    assert float(np.abs(block[RATE // 2 :]).max()) > 0.1  # the input is not changed


@pytest.mark.parametrize(
    "block", [noise(1), noise(2), noise(2) * np.array([1, 0], np.float32), np.repeat(noise(1), 2, axis=1)]
)
def test_ordinary_sound_stays_as_it_is(block: npt.NDArray[np.float32]) -> None:
    assert np.array_equal(heard_alike(block, RATE), block)


def test_a_wrongly_wired_microphone_is_not_written(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    with SafeWriter(tmp_path / "in.m4a", None, 44100, 2) as writer:
        one = dice.normal(0, 0.1, (44100, 1)).astype(np.float32)
        writer.write_audio(np.concatenate([one, -one], axis=1))
    safe(tmp_path / "in.m4a", tmp_path / "out.m4a", np.zeros(0))
    heard = np.concatenate(list(AudioFile(tmp_path / "out.m4a", None, mono=False).blocks()))
    assert float(np.sqrt(np.square(heard).mean())) < 0.03, "0.1 went in; AAC leaves some noise"


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
    render(source, probe(source), target, load(), Faces([], times), own, cuts, lambda done: None)
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
    with pytest.raises(UnsafeError, match="all of the recording"):
        render(
            source,
            probe(source),
            tmp_path / "out.m4a",
            load(),
            Faces([], np.zeros(0)),
            PLAN,
            [word(0.0, 2.0, "remove")],
            lambda done: None,
        )
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
    from discreet.pipeline.render import _sound

    return [b for _, b in _sound(source, probe(source), load(), PLAN, redactions, TimeMap([]), None)]
