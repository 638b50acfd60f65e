"""``discreet aavid``: what each of AAVID's options does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import discreet.aavid
from capture import probe
from discreet.aavid.biometrics import BiometricsResult
from discreet.aavid.speakers import SpeakersResult
from discreet.cli import record
from discreet.cli.app import app
from discreet.pipeline import RunContext
from discreet.process import ProcessResult
from registered import Answers
from timeline import Recording, Timeline
from weights import Store

RUN = CliRunner()
Needs = Callable[..., None]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "masked.mp4").touch()


def aavid(*words: str) -> tuple[int, str]:
    done = RUN.invoke(app, ["aavid", *words, "--registered", "people"])
    return done.exit_code, done.output


class Taken:
    """What a stage was given."""

    def __init__(self, result: Any) -> None:
        self.result, self.calls = result, list[tuple[Any, ...]]()

    def __call__(self, *given: Any, **named: Any) -> Any:
        self.calls.append((*given, named))
        return self.result

    @property
    def context(self) -> RunContext:
        (found,) = [each for each in self.calls[-1] if isinstance(each, RunContext)]
        return found


EMPTY = Timeline(recording=Recording(duration=1))


@pytest.fixture
def speakers(monkeypatch: pytest.MonkeyPatch) -> Taken:
    taken = Taken(SpeakersResult({"video_out.avi": Path("v.avi")}, EMPTY, ("Said so.",)))
    monkeypatch.setattr(discreet.aavid, "score_speakers", taken)
    return taken


@pytest.fixture
def biometrics(monkeypatch: pytest.MonkeyPatch) -> Taken:
    taken = Taken(BiometricsResult({}, ProcessResult(Path("safe"), {}, EMPTY)))
    monkeypatch.setattr(discreet.aavid, "name_speakers", taken)
    return taken


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was enrolled, and what asks for answers, at each call."""
    calls: list[Any] = []

    def take(context: RunContext, gallery: Any, ask: Any) -> list[Any]:
        calls.append((gallery, ask))
        return []

    monkeypatch.setattr(discreet.aavid, "import_people", take)
    return calls


def test_speakers_looks_where_it_is_told_and_masks_again_only_when_told(speakers: Taken) -> None:
    code, output = aavid("speakers", "--videoFolder", "output", "--videoName", "masked")
    assert code == 0, output
    video, folders, *_, named = speakers.calls[-1]
    assert (video, folders.base, named) == (Path("output/masked.mp4"), Path("output/masked"), {"mask": False})
    assert "Models: " in output
    assert "note: Said so." in output
    aavid("speakers", "--face_masking")
    assert speakers.calls[-1][-1] == {"mask": True}
    aavid("speakers", "--no_face_masking")
    assert speakers.calls[-1][-1] == {"mask": False}
    assert aavid("speakers", "--videoName", "other")[0] == 3


def test_the_likeness_of_faces_is_that_of_the_option_within_bounds(speakers: Taken) -> None:
    def used(*words: str) -> tuple[float, str]:
        output = aavid("speakers", *words, "--set", "vision.recognise.recogniser=sface")[1]
        return speakers.context.settings.vision.recognise.track, output

    assert used()[0] == 0.42
    assert used("--simThreshold", "0.6")[0] == 0.6
    value, output = used("--simThreshold", "0.25")
    assert (value, "0.38 is used" in output) == (0.38, True)


def test_options_that_tune_aavid_s_models_are_taken_and_said(speakers: Taken) -> None:
    code, output = aavid("speakers", "--minTrack", "10", "--cropScale=0.4")
    assert (code, "Without effect" in output, "--minTrack, --cropScale" in output) == (0, True, True)
    assert aavid("speakers", "--face_maskng")[0] == 3


