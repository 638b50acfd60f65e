"""InsightFace's own pipeline beside ours on the same pack: ``python -m evaluation.runs.insightface_pipeline``.

``--python`` names a Python with the package ``insightface``, which is never part of Discreet; ``--pack`` a folder
``models/NAME`` as ``insightface-cli model.download NAME`` makes it. Both find and recognise the faces of the people of
the test media, one photo each. Prints how many faces each finds, the largest distance of a landmark, the least cosine
between the two embeddings of one face, the highest between two people, and the CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

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


def compared(one: Sequence[Sequence[Face]], other: Sequence[Sequence[Face]]) -> tuple[float, float, float]:
    """Over the largest face of each photo: the largest distance of a landmark as a share of the eyes' distance, the
    least cosine between both embeddings of a person, and the highest between two people of the second.
    """
    pairs = [(a[0], b[0]) for a, b in zip(one, other, strict=True) if a and b]
    apart = max(float(np.linalg.norm(a.points - b.points, axis=1).max()) / _eyes(a) for a, b in pairs)
    same = min(float(a.embedding @ b.embedding) for a, b in pairs)
    rows = np.stack([b.embedding for _, b in pairs])
    cosines = rows @ rows.T - 2 * np.eye(len(rows))
    return apart, same, float(cosines.max())


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
    pack = chosen.pack.absolute()
    one, cpu = theirs(chosen.python, pack, photos)
    other, own = ours(Store(), pack, photos)
    apart, same, strangers = compared(one, other)
    print(f"{len(photos)} photos; faces found: InsightFace {sum(map(len, one))}, here {sum(map(len, other))}")
    print(f"landmarks apart: {100 * apart:.1f} % of the eyes' distance at most")
    print(f"cosine of both embeddings of a face: {same:.3f} at least; of two people: {strangers:.3f} at most")
    print(f"CPU seconds: InsightFace {cpu:.2f}, here {own:.2f}")


if __name__ == "__main__":
    main()
