"""Fit and show how surely two takes are one voice: ``python -m evaluation.runs.voice_likelihood --keep FILE.npz``.

Trials are pairs of stretches of 1.6 to 13 s of :mod:`evaluation.data.voice_takes`: of one person through different
channels, in different clips or at different times, and of two people. The parameters are fitted on everybody but the
people of the validation set, and reported on those, who were never seen. For each voiceprint are printed

* *Cllr*: the cost of the log-likelihood ratios in bits, 0 if they are always right and 1 if they say nothing;
* *reliability*: of the trials to which a ratio gives some probability (at even odds), the share that is one person's:
  the nearer, the better calibrated;
* the share of right pairs refused and of wrong pairs accepted at even odds, at 20 : 1 and at 400 : 1.

``--write`` puts the parameters into ``diarization/likelihood.toml``. The takes are kept in FILE.npz.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from diarization import DiarizationSettings, VoiceEmbedder, VoiceLikelihood, likelihoods
from evaluation.data.voice_takes import PIECE, Takes, takes
from evaluation.metrics.likelihood import Flags, Floats, cllr, fit, reliability, reliability_svg
from weights import Store

LENGTHS = (1, 2, 4, 8)
"""Pieces of a stretch."""
NOISE = (0.5, 1.0, 2.0, 3.0, 5.0)
"""Values of the parameter ``noise`` that are tried, in seconds."""
ODDS = (1, 20, 400)
MODELS = {"ecapa+campplus": slice(None), "ecapa": slice(0, 192), "campplus": slice(192, 384)}
PARAMETERS = Path(__file__).resolve().parents[2] / "diarization" / "likelihood.toml"
_PAIRS = 200_000
"""Most pairs of two people that are compared."""


@dataclass(frozen=True, slots=True, eq=False)
class VoiceTrials:
    """``N`` pairs: cosine, seconds of speech on both sides, whether of one person, whether of the validation set."""

    cosine: Floats
    one: Floats
    other: Floats
    same: Flags
    validation: Flags

    def where(self, keep: Flags) -> VoiceTrials:
        """The pairs for which ``keep [N]`` is true."""
        return VoiceTrials(*(getattr(self, name)[keep] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class _Stretches:
    vectors: npt.NDArray[np.float32]
    person: npt.NDArray[np.str_]
    clip: npt.NDArray[np.str_]
    channel: npt.NDArray[np.str_]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    validation: Flags


def _stretches(found: Takes, part: slice) -> _Stretches:
    rows: list[tuple[Any, ...]] = []
    keys = np.array([f"{p}|{c}|{h}" for p, c, h in zip(found.person, found.clip, found.channel, strict=True)])
    for key in np.unique(keys):
        at = np.flatnonzero(keys == key)
        person, clip, channel = key.split("|")
        held = found.source[at[0]] == "validation" or clip.startswith("val_")
        for length in LENGTHS:
            for start in range(0, len(at) - length + 1, length):
                mean = found.vectors[at[start : start + length], part].mean(axis=0)
                rows.append((mean / np.linalg.norm(mean), person, clip, channel, start, start + length, held))
    return _Stretches(*(np.array(column) for column in zip(*rows, strict=True)))


def voice_trials(found: Takes, part: slice) -> VoiceTrials:
    """Pairs of stretches that share no sound; of two people, at most some hundred thousand chosen at random."""
    rows = _stretches(found, part)
    i, j = np.triu_indices(len(rows.person), 1)
    same = rows.person[i] == rows.person[j]
    own = (rows.clip[i] == rows.clip[j]) & (rows.first[i] < rows.last[j]) & (rows.first[j] < rows.last[i])
    take = (rows.clip[i] == rows.clip[j]) & (rows.channel[i] == rows.channel[j]) & (rows.channel[i] != "as recorded")
    # People of the validation set are only paired with each other.
    mixed = rows.validation[i] != rows.validation[j]
    keep = ~own & ~take & ~mixed
    dice = np.random.default_rng(0).random(len(i))
    keep &= same | (dice < _PAIRS / max(1, int((~same).sum())))
    i, j = i[keep], j[keep]
    seconds = (rows.last - rows.first) * PIECE
    cosine = np.einsum("nd,nd->n", rows.vectors[i].astype(np.float64), rows.vectors[j].astype(np.float64))
    return VoiceTrials(cosine, seconds[i], seconds[j], same[keep], rows.validation[i])


def _features(trials: VoiceTrials, noise: float) -> Floats:
    sure = np.sqrt(trials.one / (trials.one + noise) * trials.other / (trials.other + noise))
    return np.stack([trials.cosine, sure, trials.cosine * sure, np.ones(len(sure))], axis=1)


def fitted(trials: VoiceTrials) -> VoiceLikelihood:
    """The parameters with the least Cllr: a logistic regression at even odds for each noise that is tried."""
    best = (np.inf, VoiceLikelihood(0, 0, 0, 0, 1))
    for noise in NOISE:
        weights, cost = fit(_features(trials, noise), trials.same)
        if cost < best[0]:
            cosine, length, product, offset = (round(float(value), 2) for value in weights)
            best = (cost, VoiceLikelihood(cosine, length, product, offset, noise))
    return best[1]


def ratios(trials: VoiceTrials, likelihood: VoiceLikelihood) -> Floats:
    """Log-likelihood ratio of every pair."""
    weights = [likelihood.cosine, likelihood.length, likelihood.product, likelihood.offset]
    return np.asarray(_features(trials, likelihood.noise) @ np.array(weights), np.float64)


def _report(name: str, trials: VoiceTrials, likelihood: VoiceLikelihood) -> dict[str, list[tuple[float, float, int]]]:
    panels = {}
    for part, some in (("fitted", trials.where(~trials.validation)), ("validation", trials.where(trials.validation))):
        score, same = ratios(some, likelihood), some.same
        print(f"{name} {part}: Cllr {cllr(score, same):.3f} ({same.sum()} pairs of one person, {(~same).sum()} of two)")
        print("  probability  share of one person  pairs")
        panels[f"{name}, {part}"] = rows = reliability(score, same)
        for mean, share, count in rows:
            print(f"  {mean:11.3f} {share:20.3f} {count:6d}")
        for odds in ODDS:
            long = np.minimum(some.one, some.other) > 3
            cells = []
            for what, among in (("all", same | ~same), ("3 s and more", long)):
                missed, taken = score[same & among] < np.log(odds), score[~same & among] >= np.log(odds)
                cells.append(f"{what}: refused {missed.mean():.3f}, accepted {taken.mean():.5f}")
            print(f"  at {odds:3d} : 1  " + "; ".join(cells), flush=True)
    return panels


def _write(found: dict[str, VoiceLikelihood]) -> None:
    lines = [
        "# Weights of diarization/likelihood.py, written by",
        "# `python -m evaluation.runs.voice_likelihood --write`; its help says on which takes.",
    ]
    for name, likelihood in found.items():
        lines += [f'[model."{name}"]', *(f"{key} = {value}" for key, value in asdict(likelihood).items())]
    PARAMETERS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    """Fit, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.voice_likelihood", description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="file in which the embedded takes are kept")
    parser.add_argument("--write", action="store_true", help=f"write {PARAMETERS.name}")
    parser.add_argument("--plot", type=Path, help="draw the reliability in this SVG file")
    args = parser.parse_args(argv)
    store = Store()
    found = takes(store, VoiceEmbedder.from_store(store, DiarizationSettings()), args.keep)
    made: dict[str, VoiceLikelihood] = {}
    panels: dict[str, list[tuple[float, float, int]]] = {}
    for name, part in MODELS.items():
        trials = voice_trials(found, part)
        if args.write:
            made[name] = fitted(trials.where(~trials.validation))
        likelihood = made.get(name) or likelihoods().get(name)
        if likelihood is not None:
            panels |= _report(name, trials, likelihood)
    if args.write:
        _write(made)
    if args.plot:
        args.plot.write_text(reliability_svg(panels), encoding="utf-8")


if __name__ == "__main__":
    main()
