"""Surrogates: the same name for the same person, nobody's who is there, spoken within the span or not at all."""

import numpy as np
import pytest

from redaction import Clip, RedactionSettings, Redactor, SurrogateChooser, speak_surrogates
from redaction.operators.kokoro import _IDS, fit_surrogate, is_low_voice, loudness, trim_silence
from redaction.operators.surrogate import RATE
from redaction.operators.surrogate_names import names
from timeline import ArrayAudio, Redaction, Segment, Word

SECRET = bytes(range(32))


def cut(id, entity="PERSON", start=1.0, end=2.0):
    return Redaction(id=id, kind="word", start=start, end=end, entity=entity, operator="surrogate", reason="test")


def said(**texts):
    return {id: tuple(Word(start=0, end=1, text=t) for t in text.split()) for id, text in texts.items()}


def choose(texts, heard=(), secret=SECRET, entity="PERSON"):
    chosen = SurrogateChooser(secret, heard).choose([cut(id, entity) for id in texts], said(**texts))
    return {id: " ".join(n.text for n in given) for id, given in chosen.items()}


def test_the_list_can_be_spoken():
    assert len(names()) > 40
    assert {n.kind for n in names()} == {"first", "last", "place"}
    assert all(letter in _IDS for n in names() for letter in n.phonemes)


def test_one_name_has_one_surrogate_however_it_is_spelled_and_used():
    given = choose({"a": "Siobhan Okonkwo,", "b": "Siobhan", "c": "Mrs. Ocongwo", "d": "Okonkwo's"})
    first, last = given["a"].split()
    assert given["b"] == first
    assert given["c"] == given["d"] == last


def test_two_names_have_two_and_another_key_gives_others():
    texts = dict(zip("abcdef", ["Anna", "Ben", "Cleo", "Dieter", "Emeka", "Farah"], strict=True))
    given = choose(texts)
    assert len(set(given.values())) == 6
    assert given != choose(texts, secret=bytes(32))
    assert given == choose(texts)


def test_no_surrogate_is_or_sounds_like_a_name_that_is_heard():
    everything = [n.text for n in names() if n.text != "Harper"]
    assert choose({"a": "Anna"}, heard=everything) == {"a": "Harper"}
    assert choose({"a": "Anna"}, heard=[*everything, "harper's"]) == {}
    assert choose({"a": "Anna"}, heard=[*everything, "Harpur"]) == {}


def test_places_have_places_and_other_kinds_nothing():
    (place,) = choose({"a": "New Haven"}, entity="LOCATION").values()
    assert place in {n.text for n in names() if n.kind == "place"}
    assert choose({"a": "four one five"}, entity="PHONE_NUMBER") == {}


def voice(seconds):
    """Says a tone that takes ``seconds`` at the usual speed, with silence around it."""

    def speak(phonemes, low, speed):
        n = round(seconds / speed * RATE)
        tone = 0.3 * np.sin(2 * np.pi * (120 if low else 220) * np.arange(n) / RATE)
        return np.concatenate([np.zeros(2400), tone, np.zeros(4800)]).astype(np.float32)

    return speak


ORIGINAL = (0.05 * np.random.default_rng(1).normal(0, 1, 16000)).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.3, 0.9, 1.3])
def test_a_surrogate_stays_in_its_span_at_the_originals_level(seconds):
    clip = fit_surrogate(voice(seconds), names()[:1], Segment(1.0, 2.0), ORIGINAL, 16000)
    assert clip.start >= 1.0
    assert clip.end <= 2.0
    assert loudness(clip.samples, RATE) == pytest.approx(loudness(ORIGINAL, 16000), rel=0.15)
    assert abs(clip.samples[0]) < 1e-3
    assert abs(clip.samples[-1]) < 1e-3


def test_what_does_not_fit_is_beeped_and_said_why():
    assert fit_surrogate(voice(2.0), names()[:1], Segment(1.0, 2.0), ORIGINAL, 16000) is None
    cuts = [cut("a"), cut("b", "US_SSN", 3.0, 4.0), cut("c", start=5.0, end=6.0)]
    audio = ArrayAudio(np.zeros(16000 * 8, np.float32))
    speak = {True: voice(0.5), False: voice(2.5)}
    out, clips = speak_surrogates(audio, cuts, {"a": names()[:1]}, lambda: speak[True])
    assert [r.operator for r in out] == ["surrogate", "beep", "beep"]
    assert "nothing of its kind" in out[1].reason
    assert list(clips) == ["a"]
    out, clips = speak_surrogates(audio, cuts[:1], {"a": names()[:1]}, lambda: speak[False])
    assert (out[0].operator, clips) == ("beep", {})
    assert "no room" in out[0].reason


def test_only_the_surrogate_is_heard_however_the_stream_is_cut():
    clip = Clip(1.2, np.full(RATE // 2, 0.2, np.float32), "Robin")
    x = np.random.default_rng(2).uniform(-0.5, 0.5, (48000 * 3, 2)).astype(np.float32)
    redact = Redactor([cut("a")], RedactionSettings(), {"a": clip})
    whole, other = redact(x, 0.0, 48000), redact(-x, 0.0, 48000)
    inside = slice(48000, 96000)
    assert np.array_equal(whole[inside], other[inside])
    assert np.abs(whole[round(1.3 * 48000) : round(1.6 * 48000)] - 0.2).max() < 0.02
    assert not whole[48000 : round(1.15 * 48000)].any()
    parts = [redact(x[a : a + 7777], a / 48000, 48000) for a in range(0, len(x), 7777)]
    assert np.array_equal(np.concatenate(parts), whole)


def test_a_surrogate_that_nobody_made_is_a_beep():
    y = Redactor([cut("a")], RedactionSettings())(np.zeros(48000, np.float32), 0.0, 16000)
    assert np.sqrt(np.mean(y[17000:31000] ** 2)) == pytest.approx(RedactionSettings().beep_level, rel=0.01)


def test_low_and_high_voices_are_told_apart():
    t = np.arange(16000) / 16000
    for hz, low in ((110, True), (220, False)):
        x = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 8)).astype(np.float32)
        assert is_low_voice(x, 16000) is low
    assert not is_low_voice(np.zeros(16000, np.float32), 16000)
    assert len(trim_silence(np.zeros(24000, np.float32))) == 0


def test_the_synthetic_voice_says_the_name(store, needs):
    from scipy.signal import resample_poly

    from redaction import Kokoro, Transcriber

    needs(store, "kokoro", "whisper-base")
    robin = next(n for n in names() if n.text == "Robin")
    room = np.full(16000, 0.1, np.float32)
    clip = fit_surrogate(Kokoro.from_store(store), [robin], Segment(1.0, 1.55), room, 16000)
    assert clip.end <= 1.55
    samples = np.concatenate([np.zeros(8000, np.float32), resample_poly(clip.samples, 2, 3), np.zeros(8000)])
    heard = Transcriber.from_store(store, RedactionSettings(language="en"))(ArrayAudio(samples.astype(np.float32)))
    assert "robin" in " ".join(w.text for w in heard).lower()
