"""Voices follow from the pseudo-voice alone and differ; a student that is not as its card says is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from timeline import ModelError
from voice import voice_for
from voice.live.student import StudentVoices, card, shipped_converter
from voice.live.student.shipped import CARD, FOLDER, NETWORK, VOICES

ANN, BEN = (voice_for(bytes(32), person) for person in ("ann", "ben"))
RANDOM = np.random.default_rng(0)
VOICES_OF_TEST = StudentVoices(
    RANDOM.normal(0, 1, (7, 36)).astype(np.float32), np.column_stack([np.linspace(4.6, 5.5, 7), np.full(7, 0.2)])
)


def test_a_person_has_one_voice_and_two_people_two() -> None:
    first, again, other = (VOICES_OF_TEST.drawn(voice) for voice in (ANN, ANN, BEN))
    assert np.array_equal(first.code, again.code)
    assert not np.allclose(first.code, other.code)


def test_every_voice_lies_between_two_of_the_corpus() -> None:
    for person in range(50):
        made = VOICES_OF_TEST.drawn(voice_for(bytes(32), str(person)))
        assert 4.6 <= made.pitch.median <= 5.5
        gaps = np.linalg.norm(VOICES_OF_TEST.codes - made.code, axis=1)
        assert gaps.min() > 0.0
        first, second = np.argsort(gaps)[:2]
        assert gaps[first] < gaps[second]


def test_a_student_that_is_missing_or_changed_is_refused(tmp_path: Path, store) -> None:
    with pytest.raises(ModelError, match="not part of this installation"):
        card(tmp_path)
    (tmp_path / CARD).write_text(json.dumps({"sha256": "0" * 64}), "utf-8")
    (tmp_path / NETWORK).write_bytes(b"something else")
    np.savez(tmp_path / VOICES, codes=VOICES_OF_TEST.codes, pitch=VOICES_OF_TEST.pitch)
    with pytest.raises(ModelError, match="not the one that its card describes"):
        shipped_converter(ANN, 16000, store, tmp_path)


@pytest.mark.skipif(not (FOLDER / CARD).is_file(), reason="no student ships with this version")
def test_what_ships_says_something_else_than_it_hears(store, needs) -> None:
    needs(store, "fargan")
    converter = shipped_converter(ANN, 16000, store)
    tone = (0.2 * np.sign(np.sin(2 * np.pi * 120 * np.arange(8000) / 16000))).astype(np.float32)
    made = np.concatenate([converter(tone), converter.flush()])[converter.delay :]
    assert made.shape == tone.shape
    assert np.abs(made).max() > 0.005
    assert abs(np.corrcoef(made, tone)[0, 1]) < 0.5
