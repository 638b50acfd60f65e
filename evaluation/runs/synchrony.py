"""Fit and measure lips in time with the sound: ``python -m evaluation.runs.synchrony --keep FOLDER``.

For each development meeting, the model of :mod:`vision.active_speaker.synchrony` is fitted on the other three, and on
all four for the validation meetings. Printed are, for every meeting:

* *pairs*: the mean evidence of each person's lips in each person's speech (own in the diagonal), while nobody else
  talks, as it is used to tell whose voice it is;
* *AUC* over all frames of everybody on screen, without 0.25 s around the edges of turns, with evidence averaged over
  0.8 s, and *who*: how often the talker's lips lead.

``--write`` fits on all four development meetings and writes the product's model; then the evidence of one and of two
people that :mod:`diarization.fusion.synchrony` states is printed anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh

from evaluation.data.composed import MEETINGS, VALIDATION
from evaluation.data.mouths import Mouths, mouths
from evaluation.runs.active_speaker import auc
from vision.active_speaker import (
    CROP_RATE,
    LIPS_AHEAD,
    SOUND_AHEAD,
    SYNCHRONY_FILE,
    SynchronyModel,
    agreement,
    lip_features,
    mirrored,
    neighbours,
    sound_features,
)
from weights import Store

Array = npt.NDArray[np.float64]
FILE = Path(__file__).resolve().parents[2] / "vision" / "active_speaker" / SYNCHRONY_FILE
_BASIS, _SOUND_BASIS, _KEPT = 12, 30, 6
"""Directions of movement and of look, of sound, and of both together that are kept."""
_RIDGE = 0.1
"""Added to the variances, so that directions with little data do not decide."""
_SMOOTH = 0.8
_WINDOW = 6 * CROP_RATE


class Features:
    """What is needed of a meeting: features of each person's lips (and mirrored), and of the sound."""

    def __init__(self, found: Mouths) -> None:
        self.found = found
        self.count = len(next(iter(found.seen.values())))
        self.sound = sound_features(found.sound, self.count)
        self.lips = {person: lip_features(crops) for person, crops in found.crops.items()}
        self.mirrored = {person: mirrored(*view) for person, view in self.lips.items()}

    def alone(self, person: str) -> npt.NDArray[np.bool_]:
        """``[F]``: only ``person`` talks, on screen."""
        return np.asarray(self.found.alone(person) & self.found.seen[person], np.bool_)


def whitened(rows: Array, kept: int) -> tuple[Array, Array]:
    """Mean and the first ``kept`` principal directions of ``rows``, scaled to unit variance."""
    mean = rows.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((rows - mean).T))
    values, vectors = values[::-1], vectors[:, ::-1]
    scale = np.sqrt(np.maximum(values[:kept], 1e-6) + 1e-3 * values[0])
    return mean, np.asarray(vectors[:, :kept] / scale, np.float64)


def fitted(meetings: Sequence[Features]) -> SynchronyModel:
    """The model of these meetings: regularised canonical correlation analysis over their talkers."""
    talkers = [(m, person, m.alone(person)) for m in meetings for person in m.found.crops]
    views = [(m, view[p], on) for m, p, on in talkers for view in (m.lips, m.mirrored)]
    movement = whitened(np.concatenate([view[0][on] for _, view, on in views]), _BASIS)
    look = whitened(np.concatenate([view[1][on] for _, view, on in views]), _BASIS)
    cepstra = whitened(np.concatenate([m.sound[on] for m, _, on in talkers]), _SOUND_BASIS)

    def lips(view: tuple[Array, Array]) -> Array:
        parts = [(view[0] - movement[0]) @ movement[1], (view[1] - look[0]) @ look[1]]
        return neighbours(np.concatenate(parts, axis=1), LIPS_AHEAD)

    heard = {id(m): neighbours((m.sound - cepstra[0]) @ cepstra[1], SOUND_AHEAD) for m in meetings}
    x = np.concatenate([lips(view)[on] for _, view, on in views])
    y = np.concatenate([heard[id(m)][on] for m, _, on in views])
    means = x.mean(axis=0), y.mean(axis=0)
    x, y = x - means[0], y - means[1]
    xx = x.T @ x / len(x) + _RIDGE * np.eye(x.shape[1])
    yy = y.T @ y / len(x) + _RIDGE * np.eye(y.shape[1])
    xy = x.T @ y / len(x)
    values, vectors = eigh(xy @ np.linalg.solve(yy, xy.T), xx)
    of_lips = vectors[:, ::-1][:, :_KEPT]
    of_sound = np.linalg.solve(yy, xy.T) @ of_lips
    of_sound /= np.linalg.norm(of_sound, axis=0)
    strength = np.sqrt(np.maximum(values[::-1][:_KEPT], 0.0))
    return SynchronyModel(*movement, *look, *cepstra, means[0], of_lips, means[1], of_sound, strength)


