"""Words: mended where a recogniser is weak, and heard right by the real one."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction import RedactionSettings, Transcriber, Transcript
from redaction.asr.base import RecognisedWord
from redaction.asr.whisper import Whisper
from redaction.asr.word_timing import (
    join_word_pieces,
    lasts_too_long,
    least_seconds,
    trim_leading_pauses,
    widen_short_words,
    without_loops,
)
from timeline import ArrayAudio, ModelError, Segment


def heard(text, step=0.4, length=0.3, probability=0.9):
    return [RecognisedWord(i * step, i * step + length, t, probability) for i, t in enumerate(text.split())]


def test_pieces_of_a_word_are_one_word_with_the_least_probability():
    pieces = [
        RecognisedWord(0, 0.5, " 415", 0.9),
        RecognisedWord(0.5, 0.6, "-555", 0.4),
        RecognisedWord(0.6, 0.9, "-0132.", 0.8),
    ]
    assert join_word_pieces(pieces) == [RecognisedWord(0, 0.9, "415-555-0132.", 0.4)]
    assert (
        join_word_pieces(
            [RecognisedWord(0, 1, " ♪", 0.9), RecognisedWord(0, 1, " ", 0.9), RecognisedWord(1, 1, "", 0.9)]
        )
        == []
    )


def test_words_without_time_take_the_pause_beside_them():
    words = [
        RecognisedWord(0, 0.5, "cost", 0.9),
        RecognisedWord(0.8, 0.8, "$13.60", 0.9),
        RecognisedWord(2.0, 2.4, "now", 0.9),
    ]
    word = widen_short_words(words, 3.0)[1]
    assert word.start >= 0.5
    assert word.end <= 2.0
    assert word.end - word.start == pytest.approx(least_seconds("$13.60"))
    # There is no room after it: it takes what lies before.
    words = [
        RecognisedWord(0, 0.1, "in", 0.9),
        RecognisedWord(2.0, 2.0, "2014.", 0.9),
        RecognisedWord(2.0, 2.4, "now", 0.9),
    ]
    word = widen_short_words(words, 3.0)[1]
    assert (word.end, word.end - word.start) == (2.0, pytest.approx(least_seconds("2014.")))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 10), st.floats(-0.1, 1)), max_size=8))
def test_widened_times_only_grow_within_the_recording(spans):
    words = [RecognisedWord(a, a + d, "word", 0.9) for a, d in spans]
    out = widen_short_words(words, 8.0)
    assert len(out) == len(words)
    for before, after in zip(sorted(words, key=lambda w: w.start), out, strict=True):
        assert 0 <= after.start <= after.end <= 8.0
        if before.start <= before.end <= 8.0:
            assert after.start <= before.start
            assert after.end >= before.end


def test_a_word_does_not_begin_in_the_pause_before_it():
    samples = np.random.default_rng(0).normal(0, 0.001, 32000).astype(np.float32)
    samples[16000:24000] = 0.1
    word, *rest = trim_leading_pauses(
        [RecognisedWord(0.2, 1.5, "name", 0.9), RecognisedWord(1.05, 1.5, "it", 0.9)], samples
    )
    assert (word.start, word.end) == (pytest.approx(0.94), 1.5)
    assert rest[0].start == 1.05
    # The end of the word before it, heard behind that word's end, is that word's.
    samples[3200:4400] = 0.1
    one, two = trim_leading_pauses(
        [RecognisedWord(0.0, 0.2, "my", 0.9), RecognisedWord(0.2, 1.5, "name", 0.9)], samples
    )
    assert (one.end, two.start) == (pytest.approx(0.28), pytest.approx(0.94))
    samples[3200:4400] = 0.0
    # Where nothing is loud enough, or no time would be left to say it, nothing is known.
    assert trim_leading_pauses([RecognisedWord(0.2, 0.9, "name", 0.9)], samples)[0].start == 0.2
    long_word = RecognisedWord(0.5, 1.1, "misunderstanding", 0.9)
    assert trim_leading_pauses([long_word], samples)[0].start == pytest.approx(1.1 - least_seconds(long_word.text))


def test_loops_are_taken_out_and_said():
    words, loops = without_loops([*heard("so I went"), *heard(" ".join(["thank you"] * 7), step=0.4)])
    assert [w.text for w in words] == ["so", "I", "went", "thank", "you"]
    assert len(loops) == 1
    assert without_loops(heard("no no no really"))[0] == heard("no no no really")
    # Faster than anybody speaks.
    assert len(without_loops(heard("and then we " * 3, step=0.01, length=0.01))[0]) == 3


class Fake:
    """Gives the same words and languages for each chunk."""

    def __init__(self, words, languages):
        self.words, self.languages, self.asked = words, list(languages), []

    def __call__(self, samples, language):
        self.asked.append(language)
        return self.words, self.languages.pop(0) if self.languages else {}


def noise(seconds, level=0.1):
    return ArrayAudio(np.random.default_rng(0).normal(0, level, round(seconds * 16000)).astype(np.float32))


def test_words_over_silence_are_taken_out():
    audio = noise(4)
    audio.samples[32000:] = 0
    fake = Fake(
        [
            RecognisedWord(1, 1.4, " real", 0.9),
            RecognisedWord(3, 3.3, " Thanks", 0.9),
            RecognisedWord(3.5, 3.5, " bye", 0.9),
        ],
        [{"en": 0.9}],
    )
    assert [w.text for w in Transcriber(fake, RedactionSettings())(audio)] == ["real"]


def test_silence_is_not_even_asked_about():
    fake = Fake([RecognisedWord(0, 1, " you", 0.9)], [])
    transcript = Transcriber(fake, RedactionSettings()).transcribe(noise(5, 1e-5))
    assert transcript == Transcript([], "", 0.0, [])
    assert fake.asked == []


class Bilingual:
    """Takes every chunk for German, and hears words of which the English ones fit."""

    multilingual = True

    def __init__(self, english, german):
        self.fits, self.asked, self.count = {"en": english, "de": german, None: german}, [], 6

    def __call__(self, samples, language):
        self.asked.append(language)
        text = " good" if language == "en" else " gut"
        words = [RecognisedWord(i / 2, i / 2 + 0.4, text, self.fits.get(language, 0.1)) for i in range(self.count)]
        return words, {"de": 0.55, "en": 0.4, "cy": 0.01} if language is None else {}


def test_a_chunk_in_doubt_is_heard_in_each_likely_language_and_the_words_decide():
    fake = Bilingual(english=0.9, german=0.4)
    transcript = Transcriber(fake, RedactionSettings()).transcribe(noise(4))
    assert fake.asked[:3] == [None, "en", "cy"]
    assert transcript.language == "en"
    assert transcript.probability > 0.9
    assert {word.text for word in transcript.words} == {"good"}
    assert not transcript.doubtful


def test_a_chunk_without_words_is_heard_once():
    fake = Bilingual(english=0.9, german=0.4)
    fake.count = 0
    assert Transcriber(fake, RedactionSettings()).transcribe(noise(4)).words == []
    assert fake.asked[:1] == [None]
    assert "en" not in fake.asked


def test_where_the_words_fit_both_languages_the_sound_decides_and_the_doubt_stays():
    transcript = Transcriber(Bilingual(english=0.7, german=0.7), RedactionSettings()).transcribe(noise(4))
    assert (transcript.language, {word.text for word in transcript.words}) == ("de", {"gut"})
    assert transcript.probability == pytest.approx(0.55 / 0.95, abs=0.01)


def test_the_language_settles_on_what_most_chunks_say():
    fake = Fake([], [{"en": 0.4, "de": 0.5}, {"en": 0.7, "de": 0.2}, {"en": 0.6, "de": 0.3}])
    transcript = Transcriber(fake, RedactionSettings(chunk=5.0)).transcribe(noise(22))
    assert transcript.language == "en"
    assert fake.asked[:4] == [None, None, None, "en"]
    given_ = Fake([], [])
    assert Transcriber(given_, RedactionSettings(language="de")).transcribe(noise(3)).language == "de"
    assert given_.asked == ["de"]


class Parts:
    """Gives other words for each piece of sound it is asked for; the length of each is in ``asked``."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, samples, language):
        self.asked.append(len(samples) / 16000)
        return self.answers.pop(0) if self.answers else [], {"en": 0.9}


