"""Forced alignment: words go where their sound is, whatever the recogniser says of their times."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture import AudioFile
from redaction import RedactionSettings, Transcriber
from redaction.asr.base import RecognisedWord
from redaction.asr.forced_alignment import Aligner, WordToAlign, dictionary_words, graph, spans
from timeline import ArrayAudio

TEXT = "Many complicated ideas about the rainbow have been formed."
"""What VCTK's readers say in their twentieth clip."""


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Twenty-one,", ("twenty", "one")),
        ("don’t", ("don't",)),
        ("'Yes'", ("yes",)),
        ("I", ("i",)),
        ("4711.", ()),
        ("$5", ()),
        ("S3", ()),
        ("example.com", ()),
        ("end.", ("end",)),
        ("Müller", ("mller",)),
    ],
)
def test_a_word_as_the_dictionary_may_hold_it(text, pieces):
    assert dictionary_words(text) == pieces


def token(*pieces, letters=3, heard=(0.0, 9.0)):
    return WordToAlign(pieces, heard, letters)


def accepts(arcs, last, words):
    at = {0}
    for word in words:
        at = {b for a, b, _, w in arcs if a in at and w == word}
    return last in at


def test_the_graph_takes_the_words_in_order_and_phones_for_what_it_does_not_know():
    arcs, last = graph([token("my"), token(letters=6), token("twenty", "one")], ["A", "B"])
    assert accepts(arcs, last, ["my", "A", "B", "twenty", "one"])
    assert accepts(arcs, last, ["my", "B", "B", "twenty", "one"])
    for wrong in (["my", "twenty", "one"], ["A", "B", "my", "twenty", "one"], ["my", "A", "twenty", "one"]):
        assert not accepts(arcs, last, wrong)


def test_spans_are_those_of_the_words_whichever_way_they_were_pronounced():
    said = [("<sil>", 0, 1), ("read(2)", 1.0, 1.4), ("++AH++", 1.4, 1.5), ("twenty", 1.5, 1.8), ("one", 1.8, 2.0)]
    assert spans([token("read"), token("twenty", "one")], said) == [(1.0, 1.4), (1.5, 2.0)]
    assert spans([token("red"), token("twenty", "one")], said) is None
    assert spans([token("read"), token("twenty")], said) is None
    assert spans([token("read")], []) is None


def test_what_the_dictionary_does_not_know_is_where_the_phones_are_and_shared_by_length():
    said = [("my", 0.0, 0.2), ("<sil>", 0.2, 0.3), ("++AH++", 0.3, 0.5), ("++B++", 0.5, 0.9), ("here", 0.9, 1.2)]
    assert spans([token("my"), token(heard=(0.2, 0.8)), token("here")], said) == [(0.0, 0.2), (0.3, 0.9), (0.9, 1.2)]
    found = spans(
        [token("my"), token(letters=2, heard=(0.2, 0.5)), token(letters=4, heard=(0.5, 0.8)), token("here")], said
    )
    assert found[1] == pytest.approx((0.3, 0.5))
    assert found[2] == pytest.approx((0.5, 0.9))


def test_phones_far_from_where_a_word_was_heard_are_not_its_own():
    said = [("++AH++", 0.0, 0.2), ("++B++", 2.0, 2.4), ("here", 3.0, 3.3), ("++B++", 3.3, 3.5), ("++B++", 5.0, 5.5)]
    assert spans([token(heard=(1.9, 2.3)), token("here"), token(heard=(3.2, 3.6))], said) == [
        (2.0, 2.4),
        (3.0, 3.3),
        (3.3, 3.5),
    ]
    assert spans([token("here"), token(heard=(9.0, 9.5))], said[2:3]) == [(3.0, 3.3), None]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9)), min_size=1, max_size=12))
def test_the_spans_of_any_row_are_in_order_and_do_not_overlap(row):
    tokens = [WordToAlign((f"w{i}",) if known else (), (i, i + 1.0), n) for i, (known, n) in enumerate(row)]
    said = [(f"w{i}" if known else "++AH++", i + 0.0, i + 1.0) for i, (known, _) in enumerate(row)]
    found = spans(tokens, said)
    if not any(known for known, _ in row):
        assert found is None
        return
    flat = [edge for span in found for edge in span]
    assert flat == sorted(flat)


@pytest.fixture(scope="module")
def aligner():
    return Aligner()