def test_the_folders_of_people_can_be_others_and_their_answers_given(
    speakers: Taken, biometrics: Taken, imported: list[Any]
) -> None:
    for folder in ("photos/Ann", "clips"):
        Path(folder).mkdir(parents=True)
    Path("photos/Ann/1.jpg").touch()
    Path("clips/Ben.wav").touch()
    aavid("speakers", "--faceDB", "photos", "--voiceDB", "clips", "--consent", "seen,named")
    ((gallery, ask),) = imported
    assert [(one.name, len(one.faces), len(one.voices)) for one in gallery] == [("Ann", 1, 0), ("Ben", 0, 1)]
    assert ask("Ann").answers() == Answers(seen=True, named=True)
    aavid("biometrics", "--voiceDB", "clips", "--consent", "none")
    gallery, ask = imported[-1]
    assert [one.name for one in gallery] == ["Ben"]
    assert ask("Ben").answers() == Answers()
    aavid("speakers")
    assert imported[-1][0] == []
    assert imported[-1][1]("Ann") is None


def test_what_is_printed_is_one_json_document_or_nothing_beside_the_files(speakers: Taken, biometrics: Taken) -> None:
    for stage in ("speakers", "biometrics"):
        done = RUN.invoke(app, ["aavid", stage, "--registered", "people", "--json"])
        assert (done.exit_code, json.loads(done.stdout).keys() >= {"files"}, done.stderr) == (0, True, "")
        assert "Models: " not in aavid(stage, "--quiet")[1]
        assert "Models: " in aavid(stage)[1]


@pytest.mark.parametrize("still", ["--quiet", "--json"])
def test_a_raised_threshold_is_told_even_where_nothing_else_is(speakers: Taken, biometrics: Taken, still: str) -> None:
    for stage, option in (("speakers", "--simThreshold"), ("biometrics", "--sim_threshold")):
        done = RUN.invoke(app, ["aavid", stage, option, "0.1", "--registered", "people", still])
        assert done.exit_code == 0
        assert "would take strangers for enrolled people" in " ".join(done.stderr.split())


def test_settings_come_from_a_file_and_from_the_command_line_above_it(speakers: Taken) -> None:
    Path("mine.toml").write_text('[vision.mask]\nstyle = "solid"\n[process]\nwords = false\n')
    aavid("speakers", "--config", "mine.toml", "--set", "process.words=true")
    chosen = speakers.context.settings
    assert (chosen.vision.mask.style, chosen.process.words) == ("solid", True)
    assert speakers.context.registry.folder == Path("people")


def test_biometrics_takes_its_folder_video_and_likeness(biometrics: Taken) -> None:
    words = ("--dir", "output/masked/pyavi", "--video_name", "video_out.avi", "--sim_threshold", "0.5")
    assert aavid("biometrics", *words)[0] == 0
    assert biometrics.calls[-1][:2] == (Path("output/masked/pyavi"), "video_out.avi")
    fusion = biometrics.context.settings.diarization.fusion
    assert (fusion.name_similarity, fusion.min_voice) == (0.5, 1.0)
    assert not biometrics.context.settings.process.keep_spool
    output = aavid("biometrics", "--sim_threshold", "0.1", "--min_clean_segment", "2", "--keep-spool")[1]
    fusion = biometrics.context.settings.diarization.fusion
    assert (fusion.name_similarity, fusion.min_voice, "0.41 is used" in output) == (0.41, 2.0, True)
    assert biometrics.context.settings.process.keep_spool


def test_people_of_the_folders_who_were_not_asked_are_counted_and_left_out(speakers: Taken, tmp_path: Path) -> None:
    for folder in ("registeredFaces", "mine"):
        (tmp_path / folder / "Ann").mkdir(parents=True)
        (tmp_path / folder / "Ann" / "1.jpg").touch()
    output = aavid("speakers")[1]
    assert "1 of 1 people in the folders are not enrolled" in " ".join(output.split())
    assert speakers.context.people == ()
    assert aavid("speakers", "--faceDB", "nowhere")[0] == 3


