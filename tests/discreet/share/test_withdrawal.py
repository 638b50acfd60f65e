"""Withdrawing: every export with that person is recalled, its recipient can tell, and the templates are gone."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pytest

from discreet.share.withdrawal import projects, publish_recalls, revoke
from registered import Answers, Registry
from sharing.exports import Signer, verify_export
from tests.discreet.share.conftest import NAMES, Place
from timeline import InputError, PeopleError, RefusedError


def problems(place: Place, out: str, *lists: Path) -> tuple[str, ...]:
    key = Signer(place.project.signing_seed).public_key()
    now = dt.datetime.now(dt.UTC)
    return verify_export(place.out / out, key, [path.read_bytes() for path in lists], now).problems


def test_exports_with_that_person_are_recalled_and_their_recipients_can_tell(place: Place) -> None:
    made = place.export("transcript")
    assert problems(place, "out") == ()
    done = revoke(Registry.open(None), NAMES[0])
    assert [(name, record.id) for name, record in done.recalled] == [("study-1", made.record.id)]
    assert done.recalled[0][1].recipient == "partner"
    assert "recalled" in problems(place, "out", *done.lists)[0]
    assert ("revoke", "done") in place.log()


def test_nothing_of_them_leaves_any_more_and_the_templates_are_gone(place: Place) -> None:
    registry = Registry.open(None)
    registry.update(place.people[0].id, lambda p: p.with_face("m", np.ones(4)))
    kept = registry.keep(place.people[0].id, "face", "image/png", b"photo")
    revoke(registry, NAMES[0])
    person = Registry.open(None).get(NAMES[0])
    assert (person.faces, person.voices, person.kept) == ({}, {}, ())
    assert person.consent.answers() == Answers()
    assert not (registry.folder / kept.file).exists()
    assert place.project.tokens.person(person.id) not in place.export("transcript", out="later").record.people


def test_an_export_that_is_still_where_it_was_made_carries_its_recall(place: Place) -> None:
    place.export("transcript")
    before = (place.out / "out" / "recalls.json").read_bytes()
    done = revoke(Registry.open(None), NAMES[0])
    assert place.out / "out" / "recalls.json" in done.lists
    assert (place.out / "out" / "recalls.json").read_bytes() != before
    (problem,) = problems(place, "out")
    assert "recalled (consent was withdrawn)" in problem


def test_nothing_is_written_into_a_folder_that_took_the_place_of_an_export(place: Place) -> None:
    place.export("transcript")
    shutil.rmtree(place.out / "out")
    (place.out / "out").mkdir()
    (place.out / "out" / "provenance.jsonl").write_text("mine")
    revoke(Registry.open(None), NAMES[0])
    assert [path.name for path in (place.out / "out").iterdir()] == ["provenance.jsonl"]


def test_an_export_without_them_still_stands(place: Place) -> None:
    place.export("transcript")
    done = revoke(Registry.open(None), NAMES[2])
    assert done.recalled == []
    assert problems(place, "out") == ()


def test_one_export_alone_can_be_recalled_and_the_consent_stays(place: Place) -> None:
    one, two = place.export("transcript"), place.export("features", out="two")
    registry = Registry.open(None)
    done = revoke(registry, NAMES[0], one.record.id)
    assert [record.id for _, record in done.recalled] == [one.record.id]
    assert place.project.ledger.get(two.record.id).recalled is None
    assert Registry.open(None).get(NAMES[0]).consent.answers().seen
    with pytest.raises(InputError):
        revoke(registry, NAMES[2], one.record.id)


def test_a_name_nobody_has_is_told(place: Place) -> None:
    with pytest.raises(PeopleError):
        revoke(Registry.open(None), "Nobody")


def test_when_everybody_withdrew_nothing_can_be_exported(place: Place) -> None:
    for name in NAMES:
        revoke(Registry.open(None), name)
    with pytest.raises(RefusedError):
        place.export("transcript")


def test_the_list_goes_to_an_address_that_is_a_file(place: Place) -> None:
    target = place.out / "public" / "recalls.json"
    target.parent.mkdir()
    path = place.project.path
    path.write_text(path.read_text().replace('address = ""', f'address = "{target}"'))
    assert publish_recalls(place.reopened()) == [place.project.folder / "recalls.json", target]
    assert target.read_bytes() == (place.project.folder / "recalls.json").read_bytes()


def test_every_project_of_a_registry_is_looked_through(place: Place) -> None:
    assert [project.name for project in projects(place.project.registry)] == ["study-1"]
