"""Calibration of faces: fitted to some people, it holds for others; enrolment counts are those of its rules."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.data.face_takes import FaceTakes
from evaluation.metrics.likelihood import cllr, reliability
from evaluation.runs.face_likelihood import enrolled, face_trials, fitted, ratios
from registered import FaceQuality


@pytest.fixture(scope="module")
def made_up() -> FaceTakes:
    """Fourteen people in three files each; the poorer a picture, the less of the person is in its embedding."""
    dice = np.random.default_rng(0)
    rows = []
    for person in range(14):
        face = dice.normal(size=64)
        for clip in range(3):
            for quality in (0.3, 0.6, 1.0):
                vector = quality * face + dice.normal(size=64) * 0.7
                name = f"photo {person}" if person < 3 else str(person)
                rows.append((vector / np.linalg.norm(vector), quality, True, name, f"{person}/{clip}", "as it is"))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return FaceTakes(columns[0].astype(np.float32), columns[1].astype(np.float32), *columns[2:])


def test_pairs_are_of_different_files_and_of_people_who_are_known_to_differ(made_up: FaceTakes) -> None:
    trials = face_trials(made_up, ["13"], {frozenset((0, 1))})
    assert (trials.cosine < 0.9999).all()
    pairs = {frozenset((a, b)) for a, b in (name.split(" photo ") for name in trials.names if name.count("photo") == 2)}
    named = {
        frozenset(int(part) for part in pair if part) for pair in ([p.replace("photo ", "") for p in f] for f in pairs)
    }
    assert frozenset((0, 1)) in named
    assert frozenset((0, 2)) not in named


def test_the_fit_is_calibrated_on_people_it_has_not_seen(made_up: FaceTakes) -> None:
    trials = face_trials(made_up, ["9", "10", "11", "12", "13"], set())
    likelihood = fitted(trials.where(~trials.validation))
    held = trials.where(trials.validation)
    score = ratios(held, likelihood)
    assert cllr(score, held.same) < 0.4
    rows = reliability(score, held.same)
    assert np.mean([abs(said - share) for said, share, _ in rows]) < 0.25
    one, other = held.one[0], held.other[0]
    assert score[0] == pytest.approx(likelihood(held.cosine[0], one, other), abs=1e-6)


def test_of_two_photos_enrolment_joins_keeps_or_refuses(made_up: FaceTakes) -> None:
    trials = face_trials(made_up, [], set())
    rules = FaceQuality()
    sure = np.where(trials.same, rules.one_person, rules.two_people)
    assert enrolled(sure, trials, rules)[0].startswith("  one person: joined 1.0000")
    assert "refused 1.0000" in enrolled(sure, trials, rules)[1]
    assert all("own 1.0000" in line for line in enrolled(np.zeros(len(sure)), trials, rules))
