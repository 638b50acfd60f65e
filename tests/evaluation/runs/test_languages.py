"""Conditions under which the language is to be found, and the table of the results."""

from collections import Counter

import numpy as np
import pytest

from evaluation.runs.languages import CONDITIONS, heard_in, table


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_keeps_length_and_type_and_changes_all_but_the_clean(condition):
    speech = np.random.default_rng(1).normal(0, 0.1, 16000).astype(np.float32)
    out = heard_in(speech, condition, np.random.default_rng(0))
    assert out.dtype == np.float32
    assert len(out) == len(speech)
    assert np.array_equal(out, speech) == (condition == "clean")


def test_a_telephone_carries_nothing_above_its_band():
    tone = np.sin(2 * np.pi * 5000 * np.arange(16000) / 16000).astype(np.float32)
    assert np.abs(heard_in(tone, "telephone", np.random.default_rng(0))).max() < 1e-3


def test_the_table_counts_by_what_is_spoken():
    lines = list(table(Counter({("words", True, "en"): 3, ("words", True, "another"): 1, ("words", False, "en"): 2})))
    assert lines == ["words  English (4): another 1, en 3", "words  other languages (2): en 2"]
