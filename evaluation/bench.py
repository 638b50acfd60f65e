"""Measure the whole chain: ``python -m evaluation.bench [MEETING ...]``, or ``make bench``.

Runs ``discreet process`` on every composed meeting of ``../shared/media/meetings``, as a user would; with
``--set=validation`` on those of ``validation/``, on which no setting was chosen. Half of the people are
enrolled with full consent; the others are strangers. From ``safe.mp4`` and ``timeline.json`` it prints

* the diarization error rate, without collar (overlap scored) and with 0.25 s;
* the share of speech given the right person, and how many people are listed;
* AUC and F1 of the active-speaker scores;
* leaks: frames in which another recogniser than the product's recognises a stranger, within 0.3 s of coming on screen
  and after;
* the visible share of the people who agreed;
* own voices: of the windows in which somebody speaks alone, those whose sound in ``safe.mp4`` is that of the recording,
  by speaker embedding or by waveform, for strangers and for those who agreed;
* real-time factor and peak memory of every stage, decoders included, and the CPU seconds of the whole.

The diarization excerpts follow, by sound alone. Where the media are absent, it uses the demo clip and the diarization
samples that the weights store can fetch.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

from diarization import DiarizationSettings, Fusion, VoiceEmbedder, make_clustering_diarizer
from discreet.results import details
from evaluation.attacks.own_voices import Kept, search_groups
from evaluation.attacks.safe_recording import SafePicture, reidentify_faces
from evaluation.data import composed
from evaluation.data.planted_recordings import sound_of
from evaluation.data.processed_meetings import enrolled_registry, known_voices, process_meeting
from evaluation.data.recordings import read_rttm, recordings
from evaluation.metrics import diarization as metrics
from evaluation.runs import active_speaker as asd
from registered import Registry
from timeline import FaceTrack, Timeline
from weights import Store

ATTACKER = ("arcface-mbf", "scrfd-500m")
"""Models that try to recognise strangers; never used by the product's free profile."""
MARKS = (
    "marks: no leak after 0.3 s and under 0.5 %; visible >= 90 %; DER.25 < .08; right >= 85 %; RTF < 1; RSS < 2000 MB"
)


def run_process(recording: Path, out: Path, registry: Path) -> tuple[Timeline, float, float]:
    """Run ``process``; returns its document, and the wall-clock and CPU seconds of the whole, including its start."""
    begin, before = time.perf_counter(), _cpu_of_children()
    process_meeting(recording, out, registry)
    seconds, cpu = time.perf_counter() - begin, _cpu_of_children() - before
    public = Timeline.from_json((out / "timeline.json").read_bytes())
    whole = details(Registry.open(registry, "file"), public)
    if whole is None:
        raise SystemExit(f"{registry} does not hold the details of {out}")
    return whole, seconds, cpu


def _cpu_of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def face_tracks(timeline: Timeline) -> list[FaceTrack]:
    """The document's tracks as arrays."""
    import numpy as np

    out = []
    for track in timeline.tracks:
        rows = np.array(track.boxes, np.float64).reshape(-1, 5)
        speaking = np.array(track.speaking, np.float64).reshape(-1, 2)
        out.append(
            FaceTrack(
                track.id,
                rows[:, 0],
                rows[:, 1:].astype(np.float32),
                speaking_times=speaking[:, 0],
                speaking=speaking[:, 1],
            )
        )
    return out


def measure(name: str, out: Path, store: Store, embedder: VoiceEmbedder) -> dict[str, Any]:
    """Process one composed meeting and measure everything; ``embedder`` tells whose voice is heard."""
    meeting = composed.load(name)
    people = meeting.registered()
    registry = enrolled_registry(out / f"{name}-registered", meeting, store)
    timeline, seconds, cpu = run_process(meeting.path, out / name, registry.folder)
    truth = read_rttm(meeting.path.with_suffix(".rttm"))
    duration = timeline.recording.duration
    names = {p.id: p.name for p in timeline.people if p.name is not None}
    right, wrong = metrics.right_person(truth, Fusion(timeline.people, timeline.turns, {}, names), people, duration)
    said, score = asd.frames(meeting, face_tracks(timeline))
    attacked = all(store.has(id) for id in ATTACKER)
    picture = reidentify_faces(meeting, out / name / "safe.mp4", people, store) if attacked else SafePicture()
    stages = {stage.name: stage for stage in timeline.provenance.stages}
    sounds = sound_of(meeting.path), sound_of(out / name / "safe.mp4")
    voices = search_groups(*sounds, meeting.turns, people, known_voices(meeting), embedder)
    return {
        "meeting": name,
        "people": f"{len(people)} of {len(meeting.people)} enrolled",
        "der": metrics.der(truth, timeline.turns, duration).der,
        "der_25": metrics.der(truth, timeline.turns, duration, 0.25).der,
        "right_person": right,
        "wrong_name": wrong,
        "auc": asd.auc(said, score),
        "f1": asd.f1(said, score >= 0.5),
        "attacked": attacked,
        "stranger_frames": picture.strangers,
        "leaks_first": picture.first,
        "leaks_later": picture.later,
        "leak_share": picture.leaked,
        "visible": picture.shown,
        "mouth_covered": picture.mouths / max(1, picture.enrolled),
        "leaks": picture.where,
        "listed": f"{len(timeline.people)} people listed of {len(meeting.people)}",
        "own_voices": {group: share(found) for group, found in voices.items()},
        "rtf": seconds / duration,
        "cpu": cpu / duration,
        "peak_rss_mb": max(stage.peak_rss_mb for stage in stages.values()),
        "stages": {n: {"rtf": s.rtf, "peak_rss_mb": s.peak_rss_mb} for n, s in stages.items()},
    }


