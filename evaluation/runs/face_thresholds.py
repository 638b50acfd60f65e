"""Measure and calibrate open-set recognition: ``python -m evaluation.runs.face_thresholds [RECOGNISER ...]``.

The product's own decision tells strangers from enrolled people over *tracks*: runs of crops of one person in the
composed meetings, 2 s (5 crops) and 10 s (25 crops) long. Enrolled, one at a time, are the people of the meetings by
the mean of their two photos and the people of the labelled photos by one photo or more. A *comparison* is one track
against one enrolled person.

* FAR: comparisons with somebody else in which the track is taken for that person;
* FRR: tracks of an enrolled person that are not recognised, with everybody of that half enrolled;
* the same for single *pairs* of photos, which decide at enrolment whether photos show one person.

Shares come with 95 % Wilson intervals. Comparisons of the same two people are not independent, so it also prints in how
many pairs of people there was any error. A threshold is chosen on one half of the people (*tune*) and reported on the
other, who do not appear in the first. Rule: the upper end of the interval of FAR must stay under ``--far``; beyond that
the threshold is as high as costs at most one point of FRR on 2 s tracks. Beside it stand the threshold with the least
expected cost, if showing a stranger costs 1000 times as much as masking somebody who agreed, and the probability that a
comparison with a stranger reaches the one in use. Both follow from the tail of the comparisons that no other rule
refuses.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from evaluation.data import face_crops
from evaluation.data.face_crops import Crops, embed, identities, kept
from evaluation.metrics.intervals import curve_svg
from evaluation.metrics.open_set import GRID, Trials, beyond, choose_threshold, least_costly
from vision import RECOGNISERS, Floats, RecogniseSettings, VisionSettings, calibrated, make_detector, make_recogniser
from vision.detection import FaceSearch
from vision.recognition import EnrolledFaces, identify, unit
from weights import Store

LENGTHS = (5, 25)
"""Crops per track; they are 0.4 s apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Embeddings of one half of the people.

    ``tracks``: person, embeddings and quality, in order of time; ``enrolled``: person, templates ``[K, D]``, their
    quality ``[K]``.
    """

    tracks: list[tuple[str, Floats, Floats]]
    enrolled: list[tuple[str, Floats, Floats]]


def known(people: list[tuple[str, Floats, Floats]]) -> EnrolledFaces:
    """Enrolled people in the form that the decision takes."""
    means = [unit((rows * quality[:, None]).sum(axis=0)) for _, rows, quality in people]
    counts = np.array([len(rows) for _, rows, _ in people], np.int64)
    return EnrolledFaces(tuple(name for name, _, _ in people), np.stack(means), counts)


def compare(faces: Faces, settings: RecogniseSettings, length: int) -> tuple[Trials, Trials]:
    """Compare tracks of ``length`` crops with each stranger alone, and (second) with everybody, themselves too.

    The threshold is switched off, so a track's cosine, less the cost of a single template, is the highest threshold
    that would accept it.
    """
    open_settings = settings.model_copy(update={"track": 1e-3, "single": 0.0})
    alone = [known([person]) for person in faces.enrolled]
    everybody = known(faces.enrolled)
    strange, strange_pairs, own, own_pairs = [], [], [], []
    for person, rows, quality in _cut(faces.tracks, length):
        for one in alone:
            if one.ids[0] != person:
                verdict = identify(rows, quality, one, open_settings)
                cost = settings.single if one.counts[0] < 2 else 0.0
                strange.append(-1.0 if verdict.person is None else verdict.similarity - cost)
                strange_pairs.append(f"{person} {one.ids[0]}")
        if person in everybody.ids:
            verdict = identify(rows, quality, everybody, open_settings)
            own.append(verdict.similarity if verdict.person == person else -1.0)
            own_pairs.append(person)
    return Trials(np.array(strange), np.array(strange_pairs)), Trials(np.array(own), np.array(own_pairs))


def _cut(tracks: list[tuple[str, Floats, Floats]], length: int) -> Iterator[tuple[str, Floats, Floats]]:
    for person, rows, quality in tracks:
        for at in range(0, len(rows) - length + 1, length):
            yield person, rows[at : at + length], quality[at : at + length]


def pairs(faces: Faces) -> tuple[Trials, Trials]:
    """Compare photos with photos, of two people and of one."""
    apart: list[float] = []
    apart_pairs: list[str] = []
    same: list[float] = []
    for i, (a, rows, _) in enumerate(faces.enrolled):
        cosines = rows @ rows.T
        same.extend(cosines[np.triu_indices(len(rows), 1)])
        for b, others, _ in faces.enrolled[i + 1 :]:
            unsure = [name for name in (a, b) if name.startswith("?")]  # may be anybody of the photos
            if not unsure or any(name.startswith("ID") for name in (a, b)):
                values = (rows @ others.T).ravel()
                apart.extend(values)
                apart_pairs.extend([f"{a} {b}"] * len(values))
    return Trials(np.array(apart), np.array(apart_pairs)), Trials(np.array(same), np.full(len(same), ""))


def halves(recogniser: Any, crops: dict[str, Crops]) -> tuple[Faces, Faces]:
    """Everybody embedded, and split into two halves of people: every second one, sorted by name."""
    meetings, people, photos = (embed(recogniser, crops[name].images) for name in ("meetings", "people", "photos"))
    tracks: dict[str, list[tuple[str, Floats, Floats]]] = {}
    where = crops["meetings"]
    for source in sorted(set(where.source)):
        for person in sorted(set(where.people[where.source == source])):
            index = np.flatnonzero((where.source == source) & (where.people == person))
            tracks.setdefault(person, []).append((str(person), meetings[0][index], meetings[1][index]))
    enrolled: dict[str, tuple[str, Floats, Floats]] = {}
    for name in sorted(set(crops["people"].people)):
        index = np.flatnonzero(crops["people"].people == name)
        enrolled[name] = (str(name), people[0][index], np.ones(len(index), np.float32))
    number, _ = identities()
    labels = np.array([f"photo {number[file]}" if file in number else f"?{file}" for file in crops["photos"].people])
    for name in sorted(set(labels)):
        index = np.flatnonzero(labels == name)
        enrolled[name] = (str(name), photos[0][index], np.ones(len(index), np.float32))
    names = sorted(set(crops["people"].people)), sorted(set(labels))
    chosen: tuple[set[str], set[str]] = (
        {n for group in names for n in group[::2]},
        {n for group in names for n in group[1::2]},
    )
    both = [
        Faces([t for n in tracks if n in half for t in tracks[n]], [e for n, e in enrolled.items() if n in half])
        for half in chosen
    ]
    return both[0], both[1]


def measure(name: str, store: Store, crops: dict[str, Crops], far: float) -> dict[str, Any]:
    """Everything about the recogniser called ``name``."""
    settings = VisionSettings(recognise=RecogniseSettings(recogniser=name))
    rules = calibrated(store, settings).recognise
    halved = halves(make_recogniser(store, name), crops)
    out: dict[str, Any] = {"recogniser": name, "rules": rules.model_dump(), "far_target": far, "halves": {}}
    chosen = None
    for half, faces in zip(("tune", "report"), halved, strict=True):
        trials = {f"tracks of {n * 0.4:.0f} s": compare(faces, rules, n) for n in LENGTHS}
        trials["pairs of photos"] = pairs(faces)
        if half == "tune":
            first = next(iter(trials.values()))
            chosen = {
                "track": choose_threshold(*first, far),
                "least": next(float(t) for t in GRID if first[0].far(t)["high"] <= far),
                "same_least": next((float(t) for t in GRID if not trials["pairs of photos"][0].far(t)["wrong"]), 1.0),
            }
        out["halves"][half] = {
            kind: {
                "curve": [{"threshold": float(t), "far": a.far(t), "frr": b.frr(t)} for t in GRID],
                "in_use": {"far": a.far(rules.track), "frr": b.frr(rules.track)} if kind[0] == "t" else None,
                "least_costly": least_costly(a, b),
                "beyond": beyond(a.scores, rules.track),
                "strangers": _spread(a.scores),
                "own": _spread(b.scores),
            }
            for kind, (a, b) in trials.items()
        }
        out["halves"][half]["crops"] = _crops(faces)
    out["chosen"] = chosen
    return out


def _crops(faces: Faces) -> dict[str, Any]:
    """Cosines of single crops, for the rules about them: to templates, and to the mean of a track (2 s)."""
    quality = RecogniseSettings().quality
    everybody = known(faces.enrolled)
    own: list[float] = []
    other: list[float] = []
    with_own: list[float] = []
    with_other: list[float] = []
    means = [(person, unit(rows[weight >= quality].sum(axis=0))) for person, rows, weight in _cut(faces.tracks, 5)]
    for person, rows, weight in _cut(faces.tracks, 5):
        good = rows[weight >= quality]
        if not len(good):
            continue
        cosines = everybody.similarity(good)
        mine = np.array([id == person for id in everybody.ids])
        own.extend(cosines[:, mine].ravel())
        other.extend(cosines[:, ~mine].ravel())
        with_own.extend(good @ unit(good.sum(axis=0)))
    for person, mean in means[::3]:
        for another, rows, weight in _cut(faces.tracks[:: max(1, len(faces.tracks) // 4)], 5):
            if another != person:
                with_other.extend(rows[weight >= quality] @ mean)
    return {
        "own_to_templates": _spread(np.array(own)),
        "strangers_to_templates": _spread(np.array(other)),
        "own_to_track": _spread(np.array(with_own)),
        "strangers_to_track": _spread(np.array(with_other)),
    }


def _spread(values: npt.NDArray[Any]) -> dict[str, float]:
    levels = (0.5, 1, 5, 50, 95, 99, 99.9, 100)
    return {f"p{level:g}": round(float(v), 3) for level, v in zip(levels, np.percentile(values, levels), strict=True)}


def show(result: dict[str, Any]) -> Iterator[str]:
    """The tables."""
    rules, chosen = result["rules"], result["chosen"]
    yield f"== {result['recogniser']}: track threshold in use {rules['track']:.2f}"
    yield (
        f"   chosen on tune: {chosen['track']:.2f} (least for FAR <= {result['far_target']}: {chosen['least']:.2f}; "
        f"photos: no wrong pair from {chosen['same_least']:.2f})"
    )
    for half, kinds in result["halves"].items():
        for kind, found in kinds.items():
            if kind == "crops":
                for name, spread in found.items():
                    yield f"   {half} crops {name}: {spread}"
                continue
            yield f"-- {half}, {kind}: strangers {found['strangers']}; own {found['own']}"
            if kind[0] == "t" and np.isfinite(found["beyond"]):
                yield (
                    f"   least cost, 1000 : 1: {found['least_costly']:.2f}; strangers reach {rules['track']:.2f} with"
                    f" probability {found['beyond']:.1e}"
                )
            at = [rules["track"], chosen["least"], chosen["track"]] if kind[0] == "t" else []
            marks = sorted({round(v, 2) for v in [*at, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]})
            for row in found["curve"]:
                if round(row["threshold"], 2) in marks:
                    yield f"   {row['threshold']:.2f}  FAR {_share(row['far'])}  FRR {_share(row['frr'])}"


def _share(found: dict[str, Any]) -> str:
    text = f"{100 * found['wrong'] / max(1, found['of']):6.2f} % [{100 * found['low']:.2f}, {100 * found['high']:.2f}]"
    text += f" {found['wrong']}/{found['of']}"
    return text + (f" ({found['pairs_wrong']} of {found['pairs']} pairs)" if "pairs" in found else "")


def collect(store: Store, cache: Path | None) -> dict[str, Crops]:
    """All crops, by YuNet; stored in the folder ``cache`` for the next run."""
    detect = VisionSettings().detect
    search = FaceSearch(make_detector(store, "yunet"), detect)
    made = {
        "people": face_crops.of_people(search),
        "photos": face_crops.of_photos(search),
        "meetings": face_crops.of_meetings(search),
    }
    return {name: kept(cache / f"{name}.npz" if cache else None, rows) for name, rows in made.items()}


def main() -> None:
    """Print the tables; with ``--out`` write JSON and the curve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recognisers", nargs="*", help="of: " + " ".join(RECOGNISERS) + ", insightface:PACK, a plug-in")
    parser.add_argument("--far", type=float, default=0.001, help="false-accept rate per comparison to hold")
    parser.add_argument("--cache", type=Path, help="folder in which crops are kept for the next run")
    parser.add_argument("--out", type=Path, help="folder for thresholds.json and thresholds.svg")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    store = Store()
    crops = collect(store, options.cache)
    results = []
    for name in options.recognisers or RECOGNISERS:
        results.append(measure(name, store, crops, options.far))
        print(*show(results[-1]), sep="\n", flush=True)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "thresholds.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
        (options.out / "thresholds.svg").write_text(curve_svg(results), encoding="utf-8")


if __name__ == "__main__":
    main()
