"""InsightFace's own pipeline beside ours on the same pack: ``python -m evaluation.runs.insightface_pipeline``.

``--python`` names a Python with the package ``insightface``, which is never part of Discreet; ``--pack`` a folder
``models/NAME`` as ``insightface-cli model.download NAME`` makes it. Both find and recognise faces: in a photo of each
person of the test media, in which faces are large, and in one picture of each composed meeting. Prints, for the two
apart, how many faces each finds and how many both do, the distance of their landmarks (median and largest), the cosine
between the two embeddings of one face (median and least), the highest between two people, and the CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from capture import VideoFile
from evaluation.data import composed
from registered import FoundFace
from timeline import FloatArray
from vision import DetectSettings, FaceFinder, RecogniseSettings, VisionSettings, calibrated
from weights import Store

WORKER = """
import json, sys, time
import cv2
from insightface.app import FaceAnalysis
root, name, *photos = sys.argv[1:]
app = FaceAnalysis(name=name, root=root, providers=["CPUExecutionProvider"])
app.prepare(ctx_id=-1, det_size=(640, 640))
begun = time.process_time()
faces = [app.get(cv2.imread(photo)) for photo in photos]
found = [[[f.bbox.tolist(), f.kps.tolist(), f.normed_embedding.tolist()] for f in each] for each in faces]
print("\\n" + json.dumps({"cpu": time.process_time() - begun, "photos": found}))
"""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face: its landmarks ``[5, 2]`` px and its embedding ``[D]`` of length 1."""

    points: FloatArray
    embedding: FloatArray


def theirs(python: Path, pack: Path, photos: Sequence[Path]) -> tuple[list[list[Face]], float]:
    """The faces of each photo by InsightFace, and its CPU seconds. The largest come first."""
    words = [str(python), "-c", WORKER, str(pack.parent.parent), pack.name, *map(str, photos)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    read: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    out = []
    for faces in read["photos"]:
        ordered = sorted(faces, key=lambda face: -_area(face[0]))
        out.append([Face(np.array(p, np.float32), np.array(e, np.float32)) for _, p, e in ordered])
    return out, float(read["cpu"])


def _area(box: Sequence[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def ours(store: Store, pack: Path, photos: Sequence[Path]) -> tuple[list[list[Face]], float]:
    """The same by Discreet, from the same files."""
    name = f"insightface:{pack}"
    settings = VisionSettings(detect=DetectSettings(detector=name), recognise=RecogniseSettings(recogniser=name))
    finder = FaceFinder.from_store(store, calibrated(store, settings))
    begun = time.process_time()
    found = [[_face(one) for one in finder(np.asarray(cv2.imread(str(path)), np.uint8))] for path in photos]
    return found, time.process_time() - begun


def _face(found: FoundFace) -> Face:
    return Face(found.landmarks, np.asarray(found.embedding / np.linalg.norm(found.embedding), np.float32))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far two pipelines agree on the faces that both found.

    Attributes:
        both: how many faces that are.
        apart: of each, the largest distance of a landmark as a share of the eyes' distance: median and largest.
        same: cosine between the two embeddings of a face: median and least.
        others: highest cosine between two faces of the second pipeline.
    """

    both: int
    apart: tuple[float, float]
    same: tuple[float, float]
    others: float


def compared(one: Sequence[Sequence[Face]], other: Sequence[Sequence[Face]]) -> Comparison:
    """Compare the faces of each picture by one pipeline with those by another; faces nearer than the eyes are one."""
    pairs = [pair for a, b in zip(one, other, strict=True) for pair in _pairs(a, b)]
    if not pairs:
        return Comparison(0, (0.0, 0.0), (1.0, 1.0), -1.0)
    apart = [_apart(a, b) for a, b in pairs]
    same = [float(a.embedding @ b.embedding) for a, b in pairs]
    rows = np.stack([b.embedding for _, b in pairs])
    cosines = rows @ rows.T - 2 * np.eye(len(rows))
    middle = [float(np.median(values)) for values in (apart, same)]
    return Comparison(len(pairs), (middle[0], max(apart)), (middle[1], min(same)), float(cosines.max()))


def _pairs(one: Sequence[Face], other: Sequence[Face]) -> Iterator[tuple[Face, Face]]:
    left = list(other)
    for face in one:
        nearest = min(left, key=lambda b: _apart(face, b), default=None)
        if nearest is not None and _apart(face, nearest) < 1.0:
            left = [b for b in left if b is not nearest]
            yield face, nearest


def _apart(one: Face, other: Face) -> float:
    return float(np.linalg.norm(one.points - other.points, axis=1).max()) / _eyes(one)


def _eyes(face: Face) -> float:
    return max(1e-6, float(np.linalg.norm(face.points[0] - face.points[1])))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="a Python with insightface")
    parser.add_argument("--pack", type=Path, required=True, help="folder of a pack: .../models/NAME")
    parser.add_argument("--count", type=int, default=8, help="how many people")
    chosen = parser.parse_args(arguments)
    photos = [composed.person_folder(person) / "face0.jpg" for person in composed.everybody()][: chosen.count]
    with tempfile.TemporaryDirectory() as folder:
        for name, pictures in (("photos", photos), ("pictures of meetings", meeting_pictures(Path(folder)))):
            report(name, chosen.python, chosen.pack.absolute(), pictures, pictures is photos)


def meeting_pictures(folder: Path, second: float = 5.0) -> list[Path]:
    """One picture of each composed meeting, written to ``folder``."""
    out = []
    for name in (*composed.MEETINGS, *composed.VALIDATION):
        picture = next(image for t, image in VideoFile(composed.load(name).path) if t >= second)
        out.append(folder / f"{name}.png")
        cv2.imwrite(str(out[-1]), picture)
    return out


def report(name: str, python: Path, pack: Path, pictures: Sequence[Path], one_each: bool) -> None:
    """Print the figures of some pictures. ``one_each``: nobody is in two of them."""
    one, cpu = theirs(python, pack, pictures)
    other, own = ours(Store(), pack, pictures)
    found = compared(one, other)
    counts = f"InsightFace {sum(map(len, one))}, here {sum(map(len, other))}, both {found.both}"
    print(f"{len(pictures)} {name}; faces found: {counts}")
    median, most = (100 * share for share in found.apart)
    print(f"  landmarks apart: {median:.1f} % of the eyes' distance (median), {most:.1f} % at most")
    print(f"  cosine of both embeddings of a face: {found.same[0]:.3f} (median), {found.same[1]:.3f} at least")
    if one_each:
        print(f"  cosine of two people: {found.others:.3f} at most")
    print(f"  CPU seconds: InsightFace {cpu:.2f}, here {own:.2f}", flush=True)


if __name__ == "__main__":
    main()
