"""What a run is made from: whatever decides a result tells runs apart."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from discreet.rooms import Rooms
from discreet.settings import load
from registered import Answers, Consent, Enrolled, Registry
from weights import Store

DAY = dt.date(2020, 1, 1)
ALL = Answers(True, True, True, True)


def person(name: str = "Ann", consent: Consent | None = None) -> Enrolled:
    template = np.eye(1, 8, dtype=np.float32)
    consent = consent or Consent.granting(ALL, date=DAY)
    return Enrolled.new(name, consent).with_face("sface", template)


def digest(registry: Registry) -> str:
    return Rooms(load(), Store(), registry).people_digest()


CHANGES: dict[str, Callable[[Registry], object]] = {
    "withdrawn": lambda registry: registry.set_consent("Ann", Consent.granting(Answers(), date=DAY)),
    "expired": lambda registry: registry.set_consent(
        "Ann", Consent.granting(ALL, date=DAY, expires=dt.date(2020, 2, 1))
    ),
    "forgotten": lambda registry: registry.forget("Ann"),
    "joined": lambda registry: registry.add(person("Bo")),
    "renamed": lambda registry: registry.rename("Ann", "Anne"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_kept_stage_is_not_used_once_people_changed(tmp_path: Path, change: Callable[[Registry], object]) -> None:
    registry = Registry.open(tmp_path, "file")
    registry.add(person())
    before = digest(registry)
    assert digest(Registry.open(tmp_path, "file")) == before
    change(registry)
    assert digest(registry) != before


def test_the_day_a_consent_ends_tells_runs_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry.open(tmp_path, "file")
    registry.add(person(consent=Consent.granting(ALL, date=DAY, expires=dt.date(2020, 2, 1))))

    class Calendar(dt.date):
        now = DAY

        @classmethod
        def today(cls) -> dt.date:  # type: ignore[override]
            return cls.now

    monkeypatch.setattr("registered.consent.dt", SimpleNamespace(date=Calendar))
    holds = digest(registry)
    Calendar.now = dt.date(2020, 2, 1)
    assert digest(registry) != holds
