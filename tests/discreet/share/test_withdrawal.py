"""Withdrawing: every export with that person is recalled, its recipient can tell, and the templates are gone."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from discreet.share.project import Project
from discreet.share.withdrawal import forget, merge, projects, publish_recalls, revoke
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


def break_address(place: Place) -> None:
    path = place.project.path
    path.write_text(path.read_text().replace('address = ""', f'address = "{place.out / "nowhere" / "recalls.json"}"'))


def break_governance(place: Place) -> None:
    place.project.path.write_text("version = ")


def break_log(place: Place) -> None:
    place.project.log.path.unlink()


@pytest.mark.parametrize("broken", [break_address, break_governance, break_log])
def test_whatever_else_fails_the_withdrawal_itself_is_made_and_the_failure_is_told(
    place: Place, broken: Callable[[Place], None]
) -> None:
    place.export("transcript")
    place.project.registry.update(place.people[0].id, lambda p: p.with_face("m", np.ones(4)))
    broken(place)
    done = revoke(Registry.open(None), NAMES[0])
    assert len(done.problems) >= 1
    assert all(problem.startswith("study-1: ") for problem in done.problems)
    person = Registry.open(None).get(NAMES[0])
    assert (person.faces, person.consent.answers()) == ({}, Answers())
    assert all(record.recalled for record in place.project.ledger.all())


def test_a_project_that_fails_does_not_keep_the_others_from_recalling(place: Place) -> None:
    Project.create("a-broken-one", Registry.open(None), "research", "x", "x").path.write_text("version = ")
    place.export("transcript")
    done = revoke(Registry.open(None), NAMES[0])
    assert len(done.recalled) == 1
    assert place.out / "out" / "recalls.json" in done.lists


def test_a_withdrawal_is_a_line_of_the_log_though_nothing_was_exported(place: Place) -> None:
    revoke(Registry.open(None), NAMES[0])
    assert place.log()[-1] == ("revoke", "done")


def test_exports_with_somebody_who_is_forgotten_are_recalled_for_nobody_finds_them_afterwards(place: Place) -> None:
    made = place.export("transcript")
    _, done = forget(Registry.open(None), NAMES[0])
    assert [record.id for _, record in done.recalled] == [made.record.id]
    assert "recalled" in problems(place, "out")[0]
    assert Registry.open(None).find(NAMES[0]) is None
    assert ("forget", "done") in place.log()


def test_exports_with_a_merged_record_are_found_by_the_one_that_is_left(place: Place) -> None:
    made = place.export("transcript", who={"p1": NAMES[0]})
    merge(Registry.open(None), place.people[2].id, place.people[0].id, None)
    assert ("merge", "done") in place.log()
    done = revoke(Registry.open(None), NAMES[2])
    assert [record.id for _, record in done.recalled] == [made.record.id]
