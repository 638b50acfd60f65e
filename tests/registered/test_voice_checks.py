from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from registered_fakes import RATE, Voices, clip, speech, talk

from registered import Clip, Problem, VoiceQuality
from registered.voice_checks import (
    GoodVoice,
    check_voice,
    clipped,
    greater_part,
    joined_speech,
    level,
    narrow_band,
    read_clip,
    snr,
    split_voices,
    voices_ratio,
)
from timeline import ArrayAudio, FloatArray, InputError, PeopleError, Segment

Q = VoiceQuality()


def codes(samples: FloatArray) -> list[str]:
    found = check_voice(clip("a.wav", samples), Voices(), speech, Q)
    return [] if isinstance(found, GoodVoice) else [p.code for p in found]


def test_a_good_clip_passes() -> None:
    found = check_voice(clip("a.wav", talk(14)), Voices(), speech, Q)
    assert isinstance(found, GoodVoice)
    assert 7 < found.speech < 11
    assert len(found.embeddings) == len(found.quality) == 1
    assert ((found.quality > 0) & (found.quality <= 1)).all()
    assert len(found.samples) == 14 * RATE


@pytest.mark.parametrize(
    ("samples", "wanted"),
    [
        (talk(12, level=0.0025, noise=1e-5), ["too-quiet"]),
        (np.zeros(12 * RATE, np.float32), ["too-quiet", "no-speech"]),
        (talk(1.0), ["no-speech"]),
        (np.clip(talk(12) * 8, -1, 1), ["clipped"]),
        (0.3 * np.clip(talk(12) * 8, -1, 1), ["clipped"]),
        (talk(12, noise=0.08), ["noisy"]),
        (np.concatenate([talk(6, 120), talk(6, 300)]), ["two-voices"]),
        (np.concatenate([talk(3, 120), talk(3, 300)] * 3), ["two-voices"]),
        (np.full(12 * RATE, np.nan, np.float32), ["unreadable"]),
        (np.zeros(0, np.float32), ["unreadable"]),
    ],
)
def test_each_fault_is_named(samples: FloatArray, wanted: list[str]) -> None:
    found = check_voice(clip("a.wav", samples.astype(np.float32)), Voices(), speech, Q)
    assert isinstance(found, list)
    assert [p.code for p in found] == wanted
    assert all(p.source == "a.wav" and p.message and p.remedy for p in found)


def test_all_faults_of_one_clip_are_told() -> None:
    loud = np.clip(np.concatenate([talk(6, 120), talk(6, 300)]) * 8, -1, 1)
    assert codes(loud.astype(np.float32)) == ["clipped", "two-voices"]


def test_long_clips_are_cut_and_give_several_templates() -> None:
    quality = VoiceQuality(max_clip=60, max_templates=3)
    found = check_voice(clip("a.wav", talk(90)), Voices(), speech, quality)
    assert isinstance(found, GoodVoice)
    assert len(found.samples) == 60 * RATE
    assert len(found.embeddings) == 3


def test_a_clip_that_cannot_be_decoded_is_told_with_the_others() -> None:
    class Broken:
        sample_rate = RATE
        duration = 3.0

        def blocks(self, seconds: float = 10.0) -> Iterator[FloatArray]:
            yield np.zeros(10, np.float32)
            raise InputError("it ends in the middle", "record it again")

    found = read_clip(Clip("a.wav", Broken()), 10)
    assert isinstance(found, Problem)
    assert (found.code, found.message, found.remedy) == ("unreadable", "it ends in the middle", "record it again")


def test_another_rate_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="48000 Hz"):
        read_clip(clip("a.wav", talk(1, rate=48000), rate=48000), 10)


def test_an_embedder_that_finds_no_speech_is_not_fatal() -> None:
    class Picky(Voices):
        def __call__(self, samples: FloatArray) -> FloatArray:
            raise PeopleError("less than half a second")

    found = check_voice(clip("a.wav", talk(12)), Picky(), speech, Q)
    assert isinstance(found, list)
    assert [p.code for p in found] == ["no-template"]


@given(st.floats(0.001, 1.0), st.integers(100, 4000))
def test_levels(amplitude: float, hertz: int) -> None:
    tone = amplitude * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)
    assert level(tone.astype(np.float32)) == pytest.approx(20 * np.log10(amplitude) - 3.01, abs=0.1)