def test_what_the_recogniser_skipped_is_listened_to_alone():
    fake = Parts(
        [RecognisedWord(0.2, 0.6, " so", 0.9), RecognisedWord(3.4, 3.9, " then", 0.9)],
        [RecognisedWord(1.0, 1.4, " Chris", 0.8)],
    )
    transcript = Transcriber(fake, RedactionSettings()).transcribe(noise(4), [Segment(0, 4)])
    assert [word.text for word in transcript.words] == ["so", "Chris", "then"]
    assert fake.asked == [4.0, pytest.approx(3.25 - 0.75 + 0.4)]
    assert transcript.words[1].start == pytest.approx(0.75 - 0.2 + 1.0)


@pytest.mark.parametrize(
    "again",
    [
        [],
        [RecognisedWord(1.0, 1.4, " Chris", 0.4)],  # not sure
        [RecognisedWord(0.3, 2.6, " the", 0.9)],  # as drawn out as before
        [RecognisedWord(i * 0.1, i * 0.1 + 0.05, " the", 0.9) for i in range(20)],  # a loop
    ],
)
def test_what_is_not_understood_the_second_time_either_stays_unheard(again):
    fake = Parts([RecognisedWord(0.2, 0.6, " so", 0.9), RecognisedWord(3.4, 3.9, " then", 0.9)], again)
    transcript = Transcriber(fake, RedactionSettings()).transcribe(noise(4), [Segment(0, 4)])
    assert [word.text for word in transcript.words] == ["so", "then"]
    assert transcript.unheard == [Segment(0.75, 3.25)]


