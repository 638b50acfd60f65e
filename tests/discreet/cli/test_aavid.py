"""``discreet aavid``: what each of AAVID's options does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import discreet.aavid
from capture import probe
from discreet.aavid import BiometricsResult, SpeakersResult
from discreet.cli.app import app
from discreet.pipeline import RunContext
from discreet.process import ProcessResult
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
