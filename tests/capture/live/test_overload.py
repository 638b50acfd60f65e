"""A machine that does not keep up: it is told in time, sound is whole, and every picture is written or counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from live_fakes import FAST, Held, Later, marked, recorder

from capture import AudioFile, probe
from capture.clock import VirtualClock
from capture.live.overload import WINDOW, OverloadWatch, Progress
from capture.live.recorder_threads import OVERDUE
from capture.live.settings import OVERLOADED
from capture.writing.encrypted_sidecar import CHUNK_SECONDS, EncryptedSidecar, SidecarSound
from capture.writing.fragmented_mp4 import FragmentWriter, growing_name
from registered import Vault

VAULT = Vault(b"k" * 32)
SECONDS = 6.0


def slow_writer(clock: VirtualClock, cost: float) -> Callable[..., FragmentWriter]:
    """Makes a writer to which every picture costs ``cost`` seconds."""
    wait = clock.signal().wait_for

    class Slow(FragmentWriter):
        def add_picture(self, t: float, image: Any) -> None:
            wait(lambda: False, cost)
            super().add_picture(t, image)

    return Slow


def throttled(target: Path, clock: VirtualClock, where: str, **more: Any) -> Any:
    """A recorder on a machine that takes far too long for a part of the work."""
    wait = clock.signal().wait_for
    record = recorder(
        target,
        clock,
        seconds=1000.0,
        duration=SECONDS,
        fault=(lambda t: 0.3) if where == "masking" else None,
        writer=slow_writer(clock, 0.2) if where == "encoding" else FragmentWriter,
        settings=FAST.model_copy(update={"sound": "voice"}),
        convert=lambda rate: Later(),
        sidecar=more.pop("sidecar", None),
    )
    for kind, name, late in (("pictures", "reading pictures", 0.4), ("sound", "reading sound", 0.05)):
        if where == name:
            source = getattr(record._parts, kind)
            read = source.read

            def slowly(read: Any = read, late: float = late) -> Any:
                item = read()
                wait(lambda: False, late)
                return item

            source.read = slowly
    return record


PARTS = ["reading pictures", "reading sound", "masking", "encoding"]


@pytest.mark.parametrize("where", PARTS)
def test_sound_is_whole_and_every_picture_is_written_or_counted(tmp_path: Path, where: str) -> None:
    clock, held = VirtualClock(patience=30.0), Held()
    said: list[tuple[float, str]] = []
    record = throttled(tmp_path / "a.mp4", clock, where, sidecar=lambda rate: held)
    done = record.run(lambda now: said.append((now.elapsed, now.overload or now.covering)))
    assert done.error is None
    info = probe(tmp_path / "a.mp4")
    assert info.audio_end == pytest.approx(SECONDS, abs=0.08)
    assert sum(map(len, held.blocks)) / 16000 == pytest.approx(SECONDS, abs=0.05)
    assert np.abs(np.concatenate(list(AudioFile(tmp_path / "a.mp4", info=info).blocks()))[-16000:]).max() > 0.1
    assert done.frames_in == pytest.approx(SECONDS * 30, abs=12)
    assert done.frames_in == done.frames_out + done.dropped
    assert info.frames == done.frames_out
    assert marked(tmp_path / "a.mp4") == 0
    if where != "reading sound":
        assert done.dropped + done.covered_frames > 50
    assert next(t for t, what in said if what) <= 3.0  # it is told
    assert where == "masking" or any("keep up" in note for note in done.notes)


@pytest.mark.parametrize("where", PARTS)
def test_killed_at_any_moment_a_second_is_lost_and_of_pictures_what_masking_is_late(tmp_path: Path, where: str) -> None:
    clock = VirtualClock(patience=30.0)
    growing, sidecar = growing_name(tmp_path / "a.mp4"), tmp_path / "a.spool"
    left: list[tuple[float, float, bytes, bytes]] = []

    def watch(now: Any) -> None:
        if now.elapsed > 1.5 and len(left) < 6:
            left.append((now.elapsed, now.safe, growing.read_bytes(), sidecar.read_bytes()))

    record = throttled(
        tmp_path / "a.mp4", clock, where, sidecar=lambda rate: EncryptedSidecar(tmp_path / "a.spool", VAULT, rate)
    )
    record.run(watch, every=0.31)
    assert len(left) == 6
    for n, (elapsed, safe, film, sealed) in enumerate(left):
        cut = tmp_path / f"{n}.mp4"
        cut.write_bytes(film)
        cut.with_suffix(".spool").write_bytes(sealed)
        info = probe(cut)
        assert min(info.video_end, info.audio_end) >= safe - 1e-3
        own = SidecarSound(cut.with_suffix(".spool"), VAULT).duration
        if where != "reading sound":  # else what is lost is still in the microphone
            assert own >= elapsed - CHUNK_SECONDS - 0.05
            assert info.audio_end >= elapsed - 1.0
        if where != "reading pictures":  # else what is lost is still in the camera
            covered = FAST.limit if where == "masking" else 0.0  # from when the guard no longer waits for masking
            assert info.video_end >= elapsed - 1.0 - OVERDUE - covered


def test_a_machine_that_keeps_up_is_told_nothing(tmp_path: Path) -> None:
    said = []
    done = recorder(tmp_path / "a.mp4", VirtualClock(patience=30.0)).run(lambda now: said.append(now.overload))
    assert set(said) == {""}
    assert done.notes == []


def progress(t: float, **changes: Any) -> Progress:
    return Progress(t, **({"pictures": round(30 * t), "written": t - 0.4, "heard": t} | changes))


def first_said(watch: OverloadWatch, at: Callable[[float], Progress], seconds: float = 20.0) -> float | None:
    return next((n / 20 for n in range(round(20 * seconds)) if watch.look(at(n / 20))), None)


def test_what_is_late_is_told_within_three_seconds_and_what_is_not_is_not() -> None:
    assert first_said(OverloadWatch(0.4), progress) is None
    assert first_said(OverloadWatch(0.4), lambda t: progress(t, dropped=round(t))) is None  # one in thirty
    assert first_said(OverloadWatch(0.4), lambda t: progress(t, dropped=round(10 * t))) <= 3.0
    assert first_said(OverloadWatch(0.4), lambda t: progress(t, heard=0.3 * t)) <= 3.0
    assert first_said(OverloadWatch(0.4), lambda t: progress(t, written=0.3 * t)) <= 3.0
    assert first_said(OverloadWatch(0.4), lambda t: progress(t, heard=None, written=None, pictures=5)) is None


def test_it_is_said_until_it_is_over_and_summed_up() -> None:
    watch = OverloadWatch(0.4)
    for n in range(200):
        said = watch.look(progress(n / 10, heard=n / 10 - (1.5 if 50 <= n < 60 else 0.0)))
        assert bool(said) == (50 <= n <= 59 + round(10 * WINDOW))
    assert watch.latest_sound == pytest.approx(OVERLOADED + 0.5)
    assert watch.since == 5.0
    assert "12 of 600 pictures" in watch.summary(12, 600)
    assert "(8 of them evenly" in watch.summary(12, 600, 8)
    assert OverloadWatch(0.4).summary(0, 600) == ""
    assert "8 of 600 pictures were left out" in OverloadWatch(0.4).summary(8, 600, 8)


def test_a_machine_that_is_late_with_every_picture_still_writes_some(tmp_path: Path) -> None:
    clock = VirtualClock(patience=30.0)
    record = recorder(
        tmp_path / "a.mp4", clock, seconds=1000.0, duration=SECONDS, writer=slow_writer(clock, 2 * OVERDUE)
    )
    done = record.run()
    assert done.error is None
    assert done.frames_out >= 10
    assert np.diff(done.times).max() < 0.8
