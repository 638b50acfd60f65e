"""Readers of the newer files: they take the seed, and refuse anything else in one line with a documented exit code."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from evaluation.data.hostile_documents import DOCUMENTS
from evaluation.runs.hostile_texts import Outcome, give, inputs

ENDLESS = ("", "[" * 50_000, '{"a":' * 50_000, "a = " + "[" * 50_000, "a = " + "9" * 5000, "\0", "\xff", "[1e999]")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_seed_is_valid(tmp_path: Path, name: str) -> None:
    DOCUMENTS[name].read(DOCUMENTS[name].valid.encode(), tmp_path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_reader_takes_it_or_says_why_not(tmp_path: Path, name: str) -> None:
    reader, outcome = DOCUMENTS[name], Outcome()
    for data in inputs(reader.valid, 30, random.Random(name)):
        give(reader, data, tmp_path, outcome)
    for text in ENDLESS:
        give(reader, text.encode("latin-1"), tmp_path, outcome)
    assert not outcome.faults
