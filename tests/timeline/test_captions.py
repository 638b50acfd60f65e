"""Captions that were written to stop a reader are answered at once.

With a regular expression that tries again and again, each of these would take hours.
"""

import pytest

from timeline import from_srt, from_webvtt
from timeline.captions import Caption

CUE = "00:00:01,000 --> 00:00:02,000\n"
MANY = 1_000_000


def test_a_time_of_a_million_digits_is_none() -> None:
    with pytest.raises(ValueError, match="not SRT"):
        from_srt("1\n" + "9" * MANY + ":00:00,000 --> 00:00:02,000\nHi\n")


def test_hours_may_have_six_digits() -> None:
    assert from_srt("1\n100000:00:00,000 --> 100000:00:01,000\nHi\n")[0].start == 3.6e8


@pytest.mark.parametrize("body", ["<v" + ".a" * 64, "<v " * MANY, "<" * MANY, "<v.a x>" * 64 + "<v.a." * 64])
def test_voice_spans_that_do_not_end_are_read_at_once(body: str) -> None:
    assert len(from_webvtt(f"WEBVTT\n\n{CUE}{body}\n")) == 1


def test_a_voice_span_with_classes_names_its_speaker() -> None:
    assert from_webvtt(f"WEBVTT\n\n{CUE}<v.loud.first Ann>Hi <i>there</i></v>\n") == [
        Caption(1.0, 2.0, "Ann", "Hi there")
    ]
