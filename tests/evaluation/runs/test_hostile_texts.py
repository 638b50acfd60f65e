"""Whatever a text from outside holds, its reader takes it or refuses it in one line with a documented exit code."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.attacks.hostile_text import composed, mutated
from evaluation.data.hostile_clips import clip
from evaluation.data.hostile_seeds import READERS, Reader
from evaluation.runs.hostile_texts import Outcome, TooSlowError, give, inputs, within
from timeline import InputError, UnsafeError

few = settings(
    max_examples=25, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("name", READERS)
@few
@given(dice=st.randoms(use_true_random=False), new=st.booleans())
def test_a_reader_takes_it_or_says_why_not(tmp_path: Path, name: str, dice: random.Random, new: bool) -> None:
    reader, outcome = READERS[name], Outcome()
    give(reader, (composed if new else mutated)(reader.valid, dice), tmp_path, outcome)
    assert not outcome.faults


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 50_000,
        '{"a":' * 50_000,
        "a = " + "[" * 50_000,
        "a = " + "9" * 5000,
        "a." * 50_000 + "b = 1",
        "\0",
        "\xff",
    ],
)
def test_what_has_no_end_and_what_is_nothing(tmp_path: Path, name: str, text: str) -> None:
    outcome = Outcome()
    give(READERS[name], text.encode("latin-1"), tmp_path, outcome)
    assert not outcome.faults


@pytest.mark.parametrize("name", READERS)
def test_every_seed_is_valid(tmp_path: Path, name: str) -> None:
    READERS[name].read(READERS[name].valid.encode(), tmp_path)


def test_a_clip_is_opened_whatever_its_tags_hold(tmp_path: Path) -> None:
    reader, outcome = clip(), Outcome()
    for data in inputs(reader.valid, 2, random.Random(1)):
        give(reader, data, tmp_path, outcome)
    assert not outcome.faults


def test_what_must_not_be_is_counted(tmp_path: Path) -> None:
    def fails(data: bytes, folder: Path) -> None:
        raise {b"own": KeyError("x"), b"code": UnsafeError("no"), b"known": InputError("no")}[data]

    outcome = Outcome()
    for data in (b"own", b"code", b"known"):
        give(Reader("", fails, (InputError.exit_code,)), data, tmp_path, outcome)
    assert outcome.refused == {3: 1, 8: 1}
    assert sorted(what.partition(" in ")[0] for what in outcome.faults) == ["KeyError", "exit code 8: UnsafeError"]


def test_a_reader_that_does_not_end_is_stopped() -> None:
    def never_ends() -> None:
        while time.process_time() >= 0:
            pass

    with pytest.raises(TooSlowError), within(1):
        never_ends()