@given(st.floats(0.1, 1.0), st.floats(0.06, 1.0))
def test_clipping_is_found_at_every_level_and_a_clean_tone_is_none(cut: float, gain: float) -> None:
    tone = np.sin(2 * np.pi * 211.7 * np.arange(RATE) / RATE)
    assert clipped((gain * tone).astype(np.float32)) < 0.03
    flat = clipped((gain * np.clip(tone, -cut, cut) / cut).astype(np.float32))
    assert flat == pytest.approx(1 - 2 / np.pi * np.arcsin(cut), abs=0.05)


@pytest.mark.parametrize("true", [5, 10, 15, 20, 30])
def test_the_estimated_noise_is_near_the_true_one(true: float) -> None:
    clean = talk(20, noise=0.0)
    power = float(np.mean(clean.astype(np.float64) ** 2))
    noise = np.random.default_rng(1).normal(0, np.sqrt(power / 10 ** (true / 10)), len(clean))
    assert snr((clean + noise).astype(np.float32)) == pytest.approx(true, abs=2)


def test_net_speech_is_what_lies_in_the_spans() -> None:
    samples = np.arange(3 * RATE, dtype=np.float32)
    got = joined_speech(samples, [Segment(2.0, 2.5), Segment(0.5, 1.0), Segment(0.75, 1.25), Segment(2.9, 9.0)])
    want = np.concatenate([samples[8000:20000], samples[32000:40000], samples[46400:]])
    np.testing.assert_array_equal(got, want)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_two_voices_are_found_whatever_their_order(order: list[int]) -> None:
    rows = np.eye(4, dtype=np.float32)[order]
    other = split_voices(rows, 0.0)
    assert (other is not None) == (len(set(order)) > 1)
    if len(set(order)) == 2:
        assert len({(who, part) for who, part in zip(order, other, strict=True)}) == 2


def test_one_odd_window_among_many_is_no_second_speaker() -> None:
    rows = np.eye(2, dtype=np.float32)[[0] * 11 + [1]]
    assert split_voices(rows, 0.15) is None
    assert split_voices(rows, 0.05) is not None


class Unsure(Voices):
    """An embedder to which two different pitches may be one voice in two rooms."""

    def ratio(self, cosine: float, one: float, other: float) -> float:
        return 0.0 if cosine < 0.5 else 9.0


def test_of_a_clip_that_may_hold_two_voices_only_the_greater_part_is_used() -> None:
    sound = np.concatenate([talk(8, 120), talk(4, 300)])
    found = check_voice(clip("a.wav", sound), Unsure(), speech, VoiceQuality())
    assert isinstance(found, GoodVoice)
    whole = sum(span.duration for span in speech(ArrayAudio(sound, RATE)))
    assert found.left_out == pytest.approx(whole - found.speech)
    assert 0.25 * whole < found.left_out < 0.45 * whole
    alone = check_voice(clip("b.wav", talk(8, 120)), Unsure(), speech, VoiceQuality())
    assert isinstance(alone, GoodVoice)
    assert alone.left_out == 0.0
    assert float((found.embeddings @ alone.embeddings[0]).min()) == pytest.approx(
        float(alone.embeddings[0] @ alone.embeddings[0]), rel=0.1
    )


def test_a_telephone_is_known_by_its_band_and_two_people_in_it_are_less_surely_one() -> None:
    wide = np.random.default_rng(0).normal(0, 0.1, 4 * RATE).astype(np.float32)
    spectrum = np.fft.rfft(wide)
    spectrum[np.fft.rfftfreq(len(wide), 1 / RATE) > 3400] *= 1e-4
    narrow = np.fft.irfft(spectrum, len(wide)).astype(np.float32)
    assert not narrow_band(wide)
    assert not narrow_band(wide[:10])
    assert narrow_band(narrow)
    rows = np.array([[1, 0], [0.6, 0.8]], np.float32)
    other = np.array([False, True])
    assert voices_ratio(rows, other, Voices(), 1.5) > 0 > voices_ratio(rows, other, Voices(), 1.5, narrow=True)


def test_the_greater_part_leaves_out_what_is_as_near_to_the_other_voice() -> None:
    rows = np.array([[1, 0], [1, 0], [1, 0], [0.7, 0.7], [0, 1], [0, 1]], np.float32)
    other = np.array([False] * 4 + [True] * 2)
    assert greater_part(rows, other).tolist() == [True] * 3 + [False] * 3
    assert greater_part(rows, ~other).tolist() == [True] * 3 + [False] * 3
