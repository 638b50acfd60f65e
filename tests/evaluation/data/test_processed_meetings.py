"""How meetings are processed for the benchmarks: who is enrolled, and a state folder of its own for each run."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluation.data import composed, processed_meetings
from evaluation.data.processed_meetings import REPEATABLE, enrolled_registry, process_meeting
from registered import Enrolled, EnrolmentError, Registry
from weights import Store

MEETING = composed.Composed("m", Path("m.mp4"), 25.0, (320, 180), ("Ann", "Ben", "Cem"), {}, {})


def test_every_second_person_is_enrolled_and_what_is_refused_is_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    people = tmp_path / "people"
    for person in MEETING.people:
        (people / person).mkdir(parents=True)
        for name in ("face1.jpg", "face2.jpg"):
            (people / person / name).touch()
    monkeypatch.setattr("evaluation.data.composed.person_folder", lambda person: people / person)
    given: dict[str, list[tuple[int, int]]] = {}

    def enroll(registry: Registry, store: Store, settings: Any, name: str, files: Any, consent: Any) -> None:
        tried = given.setdefault(name, [])
        tried.append((len(files.faces), len(files.voices)))
        if name == "Cem" and files.voices:
            raise EnrolmentError("two people", "give others")
        registry.add(Enrolled.new(name))

    monkeypatch.setattr(processed_meetings, "enroll", enroll)
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "old").touch()
    found = enrolled_registry(tmp_path / "registry", MEETING, Store())
    assert sorted(person.name for person in found.people()) == ["Ann", "Cem"]
    assert given == {"Ann": [(2, 1)], "Cem": [(2, 1), (1, 1), (1, 0)]}
    assert not (tmp_path / "registry" / "old").exists(), "what was there is replaced"
    assert capsys.readouterr().out.count("Cem: refused") == 2


def test_a_run_has_a_state_of_its_own_and_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    states: list[Path] = []
    runs: list[list[str]] = []

    def run(command: list[str], **options: Any) -> None:
        states.append(Path(options["env"]["XDG_STATE_HOME"]))
        assert states[-1].is_dir()
        assert options["check"]
        runs.append(command[1:])

    monkeypatch.setattr(subprocess, "run", run)
    for repeatable in (False, True):
        process_meeting(Path("m.mp4"), Path("out"), Path("registry"), repeatable=repeatable)
    assert len(set(states)) == 2
    accepted = ["-m", "discreet", "people", "accept-backup", "--yes", "--registered", "registry"]
    assert [runs[0], runs[2]] == [accepted, accepted], "each state begins without the registry's count"
    assert runs[1][:4] == ["-m", "discreet", "process", "m.mp4"]
    assert runs[3][:4] == ["-c", REPEATABLE, "process", "m.mp4"]
    assert not any(state.exists() for state in states)


def test_noise_repeats_only_where_it_has_no_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np.random, "default_rng", np.random.default_rng)  # comes back afterwards
    exec(REPEATABLE.partition("from discreet")[0], {})
    one, two, seeded = (np.random.default_rng(seed).normal(size=4).tolist() for seed in (None, None, 7))
    assert one == two
    assert seeded != one