@pytest.fixture
def clip(media):
    """A sentence amid half a second of near silence: samples, and where its sound begins and ends (s)."""
    path = media / "voices" / "vctk_p225" / "p225_020.flac"
    x = np.concatenate(list(AudioFile(path, 16000).blocks()))
    levels = np.sqrt(np.mean(x[: len(x) // 160 * 160].reshape(-1, 160) ** 2, axis=1))
    loud = np.flatnonzero(levels > 0.02)
    x = x[160 * loud[0] : 160 * loud[-1]]
    quiet = np.random.default_rng(0).normal(0, 1e-4, 8000).astype(np.float32)
    return np.concatenate([quiet, x, quiet]), 0.5, 0.5 + len(x) / 16000


def placed_at_random(seed, end):
    words = TEXT.split()
    parts = np.cumsum([0, *map(len, words)]) / sum(map(len, words))
    edges = 0.5 + (end - 0.5) * parts + np.random.default_rng(seed).uniform(-0.15, 0.15, len(words) + 1)
    return [RecognisedWord(float(a), float(b), w, 0.9) for w, a, b in zip(words, edges, edges[1:], strict=False)]


def test_words_go_to_their_sound_from_wherever_they_were_placed(aligner, clip):
    samples, start, end = clip
    found = [aligner(samples, placed_at_random(seed, end)) for seed in range(4)]
    for words in found:
        assert [w.text for w in words] == TEXT.split()
        assert words[0].start == pytest.approx(start, abs=0.08)
        assert words[-1].end == pytest.approx(end, abs=0.12)
        for a, b in zip(words, found[0], strict=True):
            assert (a.start, a.end) == (pytest.approx(b.start, abs=0.03), pytest.approx(b.end, abs=0.03))


def test_a_name_that_no_dictionary_knows_keeps_the_sound_between_its_neighbours(aligner, clip):
    samples, _, end = clip
    known = aligner(samples, placed_at_random(0, end))
    for strange in ("Xqzwrtlkj", "4711"):
        words = placed_at_random(0, end)
        words[1] = RecognisedWord(words[1].start, words[1].end, strange, 0.9)
        call = aligner(samples, words)[1]
        assert call.start == pytest.approx(known[1].start, abs=0.06)
        assert call.end == pytest.approx(known[1].end, abs=0.06)


def test_a_word_found_apart_from_where_it_was_heard_takes_both_places(aligner, clip):
    samples, _, end = clip
    right = aligner(samples, placed_at_random(0, end))
    early = [replace(w, start=w.start - 0.4, end=w.end - 0.4) for w in right]
    found = aligner(samples, early)
    apart = [0.4 - (w.end - w.start) > 0.2 for w in right]
    assert any(apart)
    for true, both, word in zip(right, apart, found, strict=True):
        assert word.end == pytest.approx(true.end, abs=0.03)
        if both:  # but never before the word before it
            assert word.start <= true.start - 0.1
        elif true.end - true.start > 0.3:
            assert word.start == pytest.approx(true.start, abs=0.03)


def test_what_is_not_said_leaves_the_times_as_they_are_and_the_next_row_alone(aligner, clip):
    samples, _, end = clip
    noise = np.random.default_rng(1).normal(0, 0.05, 32000).astype(np.float32)
    made_up = [
        RecognisedWord(0.3 + 0.3 * i, 0.5 + 0.3 * i, w, 0.9) for i, w in enumerate(["constitution", "unimaginable"])
    ]
    later = [RecognisedWord(w.start + 2.0, w.end + 2.0, w.text, 0.9) for w in placed_at_random(0, end)]
    found = aligner(np.concatenate([noise, samples]), [*made_up, *later])
    assert [w.text for w in found] == [w.text for w in (*made_up, *later)]
    for a, b in zip(found[2:], aligner(samples, placed_at_random(0, end)), strict=True):
        assert a.start - 2.0 == pytest.approx(b.start, abs=0.03)


def test_nothing_heard_before_changes_what_is_found(aligner, clip):
    samples, _, end = clip
    words = placed_at_random(0, end)
    first = aligner(samples, words)
    aligner(np.random.default_rng(2).normal(0, 0.1, 48000).astype(np.float32), words)
    assert aligner(samples, words) == first
    assert aligner(samples, []) == []


@pytest.mark.parametrize("start", [1.0, 1.2, 30.0], ids=["at the end", "behind it", "far behind it"])
@pytest.mark.parametrize("count", [1, 6])
def test_words_that_are_heard_behind_the_end_of_the_sound_keep_their_times(aligner, start, count):
    """A recogniser makes words up in silence, and cannot know where the sound ends."""
    noise = np.random.default_rng(3).normal(0, 0.05, 16000).astype(np.float32)
    words = [RecognisedWord(start + 0.1 * i, start + 0.1 * i + 0.1, "going", 0.9) for i in range(count)]
    assert [word.text for word in aligner(noise, words)] == ["going"] * count
    for size in (0, 1, 100):
        assert aligner(noise[:size], words) == words


class _Says:
    def __init__(self, language):
        self.language = language

    def __call__(self, samples, language):
        return [RecognisedWord(0.2, 0.4, " word", 0.9)], {} if language else {self.language: 0.99}


@pytest.mark.parametrize(
    ("given", "heard", "moved"), [(None, "en", 1.0), ("en", "de", 1.0), (None, "de", 0.2), ("de", "en", 0.2)]
)
def test_only_english_words_are_placed(given, heard, moved):
    def later(samples, words):
        return [RecognisedWord(w.start + 0.8, w.end + 0.8, w.text, w.probability) for w in words]

    sound = ArrayAudio(np.random.default_rng(0).normal(0, 0.1, 32000).astype(np.float32))
    transcriber = Transcriber(_Says(heard), RedactionSettings(language=given), later)
    assert transcriber(sound)[0].start == pytest.approx(moved)
