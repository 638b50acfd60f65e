"""The demo removes nothing that it did not make."""

from pathlib import Path

import pytest

from discreet.cli import demo
from discreet.results.folder import CACHE
from registered import Enrolled, Registry
from timeline import OutputError
from weights import Store


def test_people_in_a_folder_of_that_name_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Registry.open(tmp_path / "meeting-registered", "file").add(Enrolled.new("Ann"))
    monkeypatch.setattr("weights.Store.has", lambda self, id: True)
    monkeypatch.setattr("weights.Store.path", lambda self, id: tmp_path / id)
    monkeypatch.setattr("discreet.cli.demo._enrol", lambda *_: None)
    monkeypatch.setattr("discreet.cli.demo.run", lambda *_, **__: None)
    demo.run_demo(tmp_path / "meeting", overwrite=True, quiet=True)
    assert [person.name for person in Registry.open(tmp_path / "meeting-registered", "file").people()] == ["Ann"]


@pytest.mark.parametrize("begun", [False, True])
def test_a_failed_demo_leaves_its_people_only_for_a_run_that_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    def fails(path: Path, out: Path, *_: object, **__: object) -> None:
        if begun:
            (out / CACHE).mkdir(parents=True)
        raise OutputError("it cannot be written")

    monkeypatch.setattr("weights.Store.has", lambda self, id: True)
    monkeypatch.setattr("weights.Store.path", lambda self, id: tmp_path / id)
    monkeypatch.setattr("discreet.cli.demo._enrol", lambda registry, *_: registry.add(Enrolled.new(demo.NAME)))
    monkeypatch.setattr("discreet.cli.demo.run", fails)
    with pytest.raises(OutputError):
        demo.run_demo(tmp_path / "out", quiet=True)
    assert (tmp_path / "out-registered").exists() == begun


@pytest.mark.slow
@pytest.mark.models
def test_the_speaker_is_told_from_the_listener_by_lips_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Store, needs
) -> None:
    needs(store, "yunet", "sface", "segmentation-3.0", "ecapa", "campplus", "whisper-base", "spacy-en-sm")
    needs(store, "silero-vad", "demo-clip", "demo-photos")
    monkeypatch.setenv("DISCREET_VISION__SPEAKER__SCORER", "lips")  # as where LR-ASD cannot be had
    timeline = demo.run_demo(tmp_path / "out", quiet=True).timeline
    speakers = {timeline.person(turn.person).label for turn in timeline.turns}
    assert speakers == {"Barack Obama"}
