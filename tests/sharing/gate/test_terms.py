"""A private term is found however it is written, and nothing else is."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.gate import Terms

TERMS = Terms(["Zoë Müller-Smith", "07700 900123", "Al"])


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Müller-Smith",
        "zoe muller smith",
        "ZOE MULLERSMITH",
        "(Zoë  Müller–Smith)",
        "call 07700-900123",
        "07700900123",
    ],
)
def test_spelling_case_accents_and_spacing_do_not_matter(text: str) -> None:
    assert TERMS.in_text(f"before {text} after")


@pytest.mark.parametrize("text", ["Zoë Müller", "1077009001234", "Al is here", ""])
def test_a_part_of_a_term_or_of_another_word_is_none(text: str) -> None:
    assert not TERMS.in_text(text)


def test_no_term_is_found_in_nothing_and_nothing_by_no_terms() -> None:
    assert TERMS.in_bytes(b"") is None
    assert Terms([]).in_bytes(b"anything") is None


@given(before=st.binary(max_size=40), layers=st.lists(st.sampled_from(["base64", "hex", "deflate"]), max_size=3))
def test_a_term_is_found_under_up_to_three_encodings(before: bytes, layers: list[str]) -> None:
    data = b" zoe muller smith "
    for layer in layers:
        data = {"base64": base64.b64encode, "hex": lambda d: d.hex().encode(), "deflate": zlib.compress}[layer](data)
    assert TERMS.in_bytes(before + b" " + data) is not None


def test_it_says_how_the_term_is_written_and_never_the_term() -> None:
    packed = base64.b64encode(zlib.compress("Zoë Müller-Smith".encode()))
    assert TERMS.in_bytes(packed) == "base64, deflate, plain"
    assert TERMS.in_bytes("Zoë Müller-Smith".encode("utf-16-be")) == "UTF-16"
    assert "zoe" not in repr(TERMS).casefold()


def test_a_packed_bomb_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharing.gate.terms.MOST_BYTES", 1 << 20)
    name, nothing = "Zoë Müller-Smith".encode(), bytes(3 << 20)
    assert TERMS.in_bytes(zlib.compress(name + nothing)) == "deflate, plain"
    assert TERMS.in_bytes(zlib.compress(nothing + name)) is None