def test_under_a_word_that_is_drawn_out_lies_what_was_skipped():
    """Whisper lets a word last until the next one it heard."""
    long = [
        RecognisedWord(0.2, 0.6, " so", 0.9),
        RecognisedWord(0.6, 3.4, " to", 0.9),
        RecognisedWord(3.4, 3.9, " then", 0.9),
    ]
    fake = Parts(long, [RecognisedWord(0.4, 0.9, " to", 0.9), RecognisedWord(1.0, 1.5, " Chris", 0.9)])
    transcript = Transcriber(fake, RedactionSettings()).transcribe(noise(4), [Segment(0, 4)])
    assert [word.text for word in transcript.words] == ["so", "to", "Chris", "then"]
    other = Transcriber(Parts(long, [RecognisedWord(1.0, 1.5, " Chris", 0.9)]), RedactionSettings()).transcribe(
        noise(4), [Segment(0, 4)]
    )
    assert [word.text for word in other.words] == ["so", "to", "Chris", "then"]  # nothing that was heard gets lost
    deaf = Transcriber(Parts(long), RedactionSettings()).transcribe(noise(4), [Segment(0, 4)])
    assert [word.text for word in deaf.words] == ["so", "to", "then"]
    assert deaf.unheard == [Segment(0.75, 3.25)]


@pytest.mark.parametrize(
    ("seconds", "text", "probability", "drawn"),
    [(0.9, "to", 0.9, False), (1.1, "to", 0.9, True), (0.9, "to", 0.5, True), (2.5, "2014.", 0.9, False)],
)
def test_a_word_is_drawn_out_where_nobody_speaks_so_slowly(seconds, text, probability, drawn):
    assert lasts_too_long(1.0, 1.0 + seconds, text, probability) is drawn


