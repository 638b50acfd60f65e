from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registered import NOBODY, Consent, Enrolled, Gallery, Registry
from timeline import FloatArray, PeopleError


def gallery(*people: FloatArray, quality: list[list[float]] | None = None) -> Gallery:
    weights = quality or [[1.0] * len(rows) for rows in people]
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in people]
    return Gallery.of(
        "m",
        (
            (f"p{n}", {"m": rows.astype(np.float32)}, {"m": np.asarray(w, np.float32)})
            for n, (rows, w) in enumerate(zip(unit, weights, strict=True))
        ),
    )


def random_gallery(seed: int, people: int = 3, each: int = 4, size: int = 16) -> Gallery:
    rng = np.random.default_rng(seed)
    return gallery(*(rng.normal(size=(each, size)).astype(np.float32) for _ in range(people)))


@given(st.integers(0, 2**31), st.integers(1, 5), st.floats(0.01, 100))
def test_similarity_is_the_best_cosine_and_scale_does_not_count(seed: int, n: int, scale: float) -> None:
    g = random_gallery(seed)
    probes = np.random.default_rng(seed + 1).normal(size=(n, 16)).astype(np.float32)
    got = g.similarity(probes)
    assert got.shape == (n, 3)
    assert got.dtype == np.float32
    unit = probes / np.linalg.norm(probes, axis=1, keepdims=True)
    for p in range(3):
        want = (unit @ g.matrix[g.owner == p].T).max(axis=1)
        np.testing.assert_allclose(got[:, p], want, atol=1e-6)
    np.testing.assert_allclose(g.similarity(probes * np.float32(scale)), got, atol=1e-5)
    np.testing.assert_allclose(g.similarity(probes[0]), got[0], atol=1e-6)


@given(st.integers(0, 2**31))
def test_a_template_is_its_owners(seed: int) -> None:
    g = random_gallery(seed)
    for row, owner in zip(g.matrix, g.owner, strict=True):
        scores = g.similarity(row)
        assert scores.argmax() == owner
        assert scores[owner] == pytest.approx(1.0, abs=1e-5)


@given(st.integers(0, 2**31), st.integers(1, 9))
def test_the_mean_of_more_templates_is_never_above_the_best(seed: int, top: int) -> None:
    g = random_gallery(seed)
    probe = np.random.default_rng(seed + 1).normal(size=16)
    assert (g.similarity(probe, top) <= g.similarity(probe) + 1e-6).all()
    assert (g.similarity(probe, top) >= g.similarity(probe, top + 1) - 1e-6).all()


def test_quality_weighs_and_poor_templates_are_left_out() -> None:
    rows = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
    g = gallery(rows, quality=[[1.0, 0.6, 0.2]])
    assert len(g.matrix) == 2
    assert g.similarity([1.0, 0.0], top=2)[0] == pytest.approx(1.0 / 1.6)
    assert g.similarity([-1.0, 0.0])[0] == pytest.approx(0.0)


@pytest.mark.parametrize("probe", [[0.0] * 16, [np.nan] * 16, [np.inf] + [0.0] * 15])
@pytest.mark.parametrize("top", [1, 2])
def test_what_is_no_embedding_is_like_nobody(probe: list[float], top: int) -> None:
    g = random_gallery(0)
    assert (g.similarity(probe, top) == -1).all()
    both = g.similarity([probe, g.matrix[0]], top)
    assert (both[0] == -1).all()
    assert both[1].max() > 0.4


def test_an_empty_gallery_and_wrong_lengths() -> None:
    empty = gallery()
    assert len(empty) == 0
    assert empty.similarity(np.ones(7)).shape == (0,)
    assert empty.similarity(np.ones((5, 7))).shape == (5, 0)
    with pytest.raises(ValueError, match="length 7"):
        random_gallery(0).similarity(np.ones(7))


def test_templates_of_two_lengths_are_told() -> None:
    with pytest.raises(PeopleError, match="differ in length"):
        gallery(np.ones((1, 3), np.float32), np.ones((1, 4), np.float32))


def test_a_gallery_holds_those_who_opted_out_and_those_whose_consent_expired(registry: Registry) -> None:
    old = Consent(seen=True, date=dt.date(2020, 1, 1), expires=dt.date(2021, 1, 1))
    rng = np.random.default_rng(0)
    for name, consent in (("Expired", old), ("Opted out", None), ("Willing", Consent(seen=True))):
        registry.add(Enrolled.new(name, consent).with_face("sface", rng.normal(size=8)).with_voice("ecapa", np.ones(4)))
    registry.add(Enrolled.new("Voice only").with_voice("ecapa", np.ones(4)))
    faces, voices = Gallery.for_faces(registry, "sface"), Gallery.for_voices(registry, "ecapa")
    assert (len(faces), len(voices), len(Gallery.for_faces(registry, "arcface"))) == (3, 4, 0)
    assert list(faces.ids) == sorted(faces.ids)
    consents = registry.consents()
    for name in ("Expired", "Opted out"):
        person = registry.get(name)
        assert faces.ids[int(faces.similarity(person.faces["sface"][0]).argmax())] == person.id
        assert consents[person.id] == NOBODY
    assert len(Gallery.for_faces(registry, "sface", without=registry.get("Willing").id)) == 2
