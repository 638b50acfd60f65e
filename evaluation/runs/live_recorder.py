"""Measure the live recorder: ``python -m evaluation.runs.live_recorder``, or ``make bench-record``.

A 720p30 source with one, two and four moving faces (photos of ``../shared/media``; with two or more, the first is
enrolled and agrees to be seen) is recorded for a minute each, in a process of its own, with everything on: masking,
live voice, sealed sound. Printed are

* frames in, out, dropped, and masked whole;
* CPU-milliseconds a frame, all threads of the recorder together without drawing the source, and by stage;
* glass to file: from taking a frame until the system has its bytes, median and worst;
* sync: how far apart the flashes and beeps of the source are in the MP4, median and worst;
* peak resident memory, and its growth in the second half;
* recognisable: frames, two a second, in which another recogniser knows a stranger (``leaks``) or the enrolled person
  (``visible``).

If ``deface`` (1.5) is on the path, or named by ``$DEFACE``, the same frames go through it, at its defaults and with
``--scale 640x360``. ``--drift`` records ten minutes of a microphone whose clock is 100 ppm fast, on a virtual clock.
``--json`` prints one JSON document. Loading the models is not counted.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from capture import AudioFile, Clock, Picture, RecordSettings, VideoFile, VirtualClock
from capture.devices import DeviceClock, SyntheticPictures, SyntheticSound
from capture.live import PipelineParts, Recorder, RecordingStatus
from capture.writing import FragmentWriter, growing_name
from discreet.config import load
from discreet.live import Controls, RecordingRequest, masked_whole, record_meeting
from discreet.pipeline import EnrolmentFiles, RunContext, enroll
from evaluation.attacks import deface
from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd
from evaluation.data.moving_faces import BAND, PEOPLE, MovingFaces, photos
from registered import Answers, Consent, Registry
from weights import Store

MARKS = "marks: no drop at 720p30 with 2 faces, < 45 CPU-ms; 1080p30 drops < 2 %; sync < 40 ms; RSS < 700 MB and flat"


class Threads:
    """CPU seconds by thread name, sampled while the threads live."""

    def __init__(self) -> None:
        self.seconds: dict[int, tuple[str, float]] = {}
        self.rss: list[int] = []
        self.begun: dict[int, float] = {}
        self.cpu = 0.0

    def __call__(self, now: RecordingStatus) -> None:
        """Take a sample."""
        own = psutil.Process()
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        for row in own.threads():
            name = names.get(row.id) or self.seconds.get(row.id, ("codecs and models", 0.0))[0]
            self.seconds[row.id] = (name, row.user_time + row.system_time)
        self.rss.append(own.memory_info().rss)
        if now.begun and not self.cpu:
            self.cpu = time.process_time()
            self.begun = {id: seconds for id, (_, seconds) in self.seconds.items()}

    def by_name(self) -> dict[str, float]:
        """Name -> seconds."""
        out: dict[str, float] = {}
        for id, (name, seconds) in self.seconds.items():
            name = name.split(" (")[0]
            out[name] = out.get(name, 0.0) + seconds - self.begun.get(id, 0.0)
        return out


def measure(count: int, seconds: float, picture: Picture, folder: Path) -> dict[str, Any]:
    """Record one scene in this process and return its figures."""
    store, registry = Store(), Registry.open(folder / "people", "file")
    settings = load(None, [f"record.width={picture.width}", f"record.height={picture.height}", "record.reserve_mb=0"])
    if count > 1:
        agreed = Consent.granting(Answers(True, True, True, True), purpose="benchmark")
        enroll(registry, store, settings, "A", EnrolmentFiles([sorted(PEOPLE.iterdir())[0] / "face0.jpg"]), agreed)
    faces, threads = MovingFaces(count, picture), Threads()

    def sources(wanted: Any, settings: Any, clock: Clock) -> Any:
        origin = clock.now() + 2.0
        shown = SyntheticPictures(clock, picture, draw=faces, origin=origin, band=BAND)
        return shown, SyntheticSound(clock, settings.record.sample_rate, origin=origin)

    target = folder / "a.mp4"
    context = RunContext.of(settings, store, registry)
    made = record_meeting(RecordingRequest(target, duration=seconds), context, Controls(threads, sources=sources))
    cpu = time.process_time() - threads.cpu - faces.cpu
    done = made.recorded
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    frames = max(1, done.frames_in)
    late = np.array(done.latencies) if done.latencies else np.zeros(1)
    half = threads.rss[len(threads.rss) // 2 :]
    return {
        "faces": count,
        "picture": f"{picture.width}x{picture.height}@{picture.fps:g}",
        "error": str(done.error or ""),
        "in": done.frames_in,
        "out": done.frames_out,
        "dropped": done.dropped,
        "masked_whole": masked_whole(done),
        "fps": round(done.frames_out / max(done.duration, 1e-6), 2),
        "cpu_ms": round(1000 * cpu / frames, 1),
        "stages_ms": {name: round(1000 * s / frames, 2) for name, s in sorted(threads.by_name().items())},
        "draw_ms": round(1000 * faces.cpu / frames, 2),
        "glass_to_file_ms": [round(1000 * float(v)) for v in (np.median(late), late.max())],
        "sync_ms": sync(target),
        "peak_rss_mb": round(peak),
        "growth_mb": round((half[-1] - half[0]) / 1e6, 1) if half else 0.0,
        **recognisable(target, count, store),
    }


def sync(path: Path) -> list[float]:
    """Distance of flashes and beeps, ms: median and worst."""
    flashes: list[float] = []
    last = -1.0
    for t, image in VideoFile(path):
        if image[: BAND // 2].mean() > 225:
            if t - last > 0.3:
                flashes.append(t)
            last = t
    sound = AudioFile(path, 48000)
    samples = np.concatenate(list(sound.blocks()))
    loud = np.flatnonzero(np.abs(samples) > 0.15) / 48000
    onsets = loud[np.flatnonzero(np.diff(loud, prepend=-1.0) > 0.3)]
    if not flashes or not len(onsets):
        return [float("nan")] * 2
    apart = [1000 * float(np.abs(onsets - t).min()) for t in flashes[1:-1]]
    return [round(float(np.median(apart)), 1), round(max(apart), 1)]


def recognisable(path: Path, count: int, store: Store) -> dict[str, float]:
    """Share of pictures, two per second, in which the attacker recognises a stranger, and the enrolled person."""
    if not all(store.has(id) for id in ("scrfd-500m", "arcface-mbf")):
        return {}
    detect, embed = Scrfd(store), ArcFace(store)
    known = []
    for photo in photos(count):
        padded = np.pad(photo, ((80, 80), (80, 80), (0, 0)), constant_values=90)
        rows, _ = embed(padded, detect(padded, 0.5).take([0]))
        known.append(rows[0])
    strangers, hits, visible, looked, due = slice(1 if count > 1 else 0, None), 0, 0, 0, 0.0
    for t, image in VideoFile(path):
        if t < due:
            continue
        due, looked = due + 0.5, looked + 1
        rows, _ = embed(image, detect(image, 0.3))
        similar = rows @ np.stack(known).T if len(rows) else np.zeros((0, count))
        hits += bool((similar[:, strangers] >= SAME).any())
        visible += bool(count > 1 and (similar[:, 0] >= SAME).any())
    return {"leaks": round(hits / max(1, looked), 3), "visible": round(visible / max(1, looked), 3)}


def beside(
    count: int, seconds: float, picture: Picture, folder: Path, options: tuple[str, ...]
) -> dict[str, Any] | None:
    """Run the same frames through deface; None if it is not installed."""
    if deface.program() is None:
        return None
    clip = folder / "in.mp4"
    if not clip.exists():
        clock = VirtualClock()
        source = SyntheticPictures(clock, picture, seconds, MovingFaces(count, picture), band=BAND)
        source.open()
        writer = FragmentWriter(clip, picture, None, RecordSettings(preset="ultrafast", crf=16))
        begun = clock.now()
        while (item := source.read()) is not None:
            writer.add_picture(item[0] - begun, item[1])
        writer.finish()
        growing_name(clip).replace(clip)
    target = folder / "peer.mp4"
    cpu = deface.deface(clip, target, options)
    found = recognisable(target, count, Store())
    known = max(found.get("leaks", 0.0), found.get("visible", 0.0))  # deface shows nobody on purpose
    return {
        "peer": " ".join(["deface", *options]),
        "cpu_ms": round(1000 * cpu / (seconds * picture.fps), 1),
        "leaks": known,
    }


def drift(folder: Path, minutes: float = 10.0, ppm: float = 100.0) -> dict[str, Any]:
    """Record a fast microphone on a virtual clock: sync of flash and beep, with and without correction."""
    clock, picture = VirtualClock(), Picture(64, 64, 10.0)
    origin = clock.now() + 0.5

    class Through:
        latency = 0.0
        push: Callable[..., Any] = staticmethod(lambda t, image: [(t, image)])
        flush: Callable[..., Any] = staticmethod(list)
        status: Callable[..., Any] = staticmethod(dict)
        tracks: Callable[..., Any] = staticmethod(list)
        close: Callable[..., Any] = staticmethod(lambda: None)

    parts = PipelineParts(
        RecordSettings(sound="keep", preset="ultrafast", reserve_mb=0),
        SyntheticPictures(clock, picture, 60 * minutes, origin=origin, band=BAND),
        SyntheticSound(clock, 16000, 60 * minutes, origin, DeviceClock(ppm, 0.01), 320),
        lambda shape: Through(),
    )
    done = Recorder(folder / "drift.mp4", parts, clock=clock).run()
    return {
        "drift_ppm": ppm,
        "measured_ppm": round(done.ppm, 1),
        "sync_ms": sync(folder / "drift.mp4"),
        "uncorrected_ms": 60 * minutes * ppm / 1000,
    }


def main() -> None:
    """Run and print the requested measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--drift", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    width, height = (int(n) for n in given.size.split("x"))
    picture = Picture(width, height, given.fps)
    if given.one:
        print(json.dumps(measure(given.faces[0], given.seconds, picture, Path(given.one))))
        return
    rows: list[dict[str, Any]] = []
    for count in given.faces:
        with tempfile.TemporaryDirectory() as name:
            command = [
                sys.executable,
                "-m",
                "evaluation.runs.live_recorder",
                "--faces",
                str(count),
                "--seconds",
                str(given.seconds),
            ]
            command += ["--size", given.size, "--fps", str(given.fps), "--one", name]
            rows.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))
            if not given.json:
                print("\n".join(f"{key:>17}: {value}" for key, value in rows[-1].items()), flush=True)
            for options in deface.OPTIONS if not given.no_peer else ():
                row = beside(count, min(10.0, given.seconds), picture, Path(name), options)
                if row is not None:
                    rows.append(row)
                    if not given.json:
                        print(" " * 17, row, flush=True)
    if given.drift:
        with tempfile.TemporaryDirectory() as name:
            rows.append(drift(Path(name)))
            if not given.json:
                print(rows[-1], flush=True)
    print(json.dumps(rows) if given.json else MARKS)


if __name__ == "__main__":
    main()
