"""Destroying an export of a project: certified, in the log before and after, and no longer due."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from discreet.results.sealed_details import details, keep_details
from discreet.share.destruction import destroy_export, destroy_result, expired
from discreet.share.identity_links import links
from tests.discreet.share.conftest import Place
from timeline import InputError, Timeline, UnsafeError


def test_an_export_is_destroyed_certified_and_noted(place: Place) -> None:
    made = place.export("transcript")
    project = place.reopened()
    done = destroy_export(project, place.out / "out", [], place.out / "certificates")
    assert not (place.out / "out").exists()
    assert done.file.is_file()
    assert done.certificate.export == made.record.id
    assert project.ledger.get(made.record.id).destroyed is not None
    assert place.log()[-2:] == [("destroy", "allowed"), ("destroy", "done")]


def test_a_copy_is_found_and_nothing_is_certified(place: Place) -> None:
    made = place.export("transcript")
    shutil.copytree(place.out / "out", place.out / "copy")
    with pytest.raises(UnsafeError):
        destroy_export(place.reopened(), place.out / "out", [], place.out / "certificates")
    assert not (place.out / "certificates").exists()
    assert place.project.ledger.get(made.record.id).destroyed is None


def test_once_the_copy_is_destroyed_as_well_the_export_is_certified(place: Place) -> None:
    made = place.export("transcript")
    shutil.copytree(place.out / "out", place.out / "copy")
    with pytest.raises(UnsafeError):
        destroy_export(place.reopened(), place.out / "out", [], place.out / "certificates")
    done = destroy_export(place.reopened(), place.out / "copy", [], place.out / "certificates")
    assert done.certificate.export == made.record.id
    assert not (place.out / "copy").exists()
    assert place.project.ledger.get(made.record.id).destroyed is not None


def test_nothing_is_destroyed_while_a_place_to_search_does_not_exist(place: Place) -> None:
    place.export("transcript")
    with pytest.raises(InputError, match="cannot be searched"):
        destroy_export(place.reopened(), place.out / "out", [place.out / "no-such-folder"], place.out / "certificates")
    assert (place.out / "out" / "provenance.jsonl").is_file()
    assert ("destroy", "allowed") not in place.log()


def test_the_certificate_has_a_page_for_people(place: Place) -> None:
    made = place.export("transcript")
    done = destroy_export(place.reopened(), place.out / "out", [], place.out / "certificates")
    page = done.file.with_suffix(".md").read_text(encoding="utf-8")
    for told in (made.record.id, "AGREEMENT.md", str(place.out), done.file.name, "were not searched"):
        assert told in page


def test_only_what_the_project_made_is_destroyed(place: Place) -> None:
    (place.out / "mine").mkdir()
    with pytest.raises(InputError):
        destroy_export(place.reopened(), place.out / "mine", [], place.out)
    assert (place.out / "mine").is_dir()


def test_what_is_over_or_recalled_is_due_until_it_is_destroyed(place: Place) -> None:
    made = place.export("transcript")
    assert expired(place.project) == []
    later = made.record.keep_until + dt.timedelta(days=1)
    assert [one.id for one in expired(place.project, later)] == [made.record.id]
    place.project.ledger.recall([made.record.id], "withdrawn", made.record.at)
    assert [one.id for one in expired(place.project)] == [made.record.id]
    destroy_export(place.reopened(), place.out / "out", [], place.out / "certificates")
    assert expired(place.project, later) == []


def test_results_are_destroyed_with_all_that_is_kept_of_them(place: Place) -> None:
    folder, other = place.folders
    registry = place.project.registry
    documents = [Timeline.from_json((one / "timeline.json").read_bytes()) for one in (folder, other)]
    for document in documents:
        keep_details(registry, document)
    (place.out / "nowhere").mkdir(parents=True)
    done = destroy_result(place.reopened(), folder, [place.out / "nowhere"], place.out / "certificates")
    assert not folder.exists()
    assert done.file.is_file()
    assert [details(registry, document) is None for document in documents] == [True, False]
    assert [bool(links(registry, document)) for document in documents] == [False, True]
    assert place.log()[-2:] == [("destroy", "allowed"), ("destroy", "done")]


def test_a_folder_with_somebody_elses_file_is_not_destroyed(place: Place) -> None:
    (place.folders[0] / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not a result of a run"):
        destroy_result(place.reopened(), place.folders[0], [], place.out / "certificates")
    assert (place.folders[0] / "safe.mp4").is_file()
