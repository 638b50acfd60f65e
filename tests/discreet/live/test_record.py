"""Recording live: what is left, what it is bound to, what process makes of it, and how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from capture import AudioFile, VideoFile, probe
from capture.clock import VirtualClock
from capture.live.report import RecordingReport, RecordingStatus
from capture.writing.encrypted_sidecar import EncryptedSidecar, SidecarSound, sidecar_name
from discreet.cli.app import app
from discreet.config.settings import Settings, load
from discreet.live import panel
from discreet.live.record import Controls, notice, record_meeting
from discreet.live.request import RecordingRequest, RecordingResult, facts
from discreet.live.result import timeline
from discreet.pipeline import serialise
from discreet.pipeline.context import RunContext
from discreet.pipeline.recording_id import recording_id
from discreet.pipeline.render import RenderPlan, render
from discreet.pipeline.sidecars import Sidecars, find, write_faces
from discreet.pipeline.source import open_source
from registered import Answers, Consent, Enrolled, Registry
from timeline import DeviceError, ExitCode, FaceTrack, InputError, Timeline
from voice import VoicePlan, voice_for
from weights import Store

TINY = [
    "record.width=96",
    "record.height=64",
    "record.sample_rate=16000",
    "record.preset=ultrafast",
    "record.reserve_mb=0",
]
IDS = {"Ann": "p-" + "a" * 16, "Ben": "p-" + "b" * 16}
SYNTHETIC = ["--cam", "synthetic", "--mic", "synthetic"]
Needs = Callable[..., None]


class Masks:
    """A stage that leaves one grey; it finds one face of somebody enrolled, shown, and one stranger."""

    latency = 0.1
    fault: Callable[[float], Any] | None = None

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Any]] = []

    def push(self, t: float, picture: Any) -> list[tuple[float, Any]]:
        if self.fault is not None:
            self.fault(t)
        self.waiting.append((t, np.full_like(picture, 200)))
        out = [item for item in self.waiting if item[0] <= t - self.latency]
        self.waiting = self.waiting[len(out) :]
        return out

    def flush(self) -> list[tuple[float, Any]]:
        return self.waiting

    def status(self) -> Mapping[str, float | int | str]:
        return {"shown": 1, "masked": 1, "masked_wholly": 3}

    def close(self) -> None: ...

    def tracks(self) -> list[FaceTrack]:
        times, boxes = np.array([0.2, 0.5]), np.tile(np.array([10, 10, 20, 20], np.float32), (2, 1))
        shown = np.array([False, True])
        return [
            FaceTrack("t1", times, boxes, IDS["Ann"], shown, 0.8, np.ones(4, np.float32) / 2, reason="recognised"),
            FaceTrack("t2", times, boxes + 30, shown=~shown & False),
        ]


@pytest.fixture
def masks(monkeypatch: pytest.MonkeyPatch) -> type[Masks]:
    class Mine(Masks):
        pass

    monkeypatch.setattr("vision.live.masker.LiveMasker.from_store", lambda *args: Mine())
    return Mine


@pytest.fixture
def settings() -> Settings:
    return load(None, TINY)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    registry = Registry.open(tmp_path / "people", "file")
    for name, answers in (("Ann", Answers(True, True, True, True)), ("Ben", Answers(False, False, False, False))):
        registry.add(Enrolled(id=IDS[name], name=name, consent=Consent.granting(answers)))
    return registry


@pytest.fixture
def made(tmp_path: Path, settings: Settings, registry: Registry, masks: type[Masks]) -> RecordingResult:
    clock = VirtualClock(patience=30.0)
    wanted = RecordingRequest(tmp_path / "out" / "a.mp4", "synthetic", "synthetic", duration=3.0)
    return record_meeting(wanted, RunContext.of(settings, Store(), registry), Controls(clock=clock))


def test_a_recording_and_what_belongs_to_it(made: RecordingResult, registry: Registry) -> None:
    assert made.recorded.error is None
    assert {name: path.name for name, path in made.files.items()} == {
        "recording": "a.mp4",
        "sound": "a.spool",
        "faces": "a.faces",
        "timeline": "a.timeline.json",
    }
    info = probe(made.files["recording"])
    assert info.duration == pytest.approx(3.0, abs=0.1)
    own = np.concatenate(list(SidecarSound(made.files["sound"], registry.vault).blocks()))
    heard = np.concatenate(list(AudioFile(made.files["recording"], info=info).blocks()))
    n = min(len(own), len(heard))
    assert abs(len(own) - len(heard)) < 1200
    assert abs(np.corrcoef(own[:n], heard[:n])[0, 1]) < 0.3  # another voice
    assert np.abs(heard).max() > 0.1  # but not silence
    document = Timeline.from_json(made.files["timeline"].read_bytes())
    assert [track.id for track in document.tracks] == ["t1", "t2"]
    assert not any(track.person for track in document.tracks)
    found = facts(made)
    assert (found["dropped"], found["masked_whole"], found["faces"], found["faces_shown"]) == (0, 3, 2, 1)


def test_a_covered_picture_is_in_the_timeline_and_masked_for_process_too(
    tmp_path: Path, settings: Settings, registry: Registry, masks: type[Masks]
) -> None:
    def fault(t: float) -> None:
        if 1.0 < t < 1.5:
            raise RuntimeError

    masks.fault = staticmethod(fault)
    wanted = RecordingRequest(tmp_path / "a.mp4", "synthetic", "none", duration=4.0)
    clock = VirtualClock(patience=30.0)
    made = record_meeting(wanted, RunContext.of(settings, Store(), registry), Controls(clock=clock))
    document = Timeline.from_json(made.files["timeline"].read_bytes())
    whole = [r for r in document.redactions if r.operator == "whole picture"]
    assert len(whole) == 1
    assert "RuntimeError" in whole[0].reason
    assert whole[0].start == pytest.approx(1.0, abs=0.1)
    sidecars = find(made.files["recording"], registry.vault)
    assert sidecars is not None
    faces = sidecars.faces(registry.consents())
    assert faces is not None
    assert faces.tracks[-1].boxes[0].tolist() == [0, 0, 96, 64]


def test_process_is_given_the_own_sound_and_every_picture_that_was_written(
    tmp_path: Path, made: RecordingResult, registry: Registry, settings: Settings
) -> None:
    path = made.files["recording"]
    sidecars = find(path, registry.vault)
    assert sidecars is not None
    assert sidecars.sound_path == made.files["sound"]
    faces = sidecars.faces(registry.consents())
    assert faces is not None
    source = open_source(path, settings.capture, registry.vault)
    assert [t for t, _ in VideoFile(path)] == pytest.approx(list(faces.times), abs=1e-4)
    plan = VoicePlan([], voice_for(bytes(32), "nobody"))
    target = tmp_path / "safe.mp4"
    unseen = render(source, target, settings, RenderPlan(faces, plan), lambda done: None).unseen
    assert unseen == 0
    assert probe(target).audio_end == pytest.approx(sidecars.sound().duration, abs=0.05)
    sidecars.drop_sound()
    assert not made.files["sound"].exists()
    again = find(path, registry.vault)
    assert again is not None
    assert again.sound_path is None
    assert any("gone" in note for note in again.notes)


def test_without_sound_times_begin_with_the_first_picture(
    tmp_path: Path, settings: Settings, registry: Registry, masks: type[Masks]
) -> None:
    clock = VirtualClock(patience=30.0)
    made = record_meeting(
        RecordingRequest(tmp_path / "a.mp4", "synthetic", "none", duration=1.0),
        RunContext.of(settings, Store(), registry),
        Controls(clock=clock),
    )
    assert [t for t, _ in VideoFile(tmp_path / "a.mp4")] == pytest.approx(list(made.recorded.times), abs=1e-4)


def test_consent_is_asked_anew(made: RecordingResult, registry: Registry) -> None:
    sidecars = find(made.files["recording"], registry.vault)
    assert sidecars is not None
    agreed = sidecars.faces(registry.consents())
    assert agreed is not None
    assert [track.ever_shown for track in agreed.tracks] == [True, False]
    registry.set_consent("Ann", Consent.granting(Answers(False, True, True, True)))
    withdrawn = sidecars.faces(registry.consents())
    assert withdrawn is not None
    assert not any(track.ever_shown for track in withdrawn.tracks)
    assert withdrawn.tracks[0].enrolled == IDS["Ann"]
    registry.forget("Ann")
    forgotten = sidecars.faces(registry.consents())
    assert forgotten is not None
    assert not any(track.ever_shown or track.enrolled for track in forgotten.tracks)


def test_sidecars_of_another_recording_or_key_are_not_used(
    tmp_path: Path, made: RecordingResult, registry: Registry
) -> None:
    path = made.files["recording"]
    id = recording_id(path)
    assert len(id) == 32
    other = tmp_path / "other.spool"
    sidecar = EncryptedSidecar(other, registry.vault, 16000)
    sidecar.write(np.zeros(16000, np.float32))
    sidecar.close()
    other.replace(sidecar_name(path))
    write_faces(path, "0" * 32, serialise.Faces([], np.zeros(0)), registry.vault)
    sidecars = find(path, registry.vault)
    assert sidecars is not None
    assert sidecars.sound_path is None
    assert sidecars.faces({}) is None
    assert len(sidecars.notes) == 2
    stranger = Sidecars(path, id, Registry.open(tmp_path / "others", "file").vault)
    assert stranger.sound_path is None


def test_sound_that_is_not_as_long_as_the_recording_is_not_used(made: RecordingResult, registry: Registry) -> None:
    sidecars = find(made.files["recording"], registry.vault)
    assert sidecars is not None
    info = replace(probe(made.files["recording"]), duration=5.0)  # it was trimmed, or another was put in its place
    assert sidecars.heard(info) == info
    assert sidecars.sound_path is None
    assert made.files["sound"].exists()


def test_a_file_that_is_no_recording_of_ours_has_no_session(tmp_path: Path, registry: Registry) -> None:
    for content in (b"", b"no mp4", b"\0\0\0\x10moov" + bytes(8)):
        (tmp_path / "x.mp4").write_bytes(content)
        assert find(tmp_path / "x.mp4", registry.vault) is None
    assert find(tmp_path / "none.mp4", registry.vault) is None


def test_who_will_be_seen_is_said_before(settings: Settings, registry: Registry, tmp_path: Path) -> None:
    lines = notice(RunContext.of(settings, Store(), registry))
    assert lines[0] == "Will be seen: Ann."
    assert "own voice" in " ".join(notice(RunContext.of(load(None, ["record.sound=keep"]), Store(), registry)))
    nobody = Registry.open(tmp_path / "nobody", "file")
    assert notice(RunContext.of(settings, Store(), nobody))[0].startswith("Nobody will be seen")


def test_what_cannot_begin_leaves_nothing(
    tmp_path: Path, settings: Settings, registry: Registry, masks: type[Masks], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing() -> None:
        assert list((tmp_path / "out").glob("*")) == []

    context = RunContext.of(settings, Store(), registry)
    with pytest.raises(InputError, match="nothing to record"):
        record_meeting(RecordingRequest(tmp_path / "out" / "a.mp4", "none", "none"), context)
    with pytest.raises(DeviceError):
        record_meeting(RecordingRequest(tmp_path / "out" / "a.mp4", "no such camera", "none"), context)
    nothing()

    def missing(*args: Any) -> None:
        raise DeviceError("no model")

    monkeypatch.setattr("vision.live.masker.LiveMasker.from_store", missing)
    with pytest.raises(DeviceError, match="no model"):
        record_meeting(RecordingRequest(tmp_path / "out" / "a.mp4", "synthetic", "synthetic"), context)
    nothing()


# -- the command ------------------------------------------------------------------------------------------------------


def options(*values: str) -> list[str]:
    return [part for value in (*TINY, *values) for part in ("--set", value)]


def test_the_command_says_what_it_made(
    tmp_path: Path, masks: type[Masks], registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discreet.live.record.RealClock", lambda: VirtualClock(patience=30.0))
    people = ["--registered", str(registry.folder)]
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    run = CliRunner().invoke(
        app, ["record", *SYNTHETIC, *people, *options(), "-o", str(tmp_path / "s"), "--duration", "1", "--json"]
    )
    assert run.exit_code == 0, run.output
    said = json.loads(run.stdout)
    assert said["duration"] == 1.0
    assert Path(said["files"]["recording"]).name.startswith("meeting-")
    assert said["ended"] == ""
    run = CliRunner().invoke(
        app,
        [
            "record",
            *SYNTHETIC,
            *people,
            *options(),
            "--outfile",
            str(tmp_path / "b.mp4"),
            "--duration",
            "1",
            "--spool",
            "off",
            "--sound",
            "none",
        ],
    )
    assert run.exit_code == 0, run.output
    assert "Will be seen: Ann." in run.stderr
    assert not probe(tmp_path / "b.mp4").has_audio
    assert not (tmp_path / "b.spool").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--cam", "nowhere"], ExitCode.DEVICE),
        (["--cam", "none", "--mic", "none"], ExitCode.INPUT),
        (["--sound", "loud"], ExitCode.USAGE),
        (["--voice", "keep"], ExitCode.USAGE),
        (["--play", "nowhere.mp4"], ExitCode.INPUT),
        ([*SYNTHETIC, "--outfile", "a.avi"], ExitCode.OUTPUT),
    ],
)
def test_what_cannot_be_has_its_exit_code(
    tmp_path: Path, masks: type[Masks], monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: ExitCode
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    run = CliRunner().invoke(app, ["record", *arguments, "-q"])
    assert run.exit_code == int(code), run.output


def test_recover_and_devices(tmp_path: Path) -> None:
    (tmp_path / "a.recording.mp4").write_bytes(b"nothing whole")
    assert CliRunner().invoke(app, ["recover", str(tmp_path / "a.recording.mp4")]).exit_code == int(ExitCode.INPUT)
    run = CliRunner().invoke(app, ["devices", "--json"])
    assert run.exit_code == 0
    assert set(json.loads(run.stdout)) == {"devices", "notes"}


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_signals_pause_it_and_end_it_in_a_finished_file(
    tmp_path: Path, store: Store, needs: Needs, number: signal.Signals
) -> None:
    needs(store, "yunet", "sface")
    target = tmp_path / "a.mp4"
    people = str(tmp_path / "people")
    command = [
        sys.executable,
        "-m",
        "discreet",
        "record",
        *SYNTHETIC,
        *options(),
        "--outfile",
        str(target),
        "--registered",
        people,
    ]
    env = os.environ | {"DISCREET_KEYRING": "file"}
    child = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    try:
        growing = tmp_path / "a.recording.mp4"
        deadline = time.monotonic() + 60
        while not (growing.exists() and growing.stat().st_size > 3000) and child.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        child.send_signal(signal.SIGUSR1)
        time.sleep(1.5)
        child.send_signal(number)
        stdout, stderr = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode == 0, stderr
    said = json.loads(stdout)
    assert said["ended"] == ""
    info = probe(target)
    assert info.duration == pytest.approx(said["duration"], abs=0.15)
    assert not growing.exists()


# -- the view ---------------------------------------------------------------------------------------------------------


def snapshot(**changes: Any) -> RecordingStatus:
    plain: dict[str, Any] = {
        "elapsed": 3723.0,
        "paused": False,
        "begun": True,
        "fps_in": 30.0,
        "fps_out": 29.5,
        "frames": 900,
        "dropped": 2,
        "covered": 0,
        "covering": "",
        "queues": {"masking": 1, "the encoder": 12},
        "level": 0.5,
        "ppm": 12.0,
        "free_mb": 12345.0,
        "stage": {"shown": 1, "masked": 2, "detect_fps": 11.0, "notice": ""},
    }
    return RecordingStatus(**plain | changes)


def test_the_view_tells_how_it_goes() -> None:
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(panel.panel(snapshot(), keys=True))
    text = console.export_text()
    for part in (
        "recording",
        "1:02:03",
        "29.5/s out",
        "2 dropped",
        "1 shown, 2 masked",
        "12 for the encoder",
        "12.3 GB",
    ):
        assert part in text
    console.print(panel.panel(snapshot(covering="it [bold]hangs", paused=True), keys=False))
    text = console.export_text()
    assert "THE WHOLE PICTURE IS MASKED: it [bold]hangs" in text
    assert "paused" in text


def test_without_a_terminal_only_changes_are_told() -> None:
    console = Console(width=100, record=True, file=io.StringIO())
    with panel.view(console, keys=True) as watch:
        for now in (snapshot(), snapshot(), snapshot(covering="it hangs"), snapshot(covering="it hangs"), snapshot()):
            watch(now)
    assert console.export_text().splitlines() == ["1:02:03 it hangs", "1:02:03 recording"]


def test_fewer_pictures_are_told_once_and_that_all_are_recorded_again() -> None:
    console = Console(width=100, record=True, file=io.StringIO())
    with panel.view(console, keys=True) as watch:
        for every in (1, 2, 2, 4, 1):
            watch(snapshot(every=every))
    assert console.export_text().splitlines() == [
        "1:02:03 every second picture is recorded, so that the machine keeps up",
        "1:02:03 one of 4 pictures is recorded, so that the machine keeps up",
        "1:02:03 every picture is recorded again",
    ]
    console.print(panel.panel(snapshot(every=2), keys=False))
    assert "every second picture is recorded" in console.export_text()


@pytest.mark.parametrize(("level", "filled"), [(0.0, 0), (1.0, 20), (0.001, 0), (0.0316, 10)])
def test_the_meter_is_in_decibels(level: float, filled: int) -> None:
    assert panel.meter(level).count("#") == filled


def test_early_ends_have_their_exit_codes() -> None:
    from discreet.cli.record import _exit

    for error, code in ((DeviceError("lost"), ExitCode.DEVICE), (ValueError(), ExitCode.INTERNAL)):
        with pytest.raises(Exception) as caught:  # noqa: PT011
            _exit(error)
        assert caught.value.exit_code == int(code)  # type: ignore[attr-defined]
    assert timeline(RecordingReport(None, error=DeviceError("x")), load()).provenance.notes