def test_speech_without_words_is_said():
    fake = Parts([RecognisedWord(0.5, 1.0, " hi", 0.9)])
    transcript = Transcriber(fake, RedactionSettings()).transcribe(noise(10), [Segment(0, 6)])
    before, behind = transcript.unheard
    assert (before.start, before.end) == (0, pytest.approx(0.35))
    assert (behind.start, behind.end) == (pytest.approx(1.15), 6)
    assert "hi" not in repr(transcript)


def test_a_name_that_was_not_heard_between_two_words_is_said():
    fake = Fake([RecognisedWord(0.1, 0.9, " it's", 0.9), RecognisedWord(1.8, 2.5, " and", 0.9)], [{"en": 0.9}])
    (gap,) = Transcriber(fake, RedactionSettings()).transcribe(noise(3), [Segment(0, 2.6)]).unheard
    assert (gap.start, gap.end) == (pytest.approx(1.05), pytest.approx(1.65))


def test_another_rate_is_refused():
    with pytest.raises(ValueError, match="16000"):
        Transcriber(Fake([], []), RedactionSettings())(ArrayAudio(np.zeros(8000, np.float32), 8000))


def test_a_folder_without_a_model_says_so(tmp_path):
    with pytest.raises(ModelError, match=r"model\.bin is missing"):
        Whisper.load(tmp_path, RedactionSettings())


@pytest.mark.models
@pytest.mark.media
def test_whisper_hears_read_speech_with_times(store, needs, media):
    needs(store, "whisper-base")
    sf = pytest.importorskip("soundfile")
    samples, rate = sf.read(media / "voices" / "libri_1688" / "1688-142285-0000.flac", dtype="float32")
    assert rate == 16000
    speech = np.concatenate([np.zeros(16000, np.float32), samples[: 8 * 16000], np.zeros(16000, np.float32)])
    transcript = Transcriber.from_store(store, RedactionSettings(beam=1)).transcribe(ArrayAudio(speech))
    text = " ".join(w.text for w in transcript.words).lower()
    assert transcript.language == "en"
    for said in ("iron", "they say", "grain", "perhaps"):
        assert said in text
    (iron,) = [w for w in transcript.words if w.text == "iron"]
    assert iron.start == pytest.approx(1.8, abs=0.25)
    assert all(w.end > w.start for w in transcript.words)


def hiss(t):
    return np.random.default_rng(0).normal(0, 0.003, len(t))


def white_noise(t):
    return np.random.default_rng(0).normal(0, 0.05, len(t))


def hum(t):
    return 0.02 * np.sin(2 * np.pi * 50 * t)


def melody(t):
    """Plucked notes, three a second."""
    out = np.zeros_like(t)
    for i in range(int(3 * t[-1])):
        on, hz = t >= i / 3, (262, 330, 392, 523, 392, 330)[i % 6]
        for n in range(1, 6):
            out += on * np.exp(-4 * (t - i / 3) * on) * np.sin(2 * np.pi * hz * n * t) / n
    return 0.05 * out


@pytest.mark.models
@pytest.mark.parametrize("sound", [hiss, white_noise, hum, pytest.param(melody, marks=pytest.mark.slow)])
def test_whisper_makes_nothing_up_where_nobody_speaks(store, needs, sound):
    needs(store, "whisper-base")
    samples = sound(np.arange(6 * 16000) / 16000).astype(np.float32)
    words = Transcriber(_whisper(store), RedactionSettings())(ArrayAudio(samples))
    assert [w.text for w in words] == []


@cache
def _whisper(store):
    return Whisper.load(store.path("whisper-base"), RedactionSettings(beam=1))


def test_every_language_of_the_recogniser_can_be_named() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    from redaction.settings import LANGUAGES

    assert frozenset(_LANGUAGE_CODES) == LANGUAGES
