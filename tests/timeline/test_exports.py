"""Every export comes from the document, reads back, and holds no more than it may."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import Person, Recording, Redaction, Timeline, Track, Turn, Word
from timeline.aavid import speaking_segments, timeline_labeled
from timeline.captions import from_srt, from_webvtt, stamp, to_captions, to_srt, to_txt, to_webvtt
from timeline.rttm import from_rttm, one_field, to_rttm, turns_to_rttm

TIMELINE = Timeline(
    recording=Recording(duration=10),
    people=[
        Person(id="p1", name="Ann <Lee>", pseudonym="Speaker 1", registered=True),
        Person(id="p2", pseudonym="Speaker 2"),
    ],
    tracks=[Track(id="t1", person="p2", start=0, end=0.2, speaking=[(0, 0.9), (0.04, 0.2), (0.08, 0.8), (2, 0.9)])],
    turns=[Turn(start=0.5, end=2, person="p1"), Turn(start=0, end=0.4, person="p2")],
    words=[
        Word(start=0.0, end=0.4, text="Hi", person="p2"),
        Word(start=0.5, end=0.8, text="I'm", person="p1"),
        Word(start=0.8, end=1.0, text="[PERSON]", person="p1", redaction="r1"),
        Word(start=1.0, end=1.2, text="[PERSON]", person="p1", redaction="r1"),
        Word(start=1.2, end=1.5, text="a & b", person="p1"),
    ],
    redactions=[Redaction(id="r1", kind="word", start=0.8, end=1.2, operator="beep", reason="name")],
)


def test_rttm_is_sorted_and_reads_back() -> None:
    text = to_rttm(TIMELINE, "my meeting")
    assert text.splitlines()[0] == "SPEAKER my_meeting 1 0.000 0.400 <NA> <NA> Speaker_2 <NA> <NA>"
    assert [(t.start, t.end, t.person) for t in from_rttm(text)] == [(0, 0.4, "Speaker_2"), (0.5, 2, "Ann_<Lee>")]


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**5)), max_size=8))
def test_rttm_round_trip_to_the_millisecond(spans: list[tuple[int, int]]) -> None:
    turns = [Turn(start=a / 1000, end=(a + d) / 1000, person="x") for a, d in spans]
    back = from_rttm(turns_to_rttm(turns))
    assert [(t.start, t.end) for t in back] == sorted((t.start, t.end) for t in turns)


BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("text", [*BREAKS, "\0", "\x1b", ""])
def test_nobody_is_called_something_that_begins_a_line(text: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        Person(id="p1", pseudonym=f"Eve{text}\u2028" if text else "  ")
    with pytest.raises(ValueError, match="one line"):
        Person(id="p1", pseudonym="Eve", registered=True, name=f"Eve{text}Mallory" if text else " ")


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_label_and_no_word_begins_a_line_of_its_own(label: str, word: str) -> None:
    try:
        person = Person(id="p1", pseudonym=label)
    except ValueError:
        return
    made = Timeline(
        recording=Recording(duration=2),
        people=[person],
        turns=[Turn(start=0, end=1, person="p1")],
        words=[Word(start=0, end=1, text=word, person="p1")],
    )
    assert len(to_rttm(made).splitlines()) == 1
    shown = len(to_captions(made))  # none of a word that is nothing but blanks
    assert len(to_webvtt(made).splitlines()) == 1 + 3 * shown
    assert len(to_srt(made).splitlines()) == 4 * shown
    assert len(to_txt(made).splitlines()) == shown
    assert len(timeline_labeled(made).splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "field"), [("Ann Lee", "Ann_Lee"), ('"Bo" X', "”Bo”_X"), ("NA", "NA_"), (" ", "<NA>")]
)
def test_a_field_holds_neither_blanks_nor_what_readers_trip_over(text: str, field: str) -> None:
    assert one_field(text) == field


@pytest.mark.parametrize("text", ["", " ", "\x00", "\x1b "])
def test_a_caption_without_text_is_left_out(text: str) -> None:
    assert to_captions(Timeline(recording=Recording(duration=2), words=[Word(start=0, end=1, text=text)])) == []


def test_a_line_that_is_not_rttm_is_named() -> None:
    with pytest.raises(ValueError, match="line 2 is not RTTM"):
        from_rttm("SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\nSPEAKER a 1 zero\n")


def test_captions_hold_one_speaker_and_a_redaction_once() -> None:
    first, second = to_captions(TIMELINE)
    assert (first.speaker, first.text) == ("Speaker 2", "Hi")
    assert (second.speaker, second.text) == ("Ann <Lee>", "I'm [PERSON] a & b")


def test_webvtt_and_srt_read_back() -> None:
    assert from_webvtt(to_webvtt(TIMELINE)) == to_captions(TIMELINE)
    assert from_srt(to_srt(TIMELINE)) == to_captions(TIMELINE)
    assert "<v Ann &lt;Lee&gt;>I'm [PERSON] a &amp; b" in to_webvtt(TIMELINE)
    with pytest.raises(ValueError, match="not WebVTT"):
        from_webvtt("hello")
    with pytest.raises(ValueError, match="not SRT"):
        from_srt("hello")


def test_txt_is_a_transcript() -> None:
    assert to_txt(TIMELINE) == "[00:00:00] Speaker 2: Hi\n[00:00:00] Ann <Lee>: I'm [PERSON] a & b\n"


@given(st.integers(0, 10**8))
def test_stamps_are_exact(ms: int) -> None:
    h, m, s = stamp(ms / 1000).split(":")
    assert int(h) * 3600000 + int(m) * 60000 + round(float(s) * 1000) == ms


def test_an_empty_document_gives_empty_exports() -> None:
    empty = Timeline(recording=Recording(duration=1))
    assert (to_rttm(empty), to_srt(empty), to_txt(empty), to_webvtt(empty)) == ("", "", "", "WEBVTT\n")
    assert json.loads(speaking_segments(empty)) == {}
