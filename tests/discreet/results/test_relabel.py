"""Labels of earlier results change, everything else stays, and every change can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from discreet.results.folder import EXPORTS, REPORT
from discreet.results.relabel import LABELS, merge, rename, restore
from discreet.results.report import report_text
from registered import Consent, Enrolled, Registry, parse_answers
from timeline import InputError, OutputError, PeopleError, Person, Recording, Timeline, Track, Turn, Word


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    registry = Registry.open(tmp_path / "people")
    for name, answers in (("Anna", "all"), ("Otto", "all"), ("Mute", "seen,heard,quoted"), ("Gone", "none")):
        registry.add(Enrolled.new(name, Consent.granting(parse_answers(answers))))
    return registry


PEOPLE = [
    Person(id="p1", name="Anna", pseudonym="Speaker 1", registered=True, seen=True, heard=True),
    Person(id="p2", pseudonym="Speaker 2"),
    Person(id="p3", pseudonym="Speaker 3", quoted=False),
]


@pytest.fixture
def past(tmp_path: Path) -> Path:
    timeline = Timeline(
        recording=Recording(duration=9),
        people=PEOPLE,
        tracks=[Track(id="t1", person="p2", start=0, end=9)],
        turns=[Turn(start=i, end=i + 1, person=f"p{1 + i % 3}") for i in range(9)],
        words=[Word(start=1.1, end=1.5, text="hello", person="p2"), Word(start=3.1, end=3.5, text="yes", person="p1")],
    )
    folder = tmp_path / "result"
    for name, export in EXPORTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(export(timeline), encoding="utf-8")
    (folder / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
    (folder / REPORT).write_text(report_text(timeline), encoding="utf-8")
    return folder / "timeline.json"


def read(path: Path) -> Timeline:
    return Timeline.from_json(path.read_bytes())


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != LABELS}


def test_a_new_name_stands_in_every_text_and_nothing_else_changes(past: Path, registry: Registry) -> None:
    before = read(past)
    rename(past, "Speaker 2", "Otto", registry)
    after = read(past)
    assert [p.label for p in after.people] == ["Anna", "Otto", "Speaker 3"]
    assert (after.turns, after.words, after.tracks) == (before.turns, before.words, before.tracks)
    for name, export in EXPORTS.items():
        assert (past.parent / name).read_text(encoding="utf-8") == export(after)
    assert "Otto" in (past.parent / "transcript.txt").read_text(encoding="utf-8")


def test_the_folder_will_do_and_texts_that_were_removed_do_not_come_back(past: Path, registry: Registry) -> None:
    (past.parent / "transcript.srt").unlink()
    rename(past.parent, "p2", "Otto", registry)
    assert read(past).people[1].name == "Otto"
    assert not (past.parent / "transcript.srt").exists()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Speaker 2", "Mute", "has not agreed to be named"),
        ("Speaker 2", "Gone", "has not agreed to be named"),
        ("Speaker 2", "Nobody", "nobody called 'Nobody' is enrolled"),
        ("Speaker 2", "Anna", "is somebody else in that recording"),
    ],
)
def test_a_name_stands_only_where_its_owner_agreed(
    past: Path, registry: Registry, old: str, new: str, says: str
) -> None:
    before = everything(past.parent)
    with pytest.raises(PeopleError, match=says):
        rename(past, old, new, registry)
    assert everything(past.parent) == before


def test_a_name_can_always_be_taken_away_and_is_then_nowhere(past: Path, registry: Registry) -> None:
    rename(past, "Anna", "speaker 1", registry)
    assert read(past).people[0].name is None
    assert not any(b"Anna" in data for data in everything(past.parent).values())
    assert b"Anna" not in (past.parent / LABELS).read_bytes()


def test_a_change_can_be_taken_back(past: Path, registry: Registry) -> None:
    first = everything(past.parent)
    rename(past, "Anna", "Speaker 1", registry)
    second = everything(past.parent)
    merge(past, "Speaker 1", "Speaker 2", registry)
    assert [p.id for p in read(past).people] == ["p1", "p3"]
    assert {t.person for t in read(past).turns} == {"p1", "p3"}
    restore(past, registry)
    assert everything(past.parent) == second
    restore(past, registry)
    assert everything(past.parent) == first
    with pytest.raises(InputError, match="no change of labels"):
        restore(past, registry)


def test_a_name_does_not_come_back_when_its_owner_withdrew_it(past: Path, registry: Registry) -> None:
    rename(past, "Anna", "Speaker 1", registry)
    registry.set_consent("Anna", Consent.granting(parse_answers("seen")))
    restore(past, registry)
    assert read(past).people[0].name is None


def test_merged_people_have_what_both_had(past: Path, registry: Registry) -> None:
    merge(past, "Anna", "Speaker 2", registry)
    anna = read(past).people[0]
    assert (anna.label, anna.seen, anna.heard, anna.quoted) == ("Anna", False, False, True)
    assert {w.person for w in read(past).words} == {"p1"}
    assert read(past).tracks[0].person == "p1"


def test_somebody_who_may_not_be_quoted_is_not_given_words(past: Path, registry: Registry) -> None:
    before = everything(past.parent)
    for pair in (("Anna", "Speaker 3"), ("Speaker 3", "Anna")):
        with pytest.raises(InputError, match="words of the other are written out"):
            merge(past, *pair, registry)
    assert everything(past.parent) == before


def test_merging_with_somebody_who_declined_the_name_takes_it_away(past: Path, registry: Registry) -> None:
    timeline = read(past)
    people = [timeline.people[0], timeline.people[1].model_copy(update={"registered": True}), timeline.people[2]]
    past.write_text(timeline.model_copy(update={"people": people}).to_json(), encoding="utf-8")
    merge(past, "Anna", "Speaker 2", registry)
    assert read(past).people[0].label == "Speaker 1"


def test_two_of_one_name_are_told_apart_by_id(past: Path, registry: Registry) -> None:
    timeline = read(past)
    people = [p.model_copy(update={"pseudonym": "Speaker 1"}) for p in timeline.people]
    past.write_text(timeline.model_copy(update={"people": people}).to_json(), encoding="utf-8")
    with pytest.raises(InputError, match="3 people are called") as raised:
        rename(past, "Speaker 1", "Otto", registry)
    assert "p2" in raised.value.remedy
    rename(past, "p2", "Otto", registry)
    assert read(past).people[1].name == "Otto"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not json", "is not a timeline"),
        ("[]", "is not a timeline"),
        (json.dumps({"schema": "discreet/timeline/9", "recording": {"duration": 1}}), "of another version"),
        (json.dumps({"schema": "discreet/timeline/1", "recording": {"duration": 1}, "more": 1}), "is damaged"),
        ("[" * 100_000, "is not a timeline"),
        ('{"schema":' * 100_000, "is not a timeline"),
        (json.dumps({"schema": "discreet/timeline/1", "recording": {"duration": 1e308}}), "is damaged"),
    ],
)
def test_what_is_no_timeline_of_this_version_is_said_in_one_line(
    tmp_path: Path, registry: Registry, text: str, says: str
) -> None:
    path = tmp_path / "timeline.json"
    path.write_text(text)
    with pytest.raises(InputError, match=says) as raised:
        rename(path, "Anna", "Otto", registry)
    assert "\n" not in str(raised.value)
    assert path.read_text() == text


def test_nobody_is_called_that_and_no_file_is_there(past: Path, registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nobody is called 'Zoe'") as raised:
        rename(past, "Zoe", "Otto", registry)
    assert "Anna (p1)" in raised.value.remedy
    with pytest.raises(InputError, match="cannot be read"):
        rename(tmp_path / "none.json", "Anna", "Otto", registry)


def test_not_while_a_run_writes_there(past: Path, registry: Registry) -> None:
    import fcntl
    import os

    folder = os.open(past.parent, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        with pytest.raises(OutputError, match="is writing to"):
            rename(past, "Anna", "Speaker 1", registry)
    finally:
        os.close(folder)


@pytest.mark.parametrize(
    "items",
    [{"turns": [9]}, {"turns": [-1]}, {"tracks": [10**30]}, {"people": [0]}, {"no list": [0]}, {"turns": ["x"]}],
)
def test_labels_that_do_not_belong_to_the_timeline_are_refused(
    past: Path, registry: Registry, items: dict[str, list[object]]
) -> None:
    rename(past, "Speaker 2", "Otto", registry)
    labels = past.with_name(LABELS)
    content = json.loads(labels.read_text())
    content["changes"][0]["was"][0]["items"] = items
    labels.write_text(json.dumps(content))
    before = past.read_text()
    with pytest.raises(InputError, match=LABELS):
        restore(past, registry)
    assert past.read_text() == before


def test_a_change_that_breaks_a_rule_of_the_timeline_is_not_taken_back(past: Path, registry: Registry) -> None:
    rename(past, "Speaker 2", "Otto", registry)
    labels = past.with_name(LABELS)
    content = json.loads(labels.read_text())
    content["changes"][0]["was"][0]["person"]["quoted"] = False  # words of theirs stand
    labels.write_text(json.dumps(content))
    with pytest.raises(InputError, match="does not fit"):
        restore(past, registry)
