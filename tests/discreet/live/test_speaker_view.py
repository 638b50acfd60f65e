"""Who is speaking, beside a recording: it never waits, never raises, and never stays when it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from capture.clock import VirtualClock
from capture.writing.encrypted_sidecar import SidecarSound
from diarization.live.clustering import LiveActivity
from discreet.config.settings import load
from discreet.live import speaker_view
from discreet.live.record import Controls, record_meeting
from discreet.live.request import RecordingRequest
from discreet.live.speaker_view import BLOCKS, AudioTap, LiveListener, live_diarizer, not_as_chosen
from discreet.pipeline.context import RunContext
from registered import Registry
from timeline import FloatArray, ModelError
from weights import Store

BLOCK = np.zeros(960, np.float32)


class Says:
    """Hears somebody in every block."""

    def push(self, block: FloatArray) -> list[LiveActivity]:
        return [LiveActivity(0.0, 0.5, ("Eva", ""))]


class Fails:
    def push(self, block: FloatArray) -> list[LiveActivity]:
        raise RuntimeError("of a private nature")


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        time.sleep(0.005)
    return true()


def test_who_is_speaking_is_told_in_words() -> None:
    listener = LiveListener(48000, Says)
    listener.put(BLOCK)
    assert until(lambda: listener.speaking == "Eva, somebody")
    listener.close()
    assert listener.speaking == ""
    assert listener.notes == []


@pytest.mark.parametrize("late", [False, True])
def test_a_failure_switches_it_off_with_a_note_and_is_not_quoted(late: bool) -> None:
    def make() -> Any:
        if late:
            return Fails()
        raise ModelError("campplus is not in the store")

    listener = LiveListener(48000, make)
    listener.put(BLOCK)
    assert until(lambda: bool(listener.notes))
    listener.thread.join(5)
    for _ in range(3):
        listener.put(BLOCK)
    assert not listener._waiting
    (note,) = listener.notes
    assert ("RuntimeError" if late else "campplus is not in the store") in note
    assert "private" not in note


def test_what_nobody_takes_in_time_is_forgotten_oldest_first_and_nobody_waits() -> None:
    gate = threading.Event()
    heard: list[int] = []

    class Slow:
        def push(self, block: FloatArray) -> list[LiveActivity]:
            gate.wait(60)
            heard.append(len(block))
            return []

    listener = LiveListener(16000, Slow)
    for _ in range(BLOCKS + 50):
        listener.put(BLOCK)
    assert not heard, "whoever waits goes on only after something was heard"
    assert len(listener._waiting) <= BLOCKS
    assert listener.dropped >= 49
    gate.set()
    listener.close()


def test_the_sidecar_comes_first_and_is_closed_whatever_happens() -> None:
    class Sidecar:
        def __init__(self) -> None:
            self.samples, self.closed = 0, False

        def write(self, samples: FloatArray) -> None:
            self.samples += len(samples)

        def close(self) -> None:
            self.closed = True

    sidecar = Sidecar()
    tapped = AudioTap(sidecar, LiveListener(48000, Fails))
    for _ in range(10):
        tapped.write(BLOCK)
    tapped.close()
    assert (sidecar.samples, sidecar.closed) == (9600, True)


@pytest.mark.parametrize("spool", ["encrypted", "off"])
def test_a_recording_is_whole_though_the_listener_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spool: str
) -> None:
    monkeypatch.setattr("discreet.live.stages.live_diarizer", lambda *args: Fails())
    chosen = load(
        None, ["record.diarize=true", f"record.spool={spool}", "record.sample_rate=16000", "record.reserve_mb=0"]
    )
    registry = Registry.open(tmp_path / "people", "file")
    seen: list[str] = []
    wanted = RecordingRequest(tmp_path / "a.mp4", "none", "synthetic", duration=3.0)
    clock = VirtualClock(patience=30.0)
    made = record_meeting(
        wanted,
        RunContext.of(chosen, Store(), registry),
        Controls(lambda now: seen.append(str(now.stage["speaking"])), clock=clock),
    )
    assert made.recorded.error is None
    assert made.recorded.duration == pytest.approx(3.0, abs=0.1)
    assert "showing who speaks failed (RuntimeError)" in made.recorded.notes
    assert set(seen) == {""}
    if spool == "encrypted":
        assert SidecarSound(made.files["sound"], registry.vault).duration == pytest.approx(3.0, abs=0.1)
    else:
        assert "sound" not in made.files


def test_the_view_tells_who_is_speaking_while_it_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discreet.live.stages.live_diarizer", lambda *args: Says())
    monkeypatch.setattr(speaker_view, "_STALE", 1e9)
    chosen = load(None, ["record.diarize=true", "record.sample_rate=16000", "record.reserve_mb=0"])
    seen: list[str] = []

    def watch(now: Any) -> None:
        until(lambda: not now.begun or bool(listener[0].speaking))
        seen.append(listener[0].speaking)

    listener: list[LiveListener] = []
    real = LiveListener.__init__

    def made(self: LiveListener, *args: Any) -> None:
        real(self, *args)
        listener.append(self)

    monkeypatch.setattr(LiveListener, "__init__", made)
    registry = Registry.open(tmp_path / "people", "file")
    wanted = RecordingRequest(tmp_path / "a.mp4", "none", "synthetic", duration=2.0)
    record_meeting(wanted, RunContext.of(chosen, Store(), registry), Controls(watch, clock=VirtualClock(patience=30.0)))
    assert seen[-1] == "Eva, somebody"
    assert not listener[0].thread.is_alive()


class Stocked(Store):
    """Has every model; its sessions are stand-ins."""

    def has(self, id: str) -> bool:
        return True

    def session(self, id: str, threads: int = 1, *, resize: bool = False, part: str | None = None) -> Any:
        return SimpleNamespace(id=id, part=part, get_inputs=lambda: [SimpleNamespace(name="x", shape=(1, None, 128))])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], ""),
        (["diarization.diarizer=sortformer"], "discreet weights fetch sortformer-v2"),
        (["diarization.diarizer=sortformer", "diarization.sortformer.model=sortformer-v1"], "no stream"),
        (["diarization.diarizer=sortformer", "diarization.sortformer.backend=nemo"], "converted"),
        (["diarization.diarizer=somebodys"], "somebodys"),
    ],
)
def test_it_is_said_when_another_diarizer_listens_than_the_chosen_one(
    tmp_path: Path, options: list[str], says: str
) -> None:
    note = not_as_chosen(load(None, options), Store(tmp_path))
    assert says in note
    assert bool(note) == bool(says)


@pytest.mark.parametrize(("latency", "seconds"), [("high", 0.32), ("lowest", 0.32), ("low", 1.04)])
def test_sortformer_listens_where_it_was_chosen_and_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, latency: str, seconds: float
) -> None:
    from diarization.live.clustering import LiveDiarizer
    from diarization.live.sortformer import LiveSortformer

    monkeypatch.setattr("diarization.VoiceEmbedder.from_store", lambda *args: None)
    registry, store = Registry.open(tmp_path / "people", "file"), Stocked(tmp_path)
    chosen = ["diarization.diarizer=sortformer", f"diarization.sortformer.latency={latency}"]
    made = live_diarizer(load(None, chosen), store, registry)
    assert isinstance(made, LiveSortformer)
    assert made.latency == pytest.approx(seconds)
    assert isinstance(live_diarizer(load(None, []), store, registry), LiveDiarizer)
    monkeypatch.setattr(Stocked, "has", lambda self, id: id != "sortformer-v2")
    assert isinstance(live_diarizer(load(None, chosen), store, registry), LiveDiarizer)


def test_the_note_stands_with_the_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discreet.live.stages.live_diarizer", lambda *args: Says())
    options = ["record.diarize=true", "diarization.diarizer=sortformer", "record.sample_rate=16000"]
    chosen = load(None, [*options, "record.reserve_mb=0"])
    registry = Registry.open(tmp_path / "people", "file")
    wanted = RecordingRequest(tmp_path / "a.mp4", "none", "synthetic", duration=1.0)
    made = record_meeting(
        wanted, RunContext.of(chosen, Store(tmp_path), registry), Controls(clock=VirtualClock(patience=30.0))
    )
    assert [note for note in made.recorded.notes if "embedded diarizer" in note]
