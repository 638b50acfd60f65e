"""Whether score normalisation helps to name voices: ``python -m evaluation.runs.asnorm [--classes FILE.npy]``.

Adaptive symmetric normalisation (as-norm; Matejka et al. 2017) sets a score against those that template and test have
to the nearest voices of a cohort. Templates are the ten-second clips of ``meetings/people``; tests are stretches of the
composed meetings and far-field excerpts in which one person talks, so every trial crosses recordings. The cohort are
the speakers of ``../shared/media/voices``, none of whom is a template or talks in a test. ``--classes`` adds a cohort
for ECAPA alone: the class vectors ``[N, 192]`` of its training, as ``classifier.ckpt`` beside the checkpoint has them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

from diarization import DiarizationSettings, VoiceEmbedder
from evaluation.data.media import MEDIA, RATE
from evaluation.data.recordings import recordings
from evaluation.metrics.verification import Same, Scores
from timeline import FloatArray
from voice.attacks import eer
from weights import Store

PIECE = 1.6
_TOP = 300
_ALARMS = 0.001


def as_norm(tests: FloatArray, templates: FloatArray, cohort: FloatArray, top: int = _TOP) -> Scores:
    """Normalised scores ``[N, M]`` of unit vectors ``tests [N, D]`` and ``templates [M, D]``.

    The mean over both sides of the score's distance, in deviations, from that side's mean over its ``top`` nearest of
    ``cohort``.
    """
    scores = (tests @ templates.T).astype(np.float64)
    out = np.zeros_like(scores)
    for vectors, axis in ((tests, 0), (templates, 1)):
        near = np.sort(vectors @ cohort.T, axis=1)[:, -top:].astype(np.float64)
        mean, deviation = near.mean(axis=1), np.maximum(near.std(axis=1), 1e-6)
        if axis == 0:
            out += 0.5 * (scores - mean[:, None]) / deviation[:, None]
        else:
            out += 0.5 * (scores - mean[None]) / deviation[None]
    return out


def missed_at(scores: Scores, same: Same, alarms: float = _ALARMS) -> float:
    """Share of right pairs refused at the threshold that accepts a share ``alarms`` of the wrong ones."""
    threshold = np.quantile(scores[~same], 1 - alarms, method="higher")
    return float((scores[same] <= threshold).mean())


def _unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), np.float32)


def trials(embedder: VoiceEmbedder, store: Store, pieces: int) -> tuple[FloatArray, list[str]]:
    """Unit embeddings of stretches of ``pieces`` pieces of one person each, and who it is."""
    vectors, who = [], []
    size = round(PIECE * RATE)
    for recording in recordings(store):
        samples = np.concatenate([*recording.audio().blocks()])
        cuts: dict[str, list[FloatArray]] = {}
        for start, end in pairwise(sorted({edge for a, b, _ in recording.turns for edge in (a, b)})):
            talking = {person for a, b, person in recording.turns if a <= start and end <= b}
            if len(talking) == 1:
                steps = np.arange(start, end - PIECE, PIECE)
                cuts.setdefault(talking.pop(), []).extend(samples[round(at * RATE) :][:size] for at in steps)
        for person, rows in cuts.items():
            found = embedder.pieces(rows) if rows else np.zeros((0, 1), np.float32)
            for at in range(0, len(rows) - pieces + 1, pieces):
                vectors.append(found[at : at + pieces].mean(axis=0))
                who.append(person)
    return _unit(np.stack(vectors)), who


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.asnorm", description=__doc__.splitlines()[0])
    parser.add_argument("--classes", type=Path, help="class vectors of ECAPA's training (.npy), a cohort for it alone")
    args = parser.parse_args(argv)
    store = Store()
    embedder = VoiceEmbedder.from_store(store, DiarizationSettings())
    clips = {p.parent.name: soundfile.read(p, dtype="float32")[0] for p in MEDIA.glob("meetings/people/*/voice.wav")}
    people = sorted(clips)
    templates = np.stack([embedder(clips[person]) for person in people])
    others: list[FloatArray] = []
    for folder in sorted(MEDIA.glob("voices/*")):
        files = sorted(folder.glob("*.flac"))[:4]
        others.append(embedder.pieces([soundfile.read(f, dtype="float32")[0][: 3 * RATE] for f in files]).mean(axis=0))
    cohort = _unit(np.stack(others))
    classes = _unit(np.load(args.classes)) if args.classes else None
    for pieces in (1, 3):
        tests, who = trials(embedder, store, pieces)
        same = np.array([[one == other for other in people] for one in who])
        half = tests.shape[1] // 2
        ecapa, known = _unit(tests[:, :half]), _unit(templates[:, :half])
        rows = {
            "both, cosine": tests @ templates.T,
            f"both, as-norm with {len(cohort)} voices": as_norm(tests, templates, cohort),
            "ecapa, cosine": ecapa @ known.T,
        }
        if classes is not None:
            rows[f"ecapa, as-norm with {len(classes)} classes"] = as_norm(ecapa, known, classes)
            second = _unit(tests[:, half:]) @ _unit(templates[:, half:]).T
            normal = rows["ecapa, cosine"].std() / rows[f"ecapa, as-norm with {len(classes)} classes"].std()
            rows["both, ecapa's half normalised"] = (
                normal * rows[f"ecapa, as-norm with {len(classes)} classes"] + second
            )
        for name, scores in rows.items():
            flat, truth = scores.astype(np.float64).ravel(), same.ravel()
            print(
                f"{pieces * PIECE:.1f} s  {name:36s} EER {eer(flat, truth):.4f}  missed at {_ALARMS:.1%} false"
                f" {missed_at(flat, truth):.3f}  ({truth.sum()} right, {(~truth).sum()} wrong pairs)",
                flush=True,
            )


if __name__ == "__main__":
    main()
