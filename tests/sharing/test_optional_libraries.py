"""Optional libraries: there, or one line that says how to get them."""

from __future__ import annotations

import sys

import pytest

from sharing.optional_libraries import EXTRAS, MissingExtraError, load


def test_a_module_that_is_there_is_loaded() -> None:
    assert load("json").dumps(1) == "1"


@pytest.mark.parametrize("library", EXTRAS)
def test_a_missing_library_is_named_with_the_command_that_brings_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=library) as told:
        load(library)
    assert f"discreet[{EXTRAS[library]}]" in told.value.remedy
