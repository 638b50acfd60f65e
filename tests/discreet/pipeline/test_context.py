"""What a run is made from: whatever decides a result tells runs apart."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from diarization import Diarization, Fusion
from discreet.config.settings import load
from discreet.pipeline.context import RunContext
from discreet.pipeline.people import find_people, plan_voices
from registered import Answers, Consent, Enrolled, Registry
from timeline import Person, Turn
from weights import Store

DAY = dt.date(2020, 1, 1)
ALL = Answers(True, True, True, True)


def person(name: str = "Ann", consent: Consent | None = None) -> Enrolled:
    template = np.eye(1, 8, dtype=np.float32)
    consent = consent or Consent.granting(ALL, date=DAY)
    return Enrolled.new(name, consent).with_face("sface", template)


def digest(registry: Registry) -> str:
    return RunContext.of(load(), Store(), registry).people_digest()


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


# -- what the chosen models do not do --------------------------------------------------------------------------------


def context(registry: Registry, *options: str) -> RunContext:
    return RunContext.of(load(options=options), Store(), registry)


def test_a_person_without_templates_of_the_chosen_recogniser_is_in_the_notes_but_not_by_name(tmp_path: Path) -> None:
    registry = Registry.open(tmp_path, "file")
    registry.add(person("Ann"))
    assert not any("arcface" in note for note in context(registry).notes())
    told = [note for note in context(registry, "profile=reference").notes() if "arcface-mbf" in note]
    assert len(told) == 1
    assert "1 of 1" in told[0]
    assert told[0].endswith("discreet enroll NAME --face PHOTO --add --profile reference")
    assert "Ann" not in told[0]


def test_settings_in_the_document_are_those_that_decided_and_hold_no_path(tmp_path: Path) -> None:
    registry = Registry.open(tmp_path, "file")
    shown = context(registry, "vision.recognise.recogniser=arcface-mbf").public_settings()["vision"]["recognise"]
    kept = Store().calibration("arcface-mbf")
    assert kept is not None
    assert {name: shown[name] for name in kept.settings} == kept.settings
    pack = context(registry, "vision.recognise.recogniser=insightface:/home/ann/buffalo_l").public_settings()
    assert pack["vision"]["recognise"]["recogniser"] == "insightface:buffalo_l"


# -- voices enrolled for another voiceprint ---------------------------------------------------------------------------


def heard(name: str, model: str, quoted: bool = True) -> Enrolled:
    consent = Consent.granting(Answers(True, True, quoted, True), date=DAY)
    return Enrolled.new(name, consent).with_voice(model, np.eye(1, 8, dtype=np.float32))


@pytest.mark.parametrize(("quoted", "stranger"), [(True, True), (False, False)])
def test_who_may_not_be_quoted_and_cannot_be_recognised_keeps_strangers_from_being_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quoted: bool, stranger: bool
) -> None:
    registry = Registry.open(tmp_path, "file")
    registry.add(heard("Ann", "titanet-l"))
    registry.add(heard("Bo", "ecapa+campplus", quoted))
    given = {}
    monkeypatch.setattr("discreet.pipeline.people.fuse", lambda *args: given.update(rules=args[-1].fusion))
    made = context(registry, "diarization.voiceprint=titanet-l")
    find_people(made, Diarization([], {}, [], "titanet-l"), [])
    assert given["rules"].stranger_quoted is stranger
    told = [note for note in made.notes() if "no voice template of titanet-l" in note]
    assert len(told) == 1
    assert told[0].startswith("1 of 2")
    assert "discreet enroll NAME --voice CLIP --add" in told[0]
    assert ("no stranger is" in told[0]) == (not quoted)
    assert "Bo" not in told[0]
    assert "Four at most." in made.notes(["Four at most."])


def test_nobody_is_missed_by_the_voiceprint_they_are_enrolled_for(tmp_path: Path) -> None:
    registry = Registry.open(tmp_path, "file")
    registry.add(heard("Bo", "ecapa+campplus", quoted=False))
    assert not [note for note in context(registry).notes() if "voice template" in note]


# -- who is heard how -------------------------------------------------------------------------------------------------


def test_the_own_voice_is_not_kept_where_somebody_may_have_spoken_who_did_not_agree(tmp_path: Path) -> None:
    registry = Registry.open(tmp_path, "file")
    people = [
        Person(id="p1", name="Ann", pseudonym="Speaker 1", registered=True, heard=True),
        Person(id="p2", pseudonym="Speaker 2"),
    ]
    turn, doubt = Turn(start=0, end=10, person="p1"), Turn(start=4, end=5, person="p2", overlap=True)
    own = plan_voices(context(registry), Fusion(people, [turn], {}, possible=(doubt,)), "hash").pieces(10)
    assert [(piece.start, piece.end) for piece in own if piece.voice is None] == [(0, 40), (50, 100)]
    agreed = doubt.model_copy(update={"person": "p1"})
    own = plan_voices(context(registry), Fusion(people, [turn], {}, possible=(agreed,)), "hash").pieces(10)
    assert [(piece.start, piece.end) for piece in own if piece.voice is None] == [(0, 100)]