def share(found: Kept) -> dict[str, float]:
    """The shares of the windows that hold the own voice."""
    count = max(1, found.windows)
    return {"windows": found.windows, "voice": found.after / count, "waveform": found.copied / count}


def print_meeting(row: dict[str, Any]) -> None:
    """Print a meeting's figures in four lines."""
    picture = "not attacked"
    if row["attacked"]:
        picture = (
            "leaks {leaks_first} in the first 0.3 s, {leaks_later} after, of {stranger_frames} face frames "
            "({leak_share:.2%}); visible {visible:.1%}, and {mouth_covered:.1%} but for the mouth".format(**row)
        )
    voices = "; ".join(
        "{0}: {voice:.1%} by voice, {waveform:.1%} by waveform of {windows} windows".format(group, **found)
        for group, found in row["own_voices"].items()
    )
    stages = ", ".join(f"{n} {stage['rtf']:.2f} ({stage['peak_rss_mb']:.0f} MB)" for n, stage in row["stages"].items())
    print(
        "{meeting} ({people})\n"
        "  sound    DER {der:.3f}, with 0.25 s {der_25:.3f}; right person {right_person:.1%}, "
        "wrong name {wrong_name:.1%}; {listed}; speaking AUC {auc:.3f} F1 {f1:.3f}\n".format(**row)
        + f"  voices   {voices}\n"
        + f"  picture  {picture}\n"
        + "  cost     RTF {rtf:.2f} all told, {cpu:.2f} CPU-s a second, {peak_rss_mb:.0f} MB at most; ".format(**row)
        + stages,
        flush=True,
    )


def excerpts(store: Store) -> list[dict[str, Any]]:
    """Diarization of the excerpts that have a truth, by sound alone; prints each as it is done."""
    rows: list[dict[str, Any]] = []
    diarizer = make_clustering_diarizer(store, DiarizationSettings())
    for recording in (r for r in recordings(store) if not r.meeting):
        audio = recording.audio()
        begin = time.perf_counter()
        found = diarizer(audio)
        seconds = time.perf_counter() - begin
        score = metrics.der(recording.turns, found.turns, audio.duration)
        lenient = metrics.der(recording.turns, found.turns, audio.duration, 0.25)
        rows.append(
            {"recording": recording.name, "der": score.der, "der_25": lenient.der, "rtf": seconds / audio.duration}
        )
        parts = f"missed {score.missed:.3f}, false alarm {score.false_alarm:.3f}, confusion {score.confusion:.3f}"
        print(
            f"{recording.name:18s} DER {score.der:.3f} ({parts}), with 0.25 s {lenient.der:.3f}; "
            f"RTF {seconds / audio.duration:.3f}",
            flush=True,
        )
    return rows


def demo_clip(out: Path) -> None:
    """Process the demo clip, the only video without the media; print what was found and what it cost."""
    from discreet.cli import run_demo

    outcome = run_demo(out / "demo", overwrite=True, quiet=True)
    for line in (outcome.folder / "report.txt").read_text(encoding="utf-8").splitlines():
        print(f"  {line}")


def main() -> None:
    """Print every figure, and write them to ``OUT/bench.json``."""
    parser = argparse.ArgumentParser(prog="evaluation.bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("meetings", nargs="*", help="default: all of the set")
    parser.add_argument("--set", choices=composed.SETS, default="development", help="which meetings")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="folder for the results")
    parser.add_argument("--accept", action="store_true", help=f"fetch the attacker's models {ATTACKER}: non-commercial")
    parser.add_argument("--no-excerpts", action="store_true", help="meetings only")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    store = Store()
    rows: list[dict[str, Any]] = []
    if composed.FOLDER.is_dir():
        if options.accept:
            store.fetch(ATTACKER, accept=set(ATTACKER))
        if not all(store.has(id) for id in ATTACKER):
            print(f"leaks are not measured: that needs {' and '.join(ATTACKER)}, whose licences are non-commercial;")
            print("  to accept them: make bench ARGS=--accept")
        embedder = VoiceEmbedder.from_store(store, DiarizationSettings(voiceprint="ecapa"))
        for name in options.meetings or composed.SETS[options.set]:
            rows.append(measure(name, options.out, store, embedder))
            print_meeting(rows[-1])
        print(MARKS)
    else:
        print("../shared/media is absent: the demo clip and the samples of the weights store are measured")
        demo_clip(options.out)
    found = [] if options.no_excerpts else excerpts(store)
    (options.out / "bench.json").write_text(json.dumps({"meetings": rows, "excerpts": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
