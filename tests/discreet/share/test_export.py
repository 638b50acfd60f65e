"""An export: what consent allows and nothing else, checked, in the ledger and the log before it is served."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from discreet.share import exporting
from discreet.share.exporting import export
from discreet.share.inclusion import Asked
from discreet.share.levels import LevelOptions
from discreet.share.request import ExportRequest, UnsafeExportError
from discreet.share.withdrawal import revoke
from registered import Registry
from sharing import MissingExtraError
from sharing.exports import hashes
from tests.discreet.share.conftest import NAMES, Place
from timeline import InputError, OutputError, RefusedError, Timeline, UnsafeError

LEVELS = ("deidentified", "transcript", "features", "synthetic")


def text_of(folder: Path) -> str:
    return "\n".join(p.read_text(errors="replace") for p in sorted(folder.rglob("*")) if p.is_file())


@pytest.mark.parametrize("level", LEVELS)
def test_names_words_and_tokens_of_who_did_not_agree_are_nowhere(place: Place, level: str) -> None:
    made = place.export(level)
    text = text_of(place.out / "out")
    piet = place.project.tokens.person(place.people[2].id)
    for told in (*NAMES, "cherry", piet, "Speaker 3", "session-1", "1" * 64, place.people[0].id):
        assert told not in text.replace("urn:discreet", "")
    assert len(made.record.people) == 2
    assert all(reasons == {"p3": "consent: other purpose"} for reasons in made.left_out.values())


def test_the_same_person_is_the_same_token_in_both_sessions(place: Place) -> None:
    place.export("transcript")
    documents = [Timeline.from_json(p.read_bytes()) for p in (place.out / "out" / "data").glob("*/timeline.json")]
    assert len(documents) == 2
    assert {p.label for p in documents[0].people} == {p.label for p in documents[1].people}


def test_the_ledger_and_the_log_hold_what_was_served(place: Place) -> None:
    made = place.export("deidentified")
    assert place.project.ledger.get(made.record.id) == made.record
    assert made.record.files == hashes(place.out / "out")
    assert place.log()[-1] == ("export", "allowed")
    assert place.project.log.entries()[-1].subject == made.record.id
    assert {"data", "AGREEMENT.md", "dictionary.csv", "gate.json", "gate.html", "provenance.jsonl"} <= {
        p.name for p in (place.out / "out").iterdir()
    }
    assert not list((place.project.folder / "staging").iterdir())


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        (Asked("partner", "researcher", "reuse"), "transcript"),
        (Asked("partner", "external", "study"), "transcript"),
        (Asked("nobody", "researcher", "study"), "transcript"),
        (Asked("outside", "external", "reuse"), "deidentified"),
    ],
)
def test_what_is_not_granted_is_refused_and_recorded(place: Place, asked: Asked, level: str) -> None:
    request = ExportRequest(place.folders, asked, level, place.out / "out", listen=False, look=False)
    with pytest.raises(RefusedError):
        export(place.reopened(), request, place.settings)
    assert place.log()[-1] == ("export", "refused")
    assert not (place.out / "out").exists()
    assert place.project.ledger.all() == []


def test_a_purpose_nobody_agreed_to_is_refused(place: Place) -> None:
    request = ExportRequest(place.folders, Asked("outside", "external", "reuse"), "transcript", place.out / "out")
    with pytest.raises(RefusedError, match="nobody") as told:
        export(place.reopened(), request, place.settings)
    assert "reconsent" in told.value.remedy


def test_a_new_recipient_blocks_until_people_agree_again(place: Place) -> None:
    place.export("transcript")
    text = place.project.path.read_text()
    more = '[recipients.third]\nrole = "researcher"\nabout = "A third"\n[sampling]'
    place.project.path.write_text(text.replace("[sampling]", more, 1))
    with pytest.raises(RefusedError, match="present words"):
        place.export("transcript", out="again")


def test_what_the_gate_finds_is_not_served_and_not_in_the_ledger(place: Place) -> None:
    path = place.folders[0] / "safe.mp4"
    path.write_bytes(path.read_bytes() + b"\0\0\0\x10free" + b"12345678")
    for name in NAMES[2:]:
        from discreet.share.consents import agree

        agree(place.project, name, "study")
    with pytest.raises(UnsafeExportError) as told:
        place.export("deidentified")
    assert {finding.kind for finding in told.value.findings} == {"metadata"}
    assert not (place.out / "out").exists()
    assert place.project.ledger.all() == []
    assert place.log()[-1] == ("export", "refused")


def test_a_name_in_a_word_is_refused(place: Place) -> None:
    path = place.folders[0] / "timeline.json"
    path.write_text(path.read_text().replace("apple", "Okonkwo,").replace("berry", "Zoe Okonkwo"))
    with pytest.raises(UnsafeError):
        place.export("transcript")


def test_an_own_deny_list_is_looked_for(place: Place) -> None:
    from discreet.config.settings import load

    settings = load(None, ['redaction.deny=["berry"]'])
    request = ExportRequest(
        place.folders, Asked("partner", "researcher", "study"), "transcript", place.out / "x", listen=False
    )
    with pytest.raises(UnsafeError):
        export(place.reopened(), request, settings)


@pytest.mark.parametrize("what", ["folder", "link to nothing"])
def test_nothing_is_written_over(place: Place, what: str) -> None:
    if what == "folder":
        (place.out / "out").mkdir()
    else:
        (place.out / "out").symlink_to(place.out / "nowhere")
    with pytest.raises(OutputError, match="already exists"):
        place.export("transcript")
    assert place.project.ledger.all() == []


@pytest.mark.parametrize("out", ["session-1/out", "session-1/a/../b/out", "home/registered/out"])
def test_an_export_does_not_go_into_the_results_or_the_registry(place: Place, out: str) -> None:
    with pytest.raises(OutputError, match="inside"):
        place.export("transcript", out=out)
    assert not (place.out / out).exists()


def test_a_folder_whose_name_is_not_utf_8_is_refused(place: Place) -> None:
    with pytest.raises(OutputError, match="letters"):
        place.export("transcript", out="caf\udce9")
    assert place.project.ledger.all() == []


def test_what_could_not_be_served_is_no_export(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(OutputError, match="No space left"):
        place.export("transcript")
    assert place.log()[-2:] == [("export", "allowed"), ("export", "failed")]
    assert place.project.ledger.all() == []


def test_who_withdraws_while_an_export_is_made_is_not_served(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    real = exporting._announce

    def withdrawing(*arguments: Any) -> None:
        revoke(Registry.open(None), NAMES[0])
        real(*arguments)

    monkeypatch.setattr(exporting, "_announce", withdrawing)
    with pytest.raises(RefusedError, match="changed while"):
        place.export("transcript")
    assert not (place.out / "out").exists()
    assert place.project.ledger.all() == []
    assert place.log()[-1] == ("export", "refused")


@pytest.mark.parametrize("name", ["safe.mp4", "timeline.json"])
def test_a_link_in_the_results_is_refused(place: Place, name: str) -> None:
    path = place.folders[0] / name
    path.rename(place.out / name)
    path.symlink_to(place.out / name)
    with pytest.raises(InputError, match="a link"):
        place.export("deidentified")


@pytest.mark.parametrize(("library", "level"), [("rocrate", "aggregate"), ("c2pa", "deidentified")])
def test_a_missing_library_is_told_before_anything_is_spent_or_made(
    place: Place, monkeypatch: pytest.MonkeyPatch, library: str, level: str
) -> None:
    pytest.importorskip("opendp")
    for module in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=library):
        place.export(level, options=LevelOptions(epsilon=3.0))
    assert not (place.project.folder / "budget.sqlite").exists()


def test_an_unknown_recipient_is_told_how_to_name_one(place: Place) -> None:
    request = ExportRequest(place.folders, Asked("third", "", "study"), "transcript", place.out / "out")
    with pytest.raises(RefusedError, match="third") as told:
        export(place.reopened(), request, place.settings)
    assert "[recipients.third]" in told.value.remedy
    assert "governance.toml" in told.value.remedy


@pytest.mark.parametrize("what", ["none", "damaged", "twice"])
def test_what_is_no_result_is_told(place: Place, what: str) -> None:
    folder = place.folders[0]
    if what == "none":
        (folder / "timeline.json").unlink()
    elif what == "damaged":
        (folder / "timeline.json").write_text("{}")
    folders = (folder, folder) if what == "twice" else (folder,)
    with pytest.raises(InputError):
        place.export("transcript", folders=folders)


def test_counts_come_from_the_budget_and_stop_with_it(place: Place) -> None:
    pytest.importorskip("opendp")
    place.export("aggregate", options=LevelOptions(epsilon=3.0))
    text = (place.out / "out" / "data" / "counts.csv").read_text()
    assert text.startswith("count,value,epsilon,scale")
    with pytest.raises(RefusedError):
        place.export("aggregate", out="again", options=LevelOptions(epsilon=3.0))


def test_a_damaged_record_blocks_for_its_name_cannot_be_looked_for(place: Place) -> None:
    registry = place.project.registry
    (registry.folder / f"{place.people[2].id}.person").write_bytes(b"damaged")
    with pytest.raises(UnsafeError):
        place.export("transcript")


def test_sampling_leaves_out_turns_and_the_recording(place: Place) -> None:
    text = place.project.path.read_text()
    place.project.path.write_text(text.replace("[sampling]", "[sampling]\nminutes_per_person = 0.0001", 1))
    place.export("deidentified")
    data = place.out / "out" / "data"
    assert not list(data.glob("*/safe.mp4"))
    assert all(not Timeline.from_json(p.read_bytes()).words for p in data.glob("*/timeline.json"))


def test_provenance_names_the_source_by_a_keyed_hash_only(place: Place) -> None:
    import base64

    place.export("deidentified")
    lines = (place.out / "out" / "provenance.jsonl").read_text().splitlines()
    payloads = [json.loads(base64.b64decode(json.loads(line)["payload"])) for line in lines]
    sources = {p["predicate"]["source"] for p in payloads[1:]}
    assert sources == {place.project.tokens.source("1" * 64), place.project.tokens.source("2" * 64)}


KILLED = """
import os, sys
from pathlib import Path
import discreet.share.exporting as module
from tests.discreet.share.conftest import Asked, ExportRequest, Project, Registry, load
real, n = getattr(module, sys.argv[1]), 0
def dying(*a, **k):
    os._exit(9)
