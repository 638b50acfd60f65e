"""Withdrawing: templates and photos go, the name stays with four times no."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from registered import NOBODY, Answers, Consent, Enrolled, Registry, withdraw
from timeline import PeopleError


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    registry = Registry.open(None)
    ada = Enrolled.new("Ada", Consent.granting(Answers(seen=True, heard=True)))
    registry.add(ada.with_face("f", np.ones(4)).with_voice("v", np.ones(4)))
    registry.keep("Ada", "face", "image/png", b"photo")
    return registry


def test_nothing_that_recognises_is_left(registry: Registry) -> None:
    kept = registry.get("Ada").kept[0]
    stages = registry.stages().seal(b"x")
    after = withdraw(registry, "ada")
    assert after.id == registry.get("Ada").id
    assert (dict(after.faces), dict(after.voices), after.kept, dict(after.quality)) == ({}, {}, (), {})
    assert not (registry.folder / kept.file).exists()
    with pytest.raises(PeopleError):
        registry.stages().open_sealed(stages)


def test_nothing_is_agreed_to_and_the_history_tells_when(registry: Registry) -> None:
    after = withdraw(registry, "Ada")
    assert after.consent.answers() == NOBODY
    assert after.consent.agreed == ()
    assert len(after.history) == 2


def test_a_name_nobody_has_is_told(registry: Registry) -> None:
    with pytest.raises(PeopleError):
        withdraw(registry, "Eve")
