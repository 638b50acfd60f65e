"""Metadata: hidden parts of media and words in any file are found, clean folders are green."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from discreet.redteam.known_people import Known
from discreet.redteam.metadata import hidden_parts, known_words
from discreet.redteam.target import targets_in
from evaluation.data.planted_words import NAME, append, box, write_clean


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_clean(tmp_path / "results")
    return tmp_path / "results"


def test_a_clean_recording_is_green_and_a_hidden_box_red(folder: Path) -> None:
    assert hidden_parts(targets_in([folder])).light == "green"
    append(folder / "safe.mp4", box(b"free", b"note"))
    attacked = hidden_parts(targets_in([folder]))
    assert attacked.light == "red"
    assert "safe.mp4" in attacked.places[0]


def test_a_word_is_found_however_it_is_written_and_never_quoted(folder: Path) -> None:
    known = Known(words=(NAME,))
    assert known_words(targets_in([folder]), known).light == "green"
    (folder / "notes.txt").write_bytes(base64.b64encode(NAME.encode()))
    attacked = known_words(targets_in([folder]), known)
    assert (attacked.light, attacked.places) == ("red", ("results/notes.txt",))
    assert NAME not in attacked.model_dump_json()


def test_nothing_to_look_for_is_grey(folder: Path) -> None:
    assert known_words(targets_in([folder]), Known()).light == "grey"
    (folder / "safe.mp4").unlink()
    assert hidden_parts(targets_in([folder])).light == "grey"