setattr(module, sys.argv[1], dying)
folders = tuple(map(Path, sys.argv[3:]))
look = dict(listen=False, look=False)
request = ExportRequest(folders, Asked("partner", "researcher", "study"), "transcript", Path(sys.argv[2]), **look)
module.export(Project("study-1", Registry.open(None)), request, load(None, []))
"""


@pytest.mark.parametrize("step", ["_make", "_announce", "serve"])
def test_whoever_is_killed_has_served_nothing_without_a_line(place: Place, step: str) -> None:
    out = place.out / "out"
    done = subprocess.run([sys.executable, "-c", KILLED, step, str(out), *map(str, place.folders)], capture_output=True)
    assert done.returncode == 9, done.stderr.decode()
    assert not out.exists()
    assert (place.log()[-1] == ("export", "allowed")) == (step == "serve")
    assert bool(place.project.ledger.all()) == (step == "serve")


def test_a_recording_carries_content_credentials_and_without_them_it_is_refused(place: Place) -> None:
    import datetime as dt

    from sharing.exports import Signer, verify_export

    pytest.importorskip("c2pa")
    place.export("deidentified")
    out, key = place.out / "out", Signer(place.project.signing_seed).public_key()
    assert verify_export(out, key, (), dt.datetime.now(dt.UTC)).problems == ()
    recording = next(out.rglob("safe.mp4"))
    at = recording.read_bytes().index(b"uuid") - 4
    recording.write_bytes(recording.read_bytes().replace(b"uuid", b"free", 1))
    assert at > 0
    problems = verify_export(out, key, (), dt.datetime.now(dt.UTC)).problems
    assert any("changed" in problem for problem in problems)
    assert any("content credentials were removed" in problem for problem in problems)
