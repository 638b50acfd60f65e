"""H.264 samples: pictures and what decoding needs pass; any free text is named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sharing.gate.h264 import ENCODER, unknown_units

LINE = (
    b"x264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec - Copyleft 2003-2022"
    b" - http://www.videolan.org/x264.html - options: cabac=1 ref=3 crf=23.0\0"
)


def unit(kind: int, content: bytes = b"\x88\x84") -> bytes:
    data = bytes([kind]) + content
    return len(data).to_bytes(4, "big") + data


def message(kind: int, content: bytes) -> bytes:
    """An SEI message; types and sizes are under 255."""
    return unit(6, bytes([kind, len(content)]) + content + b"\x80")


def test_slices_parameter_sets_and_delimiters_pass() -> None:
    assert list(unknown_units(b"".join(unit(kind) for kind in (9, 7, 8, 5, 1)))) == []


def test_the_encoders_own_line_passes() -> None:
    assert list(unknown_units(message(5, ENCODER + LINE) + unit(5))) == []


@given(text=st.binary(min_size=1, max_size=100))
def test_user_data_of_anybody_else_is_named(text: bytes) -> None:
    assert list(unknown_units(message(5, bytes(16) + text))) == ["SEI message 5"]


def test_text_behind_the_encoders_line_is_named() -> None:
    assert list(unknown_units(message(5, ENCODER + LINE + b"Jane Doe"))) == ["SEI message 5"]


@given(kind=st.integers(2, 200).filter(lambda k: k not in (5, 6)))
def test_other_messages_are_named(kind: int) -> None:
    assert list(unknown_units(message(kind, b"name"))) == [f"SEI message {kind}"]


@given(kind=st.sampled_from([2, 3, 4, 10, 11, 12, 13, 14, 24, 31]))
def test_other_units_are_named(kind: int) -> None:
    assert list(unknown_units(unit(5) + unit(kind))) == [f"unit type {kind}"]


@given(sample=st.binary(max_size=60))
def test_any_bytes_at_all_are_read_to_an_end(sample: bytes) -> None:
    list(unknown_units(sample))


def test_a_unit_longer_than_its_sample_is_named() -> None:
    assert list(unknown_units(unit(5)[:-1])) == ["a unit that does not fit"]