def test_mask_records_for_so_long_into_that_file(store: Store, needs: Needs, tmp_path: Path) -> None:
    needs(store, "yunet", "sface")
    tiny = [f"--set=record.{key}" for key in ("width=96", "height=64", "sample_rate=16000", "reserve_mb=0")]
    devices = ("--cam", "synthetic", "--mic", "synthetic")
    code, output = aavid("mask", *devices, "--outfile", "output/new.mp4", "--duration", "0.5", *tiny)
    assert code == 0, output
    found = probe(tmp_path / "output" / "new.mp4")
    assert (found.has_video, found.has_audio, found.width) == (True, True, 96)
    assert 0.3 <= found.duration <= 2.0
    assert (tmp_path / "output" / "new.spool").exists()
    assert "Nobody will be seen" in output


def test_mask_takes_camera_microphone_and_file_as_record_does(
    monkeypatch: pytest.MonkeyPatch, imported: list[Any]
) -> None:
    taken = Taken(None)
    monkeypatch.setattr(record, "record", taken)
    (Path("photos") / "Ann").mkdir(parents=True)
    (Path("photos") / "Ann" / "1.jpg").touch()
    words = ("--cam", "0", "--mic", "3", "--outfile", "output/masked.mp4", "--duration", "30", "--play", "a.mp4")
    code, output = aavid("mask", *words, "--faceDB", "photos", "--consent", "seen", "--json")
    assert code == 0, output
    given = taken.calls[-1][-1]
    assert (given["camera"], given["microphone"], given["duration"]) == ("0", "3", 30)
    assert (given["outfile"], given["play"]) == (Path("output/masked.mp4"), Path("a.mp4"))
    assert (given["quiet"], given["as_json"], given["registered"]) == (False, True, Path("people"))
    assert imported[-1][1]("Ann").answers() == Answers(seen=True)
    aavid("mask", "--set", "record.fps=25", "--quiet")
    assert taken.calls[-1][-1]["settings"][-1] == "record.fps=25"
    assert taken.calls[-1][-1]["quiet"]


EFFECTS = {
    "mask": {
        "--cam --mic --play --faceDB --consent --set --quiet --json --registered": "mask_takes_camera_microphone",
        "--outfile --duration": "mask_records_for_so_long",
        "--config": "settings_come_from_a_file",
    },
    "speakers": {
        "--videoFolder --videoName --face_masking": "speakers_looks_where",
        "--simThreshold": "the_likeness_of_faces",
        "--faceDB --voiceDB --consent": "the_folders_of_people",
        "--set --config --registered": "settings_come_from_a_file",
        "--quiet --json": "what_is_printed",
    },
    "biometrics": {
        "--dir --video_name --sim_threshold --min_clean_segment --keep-spool": "biometrics_takes_its_folder",
        "--voiceDB --consent": "the_folders_of_people",
        "--set --config --registered": "settings_come_from_a_file",
        "--quiet --json": "what_is_printed",
    },
    "import": {"--dir --output --overwrite": "the_command_writes_a_document"},
}
"""Stage -> its options -> how the name of the test that shows their effect begins."""


@pytest.mark.parametrize("stage", EFFECTS)
def test_every_option_has_a_test_that_shows_its_effect(stage: str) -> None:
    known = get_command(app).commands["aavid"].commands[stage]  # type: ignore[attr-defined]
    options = {option.opts[-1] for option in known.params if option.opts and option.opts[0].startswith("-")}
    options.remove("--verbose")  # every command's: see test_verbose.py
    assert {name for names in EFFECTS[stage] for name in names.split()} == options
    tests = [
        *globals(),
        *re.findall(r"def (\w+)", (Path(__file__).parents[1] / "aavid" / "test_script_outputs.py").read_text()),
    ]
    for effect in EFFECTS[stage].values():
        assert any(name.startswith(f"test_{effect}") for name in tests), effect
