"""Fit and show how surely two pictures are one face: ``python -m evaluation.runs.face_likelihood --keep FILE.npz``.

Trials are pairs of pictures of :mod:`evaluation.data.face_takes` from different files: of one person, and of two. The
parameters are fitted on everybody but the people of the validation set and reported on those, who were never seen
(paired with each other, and of two people also with everybody else). Printed are Cllr and reliability, as by
``evaluation.runs.voice_likelihood``, and what enrolment does with two photos that pass its checks: whether it takes
them for one person's, keeps each on its own because nothing tells, or refuses them as two people's.

``--write`` puts the parameters into ``vision/recognition/likelihood.toml``, ``--plot FILE.svg`` draws the reliability.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluation.data import composed
from evaluation.data.face_crops import identities
from evaluation.data.face_takes import FaceTakes, face_takes
from evaluation.metrics.intervals import wilson
from evaluation.metrics.likelihood import Flags, Floats, cllr, fit, reliability, reliability_svg
from registered import FaceQuality
from vision import FaceFinder, VisionSettings
from vision.recognition import FaceLikelihood, face_likelihoods
from weights import Store

PARAMETERS = Path(__file__).resolve().parents[2] / "vision" / "recognition" / "likelihood.toml"
_PAIRS = 200_000
"""Most pairs of two people that are compared."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceTrials:
    """``N`` pairs: cosine, quality of both, whether of one person, of the validation set, and of two good photos."""

    cosine: Floats
    one: Floats
    other: Floats
    same: Flags
    validation: Flags
    photos: Flags
    names: npt.NDArray[np.str_]

    def where(self, keep: Flags) -> FaceTrials:
        """The pairs for which ``keep [N]`` is true."""
        return FaceTrials(*(getattr(self, name)[keep] for name in self.__slots__))


def face_trials(found: FaceTakes, held: Sequence[str], apart: set[frozenset[int]]) -> FaceTrials:
    """Pairs of pictures from different files, none of which is known to be mixed up.

    Args:
        found: the pictures.
        held: people of the validation set.
        apart: pairs of labelled photos' people who are known to be two.
    """
    i, j = np.triu_indices(len(found.person), 1)
    same = found.person[i] == found.person[j]
    number = np.array([int(p.split()[1]) if p.startswith("photo") else -1 for p in found.person])
    unknown = (number[i] >= 0) & (number[j] >= 0) & ~same
    known = np.array([frozenset(pair) in apart for pair in zip(number[i][unknown], number[j][unknown], strict=True)])
    keep = found.clip[i] != found.clip[j]
    keep[np.flatnonzero(unknown)[~known.astype(bool)]] = False
    # One of them shows another man in one meeting: see the media's notes.
    wrong = (found.person == "ID17") & (found.clip == "val_hard4")
    keep &= ~wrong[i] & ~wrong[j]
    photos = found.passed[i] & found.passed[j]
    dice = np.random.default_rng(0).random(len(i))
    keep &= same | photos | (dice < _PAIRS / max(1, int((~same).sum())))
    i, j = i[keep], j[keep]
    cosine = np.einsum("nd,nd->n", found.vectors[i].astype(np.float64), found.vectors[j].astype(np.float64))
    of = np.isin(found.person, held)
    quality = found.quality.astype(np.float64)
    names = np.array([f"{a} {b}" for a, b in zip(found.person[i], found.person[j], strict=True)])
    return FaceTrials(cosine, quality[i], quality[j], same[keep], of[i] | of[j], photos[keep], names)


def _features(trials: FaceTrials) -> Floats:
    both = np.sqrt(trials.one * trials.other)
    return np.stack([trials.cosine, both, trials.cosine * both, np.ones(len(both))], axis=1)


def fitted(trials: FaceTrials) -> FaceLikelihood:
    """The parameters with the least Cllr: a logistic regression at even odds."""
    weights, _ = fit(_features(trials), trials.same)
    return FaceLikelihood(*(round(float(value), 2) for value in weights))


