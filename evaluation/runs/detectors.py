"""Compare face detectors: ``python -m evaluation.runs.detectors [DETECTOR ...]``.

* *recall by size*: photos and frames of the meetings, scaled so that the largest face has that side in px;
* *recall where it is hard*, with the largest face at 64 px: tilted, dark, back-lit, half hidden;
* *false faces* per picture, over all of these;
* *meetings*: people on screen whose face is found in the overview that the product searches (640 px wide), one frame
  a second;
* *cost*: CPU-milliseconds a picture at 640x360 and 1280x720.

A face is what at least three of the four detectors find in the clean picture; in the meetings the truth says who is on
screen. Scores are mapped onto the product's scale and counted from ``tentative``. ``--calibrate`` uses each detector's
own scores and prints which of them give as many false faces as YuNet does at ``birth``, ``tentative`` and ``keep``, on
one half of the pictures; the tables are of the other half.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from capture import VideoFile
from evaluation.data.composed import MEETINGS, load
from evaluation.data.composed_faces import in_tile
from evaluation.data.face_scenes import HARDER, MIDDLE, SIZES, Marks, Scene, agreed, cached, mark, pictures, resized
from evaluation.metrics.intervals import wilson
from vision import DETECTORS, Detector, DetectSettings, bare_detector, make_detector
from vision.detection import FaceSearch
from weights import Store

FLOOR = 0.1
LEVELS = ("birth", "tentative", "keep")


def look(detector: Detector, scenes: list[Scene]) -> dict[str, Marks]:
    """Run ``detector`` on the scenes at every size and in every condition."""
    parts: dict[str, list[Marks]] = {}
    for scene in scenes:
        for side in SIZES:
            small = resized(scene, side)
            if small is not None:
                parts.setdefault(f"{side} px", []).append(mark(small, detector(small.picture, FLOOR)))
        middle = resized(scene, MIDDLE)
        if middle is not None:
            for name, change in HARDER.items():
                harder = change(middle)
                parts.setdefault(name, []).append(mark(harder, detector(harder.picture, FLOOR)))
    return {name: Marks.join(marks) for name, marks in parts.items()}


def in_meetings(detectors: dict[str, Detector]) -> dict[str, dict[str, list[float]]]:
    """Best score of everybody on screen (0: not found), by detector and meeting."""
    searches = {name: FaceSearch(detector, DetectSettings()) for name, detector in detectors.items()}
    out: dict[str, dict[str, list[float]]] = {name: {} for name in detectors}
    for meeting in map(load, MEETINGS):
        for index, (_, picture) in enumerate(VideoFile(meeting.path)):
            if index % 25:
                continue
            for name, search in searches.items():
                found = search.overview(picture)
                for person in meeting.people:
                    tile = meeting.tiles[person]
                    if index < len(tile) and not np.isnan(tile[index, 0]):
                        scores = in_tile(found, tile[index]).scores
                        out[name].setdefault(meeting.name, []).append(float(scores.max(initial=0.0)))
    return out


def cost(detector: Detector, scenes: list[Scene]) -> dict[str, float]:
    """CPU milliseconds at two sizes: the median of nine runs after a first one that does not count."""
    out = {}
    for width, height in ((640, 360), (1280, 720)):
        shown = [np.asarray(cv2.resize(scene.picture, (width, height)), np.uint8) for scene in scenes[:3]]
        detector(shown[0], 0.5)
        times = []
        for index in range(9):
            start = time.process_time()
            detector(shown[index % len(shown)], 0.5)
            times.append(time.process_time() - start)
        out[f"{width}x{height}"] = round(1000 * sorted(times)[4], 1)
    return out


def levels(marks: Marks, yunet: Marks, wanted: DetectSettings) -> dict[str, float]:
    """Scores that give as many false faces per picture as YuNet's at its own ``birth``, ``tentative`` and ``keep``."""
    out = {}
    for level in LEVELS:
        allowed = int((yunet.wrong >= getattr(wanted, level)).sum()) * marks.scenes // max(1, yunet.scenes)
        wrong = np.sort(marks.wrong)[::-1]
        least = float(wrong[allowed]) if allowed < len(wrong) else FLOOR
        out[level] = round(min(0.95, max(FLOOR, least + 0.005)), 2)
    return out


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("detectors", nargs="*", help="of: " + " ".join(DETECTORS) + ", insightface:PACK, a plug-in")
    parser.add_argument("--few", action="store_true", help="fewer pictures")
    parser.add_argument("--calibrate", action="store_true", help="say which thresholds equal YuNet's")
    parser.add_argument("--no-meetings", action="store_true", help="photos and pictures only")
    parser.add_argument("--cache", type=Path, help="folder in which the pictures are kept for the next run")
    parser.add_argument("--out", type=Path, help="folder for detectors.json")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    store = Store()
    every = {name: bare_detector(store, name) for name in DETECTORS}
    found_by = bare_detector if options.calibrate else make_detector

    def make() -> list[Scene]:
        scenes = [agreed(picture, every) for picture in pictures(options.few)]
        return [scene for scene in scenes if len(scene.faces)]

    scenes = cached(options.cache, make)
    chosen = {name: found_by(store, name) for name in options.detectors or DETECTORS}
    print(f"{len(scenes)} pictures, {sum(len(scene.faces) for scene in scenes)} faces")
    results: dict[str, Any] = {}
    tuned = look(every["yunet"], scenes[::2]) if options.calibrate else {}
    for name, detector in chosen.items():
        settings = DetectSettings()
        if options.calibrate:
            half = look(detector, scenes[::2])
            print(name, "as YuNet:", levels(Marks.join([*half.values()]), Marks.join([*tuned.values()]), settings))
            scenes_used = scenes[1::2]
        else:
            scenes_used = scenes
        results[name] = _row(name, settings, look(detector, scenes_used), cost(detector, scenes))
    if not options.no_meetings:
        for name, found in in_meetings(chosen).items():
            shares = {
                meeting: _recall(np.array(scores), DetectSettings().tentative) for meeting, scores in found.items()
            }
            results[name]["meetings"] = shares
            print(f"{name:16} meetings " + "  ".join(f"{k} {v['share']:.1%} of {v['of']}" for k, v in shares.items()))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "detectors.json").write_text(json.dumps(results, indent=1), encoding="utf-8")


def _row(name: str, settings: DetectSettings, marks: dict[str, Marks], costs: dict[str, float]) -> dict[str, Any]:
    recall = {key: _recall(part.scores, settings.tentative) for key, part in marks.items()}
    every = Marks.join([*marks.values()])
    wrong = {level: float((every.wrong >= getattr(settings, level)).sum() / every.scenes) for level in LEVELS}
    print(f"{name:16} recall " + "  ".join(f"{key} {value['share']:.0%}" for key, value in recall.items()))
    told = "  ".join(f"{level} {getattr(settings, level):.2f}: {share:.3f}" for level, share in wrong.items())
    print(f"{'':16} false faces a picture at {told}; CPU-ms {costs}", flush=True)
    return {"recall": recall, "false_faces": wrong, "cpu_ms": costs}


def _recall(scores: Any, least: float) -> dict[str, Any]:
    hits = int((scores >= least).sum())
    low, high = wilson(hits, len(scores))
    return {"share": hits / max(1, len(scores)), "of": len(scores), "low": low, "high": high}


if __name__ == "__main__":
    main()
