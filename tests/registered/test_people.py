from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registered import Enrolled, clean_name, name_key
from registered.people import unit_rows
from registered.person_record import PAD, from_bytes, to_bytes
from timeline import PeopleError


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Zoë Ångström",
        "李小龍",
        "محمد",
        "Нина",
        "Ὀδυσσεύς",
        "O'Brien-Smith",
        "Jean  Luc",
        "می‌خواهم",
        "👩‍🔬 Ada",
        "2pac",
    ],
)
def test_names_of_every_script(name: str) -> None:
    cleaned = clean_name(name)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean_name(cleaned) == cleaned
    assert Enrolled.new(f"  {unicodedata.normalize('NFD', name)} ").name == cleaned


@given(st.text(max_size=40))
def test_a_name_is_cleaned_once_or_refused(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except PeopleError as error:
        assert error.remedy  # noqa: PT017
    else:
        assert clean_name(cleaned) == cleaned
        assert cleaned.strip() == cleaned
        assert not any(unicodedata.category(c) == "Cc" for c in cleaned)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "a\nb",
        "a\tb",
        "a\0b",
        "\x1b[31mred",
        "a\u202eb",
        "a\u2066b",
        "a\ud800b",
        "...",
        "x" * 201,
        "p-0123456789abcdef",
    ],
)
def test_names_that_mislead_are_refused(name: str) -> None:
    with pytest.raises(PeopleError):
        clean_name(name)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Zoë", "ZOE\u0308"),
        ("STRASSE", "straße"),
        ("Ａｄａ", "ada"),
        ("Ada\u200b", "ada"),
        ("ﬁona", "Fiona"),
        ("a  b", "a b"),
    ],
)
def test_spellings_of_one_name(left: str, right: str) -> None:
    assert name_key(left) == name_key(right)


@pytest.mark.parametrize(("left", "right"), [("Zoe", "Zoë"), ("Ada", "Adа"), ("Jean Luc", "JeanLuc")])
def test_different_names(left: str, right: str) -> None:
    assert name_key(left) != name_key(right)


def test_ids_are_random() -> None:
    assert len({Enrolled.new("Ada").id for _ in range(500)}) == 500


def test_templates_add_up_and_have_length_one() -> None:
    person = Enrolled.new("Ada").with_face("sface", [3.0, 4.0], 0.5)
    person = person.with_face("sface", [[0.0, 2.0], [1.0, 0.0]]).with_voice("ecapa", np.ones(3), 0.25)
    np.testing.assert_allclose(person.faces["sface"], [[0.6, 0.8], [0, 1], [1, 0]], rtol=1e-6)
    assert person.quality["sface"].tolist() == [0.5, 1.0, 1.0]
    assert person.quality["ecapa"].tolist() == [0.25]
    assert person.faces["sface"].dtype == person.voices["ecapa"].dtype == np.float32


@pytest.mark.parametrize("rows", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0], [], [[[1.0]]], [[1.0, 0.0], [0.0, 0.0]]])
def test_what_is_no_embedding_is_refused(rows: list[float]) -> None:
    with pytest.raises(ValueError, match="not embeddings"):
        unit_rows(rows)


def test_templates_that_do_not_fit_are_refused() -> None:
    person = Enrolled.new("Ada").with_face("sface", [1.0, 0.0])
    with pytest.raises(ValueError, match="dimension"):
        person.with_face("sface", [1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="both faces and voices"):
        person.with_voice("sface", [1.0, 0.0])
    for quality in (0.0, -1.0, 1.1, float("nan")):
        with pytest.raises(ValueError, match="quality"):
            person.with_face("sface", [1.0, 0.0], quality)


def test_a_person_in_a_log_has_no_name() -> None:
    person = Enrolled.new("Ada").with_face("sface", [0.12345, 1.0])
    assert repr(person) == str(person) == f"Enrolled({person.id})"


@given(st.integers(1, 4), st.integers(1, 9), st.text("aÄß李", min_size=1, max_size=20), st.integers(0, 2**31))
def test_a_record_is_read_as_it_was_written(k: int, d: int, name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    person = Enrolled.new(name, note="twin").with_face("f", rng.normal(size=(k, d)), rng.uniform(0.1, 1, k))
    person = person.with_voice("v", rng.normal(size=(k, d)))
    data = to_bytes(person)
    again = from_bytes(data)
    assert to_bytes(again) == data
    assert again.faces["f"].tobytes() == person.faces["f"].tobytes()
    assert again.quality["f"].tobytes() == person.quality["f"].tobytes()
    assert (again.id, again.name, again.consent, again.history) == (
        person.id,
        person.name,
        person.consent,
        person.history,
    )
    assert len(data) % PAD == 0


def test_records_of_similar_people_are_of_one_size() -> None:
    sizes = {len(to_bytes(Enrolled.new(name).with_face("sface", np.ones(128)))) for name in ("A", "A" * 200, "李" * 90)}
    assert len(sizes) == 1


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b'{"format":2}', b"\xff\xfe"])
def test_what_is_no_record_is_told_without_quoting_it(data: bytes) -> None:
    with pytest.raises(PeopleError, match="damaged, or from a newer") as caught:
        from_bytes(data)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