def ratios(trials: FaceTrials, likelihood: FaceLikelihood) -> Floats:
    """Log-likelihood ratio of every pair."""
    weights = [likelihood.cosine, likelihood.quality, likelihood.product, likelihood.offset]
    return np.asarray(_features(trials) @ np.array(weights), np.float64)


def enrolled(score: Floats, trials: FaceTrials, rules: FaceQuality) -> list[str]:
    """What enrolment does with pairs of good photos, of one person and of two."""
    lines = []
    for what, among in (("one person", trials.same), ("two people", ~trials.same)):
        some = score[among & trials.photos]
        joined, refused = int((some >= rules.one_person).sum()), int((some <= rules.two_people).sum())
        pairs = len(set(trials.names[among & trials.photos]))
        cells = []
        for word, hits in (("joined", joined), ("refused", refused)):
            low, high = wilson(hits, len(some))
            cells.append(f"{word} {hits / max(1, len(some)):.4f} [{low:.4f}, {high:.4f}]")
        apart = (len(some) - joined - refused) / max(1, len(some))
        lines.append(f"  {what}: {', '.join(cells)}, each kept on its own {apart:.4f} ({len(some)} of {pairs} pairs)")
    return lines


def _report(name: str, trials: FaceTrials, likelihood: FaceLikelihood) -> dict[str, list[tuple[float, float, int]]]:
    panels = {}
    for part, some in (("fitted", trials.where(~trials.validation)), ("validation", trials.where(trials.validation))):
        score = ratios(some, likelihood)
        count = f"{some.same.sum()} pairs of one person, {(~some.same).sum()} of two"
        print(f"{name} {part}: Cllr {cllr(score, some.same):.3f} ({count})\n  probability  share of one person  pairs")
        panels[f"{name}, {part}"] = rows = reliability(score, some.same)
        for mean, share, number in rows:
            print(f"  {mean:11.3f} {share:20.3f} {number:6d}")
        print(f"  enrolment, two photos, {part}:", *enrolled(score, some, FaceQuality()), sep="\n", flush=True)
    return panels


def write(found: dict[str, FaceLikelihood]) -> None:
    """Put the parameters where the product reads them."""
    lines = [
        "# Weights of vision/recognition/likelihood.py, written by",
        "# `python -m evaluation.runs.face_likelihood --write`; its help says on which pictures.",
    ]
    for name, likelihood in found.items():
        lines += [f'[model."{name}"]', *(f"{key} = {value}" for key, value in asdict(likelihood).items())]
    PARAMETERS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    """Fit, print, and write or draw if asked to."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.face_likelihood", description=__doc__.splitlines()[0])
    parser.add_argument("recognisers", nargs="*", default=["sface"], help="default: sface")
    parser.add_argument("--keep", type=Path, help="file in which the embedded pictures are kept, one per recogniser")
    parser.add_argument("--write", action="store_true", help=f"write {PARAMETERS.name}")
    parser.add_argument("--plot", type=Path, help="draw the reliability in this SVG file")
    args = parser.parse_args(argv)
    store = Store()
    held = [p for p in composed.everybody() if composed.person_folder(p).is_relative_to(composed.FOLDERS[1])]
    made = dict(face_likelihoods())
    panels: dict[str, list[tuple[float, float, int]]] = {}
    for name in args.recognisers:
        base = VisionSettings()
        settings = base.model_copy(update={"recognise": base.recognise.model_copy(update={"recogniser": name})})
        kept = args.keep.with_stem(f"{args.keep.stem}-{name}") if args.keep else None
        trials = face_trials(face_takes(FaceFinder.from_store(store, settings), kept), held, identities()[1])
        if args.write or name not in made:
            made[name] = fitted(trials.where(~trials.validation))
        panels |= _report(name, trials, made[name])
    if args.write:
        write(made)
    if args.plot:
        args.plot.write_text(reliability_svg(panels), encoding="utf-8")


if __name__ == "__main__":
    main()
