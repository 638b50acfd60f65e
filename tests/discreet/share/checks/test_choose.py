"""Which models the gate takes: another than the run's where one is here; and what stays unchecked is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from discreet.config.settings import load
from discreet.share.checks import HiddenPeople, checks_for
from discreet.share.checks.choose import hidden_people
from discreet.share.identity_links import keep_links
from registered import Answers, Consent, Enrolled, Registry
from timeline import ModelError, Recording, Timeline

SETTINGS = load(None, [])
VOICE = {"ecapa+campplus": np.eye(1, 4, dtype=np.float32)}


class Here:
    """Stands for a store with some models, none of which can be loaded."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids

    def has(self, id: str) -> bool:
        return id in self.ids

    def calibration(self, id: str) -> None:
        return None

    def session(self, id: str, *_: object, **__: object) -> object:
        raise ModelError(f"the model {id} is not on this machine", "")


def somebody(**more: object) -> Enrolled:
    person = Enrolled.new("Bo", Consent.granting(Answers()))
    quality = {name: np.ones(len(rows), np.float32) for kind in more.values() for name, rows in kind.items()}  # type: ignore[attr-defined]
    return replace(person, quality=quality, **more)  # type: ignore[arg-type]


def said(store: Here, *people: Enrolled, **sets: frozenset[str]) -> str:
    hidden = HiddenPeople(people, sets.get("seen", frozenset()), sets.get("heard", frozenset()), lambda _: frozenset())
    return "\n".join(checks_for(store, SETTINGS, hidden).not_checked)


def test_another_detector_than_the_runs_is_taken_where_one_is_here() -> None:
    assert "another detector" not in said(Here("yunet", "centerface"))
    assert "scrfd-500m cannot find" in said(Here("yunet", "scrfd-500m"))
    assert "weights fetch centerface" in said(Here("yunet"))


def test_who_cannot_be_listened_for_is_said() -> None:
    everything = Here("yunet", "ecapa", "campplus", "titanet-l")
    assert "1 enrolled people without a voice template" in said(everything, somebody())
    assert "another model than the run's" in said(everything, somebody(voices=VOICE))
    assert "another model than the run's" not in said(
        everything, somebody(voices=VOICE | {"titanet-l": VOICE["ecapa+campplus"]})
    )
    assert "people who are not enrolled" in said(everything)


def test_nobody_is_listened_for_who_may_be_heard() -> None:
    person = somebody(voices=VOICE)
    hidden = HiddenPeople((person,), frozenset(), frozenset({person.id}), lambda _: frozenset())
    assert len(checks_for(Here("ecapa", "campplus"), SETTINGS, hidden).checkers) == 1, "faces alone"


def test_a_model_that_is_not_here_stops_the_check_and_only_when_a_recording_comes(tmp_path: Path) -> None:
    (look,) = checks_for(Here(), SETTINGS, HiddenPeople((), frozenset(), frozenset(), lambda _: frozenset())).checkers
    with pytest.raises(ModelError):
        look(tmp_path / "safe.mp4", "safe.mp4", Timeline(recording=Recording(duration=1.0)))


def test_today_counts_and_not_the_day_of_the_run(tmp_path: Path) -> None:
    registry = Registry.open(tmp_path / "registry", "file")
    ann, bo = (
        registry.add(Enrolled.new(name, Consent.granting(Answers(seen=True, heard=True)))) for name in ("Ann", "Bo")
    )
    people = [{"id": id, "pseudonym": id, "registered": True, "seen": True} for id in ("p1", "p2")]
    timeline = Timeline.model_validate({"recording": {"duration": 1.0}, "people": people})
    keep_links(registry, timeline, {"p1": ann.id, "p2": bo.id})
    registry.update(bo.id, lambda person: person.with_consent(person.consent.answering("seen", False)))
    hidden = hidden_people(registry)
    assert hidden.shown(timeline) == {"p1"}
    assert (hidden.seen, hidden.heard) == ({ann.id}, {ann.id, bo.id})