def evidence(model: SynchronyModel, meeting: Features, person: str) -> Array:
    """Evidence ``[F]`` of a person's lips, normalised in windows as the product does; 0 off screen."""
    lips, heard = model.of_lips(*meeting.lips[person]), model.of_sound(meeting.sound)
    out, seen = np.zeros(meeting.count), meeting.found.seen[person]
    for run in np.split(np.arange(meeting.count), np.flatnonzero(np.diff(seen)) + 1):
        for at in range(0, len(run), _WINDOW):
            rows = run[max(0, min(at, len(run) - _WINDOW)) :][:_WINDOW]
            if seen[rows[0]] and len(rows) > 1:
                out[rows] = agreement(lips[rows], heard[rows], model.strength)
    return out


def pairs(rows: dict[str, Array], meeting: Features) -> Array:
    """``[P, P]`` mean evidence of each person's lips (rows) in each one's speech (columns); NaN if unseen then."""
    people = list(rows)
    table = np.full((len(people), len(people)), np.nan)
    for i, lips in enumerate(people):
        for j, voice in enumerate(people):
            both = meeting.found.alone(voice) & meeting.found.seen[lips]
            if both.sum() >= CROP_RATE:
                table[i, j] = rows[lips][both].mean()
    return table


def report(name: str, model: SynchronyModel, meeting: Features) -> tuple[list[float], list[float]]:
    """Print a meeting's figures; return the evidence of own lips and of others'."""
    from scipy.ndimage import gaussian_filter1d

    people = meeting.found.meeting.people
    rows = {p: evidence(model, meeting, p) for p in people}
    table = pairs(rows, meeting)
    times = np.arange(meeting.count) / meeting.found.meeting.fps
    truth = np.stack([meeting.found.meeting.speaks(p, times) for p in people], axis=1)
    level = np.stack([gaussian_filter1d(rows[p], _SMOOTH * CROP_RATE) for p in people], axis=1)
    seen = np.stack([meeting.found.seen[p] for p in people], axis=1)
    counted = seen & ~np.isnan(truth)
    one = (np.nansum(truth, axis=1) == 1) & counted.all(axis=1)
    leads = float((level[one].argmax(axis=1) == truth[one].argmax(axis=1)).mean())
    print(f"{name}: AUC {auc(truth[counted], level[counted]):.3f}, who {leads:.2f}")
    for person, values in zip(people, table, strict=True):
        print(f"  {person:5s} " + " ".join(f"{value:6.2f}" for value in values), flush=True)
    own = np.eye(len(people), dtype=bool)
    return table[own].tolist(), table[~own & ~np.isnan(table)].tolist()


def main(argv: Sequence[str] | None = None) -> None:
    """Fit, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.synchrony", description=__doc__.splitlines()[0])
    parser.add_argument("meetings", nargs="*", default=[*MEETINGS, *VALIDATION], help="default: all")
    parser.add_argument("--keep", type=Path, help="folder in which the crops are kept")
    parser.add_argument(
        "--write", action="store_true", help=f"write {SYNCHRONY_FILE}, fitted on the development meetings"
    )
    args = parser.parse_args(argv)
    store = Store()
    known = {name: Features(mouths(name, store, args.keep)) for name in MEETINGS}
    own: list[float] = []
    other: list[float] = []
    for name in args.meetings:
        meeting = known.get(name) or Features(mouths(name, store, args.keep))
        one, two = report(name, fitted([known[n] for n in MEETINGS if n != name]), meeting)
        if name in MEETINGS:
            own, other = own + one, other + two
    print(f"development, each fitted without it: own {np.nanmean(own):.3f} +- {np.nanstd(own):.3f}")
    print(f"  another's {np.nanmean(other):.3f} +- {np.nanstd(other):.3f}")
    if args.write:
        model = fitted(list(known.values()))
        model.save(FILE)
        print(f"{FILE.name}: {FILE.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
