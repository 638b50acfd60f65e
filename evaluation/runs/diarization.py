"""Measure who spoke when: ``python -m evaluation.runs.diarization [NAME ...]``.

Recordings are the composed meetings and the far-field excerpts of ``../shared/media`` (where they are absent, the
sample that the weights store can fetch), and meetings of 1 to 10 speakers strung together from read utterances.
Printed are

* DER without collar and its parts (missed, false alarm, confusion; overlap scored, whole recording), DER with 0.25 s,
  JER, speakers found and true, all by pyannote.metrics; RTF by the clock (which depends on what else runs), CPU
  seconds for a second of sound, and peak resident memory;
* a baseline, the same pieces with average linkage at one fixed cosine: DER with 0.25 s and speakers found;
* for meetings, with every second person enrolled by a voice clip: the share of speech given the right person (an
  enrolled one by name, each other one as one stranger), also off camera, and the share given a wrong name. With
  ``--faces`` (slow) people are enrolled by photos too, and results are by voices alone, faces alone and both.

Recordings on which settings were tuned have a star. Options: ``--sweep`` repeats the clustering at stricter and laxer
levels. ``--hours H`` measures one long meeting only, without the baseline; it tells the memory of the diarizer apart
from that of the scoring, and with ``--quiet 0.01`` reports what became of somebody with one turn in a hundred.
``--no-eer`` leaves out EER and minDCF of the voiceprints. ``--people`` adds the tables of
``evaluation.runs.speaker_attribution``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from diarization import ClusteringDiarizer, Diarization, DiarizationSettings, VoiceEmbedder, make_clustering_diarizer
from diarization.clustering import Scan
from evaluation.data import composed
from evaluation.data.media import MEDIA, RATE
from evaluation.data.recordings import TUNED, Recording, assembled_meeting, assembled_meetings, recordings
from evaluation.metrics.diarization import der, jer
from evaluation.metrics.plain_clustering import COSINE, plain
from evaluation.metrics.verification import voiceprints
from evaluation.runs import speaker_attribution
from evaluation.runs.long_meetings import long_meeting, peak_mb
from evaluation.runs.speaker_identification import named
from timeline import FloatArray
from weights import Store

SHIFTS = (-0.10, -0.05, 0.0, 0.05, 0.10)
_FIXED = 0.37
"""The level that was fixed before it was learnt from the recording; for the sweep."""


def _alone(far: Sequence[Recording]) -> Iterator[tuple[FloatArray, str, str]]:
    """Pieces of 1.6 s in which one person talks: ``(samples, who, recording)``."""
    size = round(1.6 * RATE)
    for recording in far:
        samples = np.concatenate([*recording.audio().blocks()])
        edges = sorted({edge for start, end, _ in recording.turns for edge in (start, end)})
        for start, end in pairwise(edges):
            talking = [who for a, b, who in recording.turns if a <= start and end <= b]
            if len(talking) == 1:
                for at in np.arange(start, end - 1.6, 1.6):
                    yield samples[round(at * RATE) :][:size], talking[0], recording.name


HEAD = (
    f"{'recording':17s} {'DER':>5s} {'miss':>5s} {'false':>5s} {'conf':>5s}  {'.25 s':>5s}   {'JER':>5s}  speakers"
    f"  {'RTF':>5s} {'CPU':>5s}   {'plain':>5s} speakers"
)


def _row(recording: Recording, diarizer: ClusteringDiarizer) -> tuple[str, Scan, Diarization]:
    audio = recording.audio()
    begin, busy = time.perf_counter(), time.process_time()
    rows = diarizer.scan(audio)
    found = diarizer.decide(rows, audio.duration)
    rtf = (time.perf_counter() - begin) / audio.duration
    cpu = (time.process_time() - busy) / audio.duration
    score = der(recording.turns, found.turns, audio.duration)
    lenient = der(recording.turns, found.turns, audio.duration, composed.COLLAR)
    other = diarizer.decide(rows, audio.duration, found=plain(rows))
    true = len({who for _, _, who in recording.turns})
    return (
        f"{recording.name + ('*' if recording.name in TUNED else ''):17s} {score.der:5.3f} {score.missed:5.3f}"
        f" {score.false_alarm:5.3f} {score.confusion:5.3f}  {lenient.der:5.3f}"
        f"   {jer(recording.turns, found.turns, audio.duration):5.3f}"
        f"  {len(found.embeddings):3d} /{true:3d}  {rtf:5.3f} {cpu:5.3f}"
        f"   {der(recording.turns, other.turns, audio.duration, composed.COLLAR).der:5.3f} {len(other.embeddings):3d}",
        rows,
        found,
    )


def _sweep(heard: Sequence[tuple[Recording, Scan]], diarizer: ClusteringDiarizer) -> Iterator[str]:
    """Mean DER of each kind of recording, and the total of miscounted speakers, with the level shifted."""
    kinds = ("meetings", "far-field", "strung")
    yield f"{'level':24s} " + "  ".join(f"{kind:>9s}" for kind in kinds) + "  miscounted"
    for method in ("learnt", f"fixed {_FIXED}", f"plain {COSINE}"):
        for shift in SHIFTS:
            errors: dict[str, list[float]] = {kind: [] for kind in kinds}
            off = 0
            for recording, rows in heard:
                duration = recording.audio().duration
                if method == "learnt":
                    found = diarizer.decide(rows, duration, DiarizationSettings(strictness=shift))
                elif method.startswith("fixed"):
                    found = diarizer.decide(rows, duration, DiarizationSettings(same_voice=_FIXED + shift))
                else:
                    found = diarizer.decide(rows, duration, found=plain(rows, COSINE + shift))
                error = der(recording.turns, found.turns, duration, recording.collar).der
                errors[kinds[0 if recording.meeting else 1 if recording.sound is None else 2]].append(error)
                off += abs(len(found.embeddings) - len({who for _, _, who in recording.turns}))
            means = "  ".join(f"{np.mean(rows) if rows else float('nan'):9.3f}" for rows in errors.values())
            yield f"{method + f' {shift:+.2f}':24s} {means}  {off:10d}"


def main(argv: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.diarization", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="recordings (default: all)")
    parser.add_argument("--faces", action="store_true", help="find the faces of the meetings too, and fuse (slow)")
    parser.add_argument("--sweep", action="store_true", help="cluster anew at stricter and laxer levels")
    parser.add_argument("--no-eer", action="store_true", help="leave the voiceprints' EER out")
    parser.add_argument("--hours", type=float, help="one strung meeting of so many hours, and nothing else")
    parser.add_argument("--speakers", type=int, default=8, help="of that meeting (default 8)")
    parser.add_argument("--seed", type=int, help="of that meeting (default: its speakers)")
    parser.add_argument("--quiet", type=float, help="share of that meeting's turns that its last voice has")
    parser.add_argument(
        "--people", action="store_true", help="the tables of evaluation.runs.speaker_attribution, too (slow)"
    )
    parser.add_argument("--tracks", type=Path, help="folder in which the faces that were found are kept")
    args = parser.parse_args(argv)
    if args.people and args.tracks is None:  # faces are found once for both
        with TemporaryDirectory() as folder:
            main([*(sys.argv[1:] if argv is None else argv), "--tracks", folder])
        return
    store = Store()
    settings = DiarizationSettings()
    diarizer = make_clustering_diarizer(store, settings)
    print(HEAD)
    if args.hours:
        meeting = assembled_meeting(args.speakers, args.hours * 3600, args.quiet, args.seed)
        print(*long_meeting(meeting, diarizer), sep="\n", flush=True)
        return
    embedder = VoiceEmbedder.from_store(store, settings)
    chosen = recordings(store, args.names) + assembled_meetings(args.names)
    heard: list[tuple[Recording, Scan]] = []
    for recording in chosen:
        line, rows, found = _row(recording, diarizer)
        print(line, flush=True)
        heard.append((recording, rows))
        if recording.meeting:
            for line in named(store, recording, found, embedder, args.faces, args.tracks):
                print(line, flush=True)
    print(f"peak memory {peak_mb():.0f} MB; * settings were tuned on these")
    if args.sweep:
        print(*_sweep(heard, diarizer), sep="\n", flush=True)
    if not args.no_eer and MEDIA.is_dir():
        far = [r for r in recordings(store) if not r.meeting]
        for name, conditions in voiceprints(store, lambda: _alone(far)).items():
            row = "  ".join(f"{condition} {rate:.3f}/{cost:.2f}" for condition, rate, cost in conditions)
            print(f"EER/minDCF {name:15s} {row}", flush=True)
    names = [recording.name for recording in chosen if recording.meeting]
    if args.people and names:
        speaker_attribution.main([*names, "--tracks", str(args.tracks)])


if __name__ == "__main__":
    main()
