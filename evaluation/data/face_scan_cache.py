"""Stores the result of one pass over a meeting's frames, so that the expensive half is done once.

A pass depends on the detector and the recogniser, but not on who is enrolled. So all later decisions can be measured
many times.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from capture import VideoFile
from evaluation.data.composed import Composed, everybody, gallery
from registered import Gallery
from vision import FaceFinder, FaceStage, VisionSettings, stored_models
from vision.offline import ScanResult
from vision.tracking import Tracklet
from weights import Store

KEPT = ("times", "boxes", "scores", "crossing", "shadow", "crop_times", "embeddings", "quality")


def enrol_everyone(store: Store, settings: VisionSettings, photo: int | None = None) -> Gallery:
    """All people of the media, enrolled from their photos; with ``photo``, from this one alone, counted from 0.

    Somebody with fewer photos is enrolled from the last.
    """
    whole = gallery(FaceFinder.from_store(store, settings), tuple(everybody()))
    return whole if photo is None else with_one_photo(whole, photo)


def with_one_photo(whole: Gallery, photo: int) -> Gallery:
    """The gallery with one template of each person: number ``photo``, or the last."""
    rows = []
    for i, id in enumerate(whole.ids):
        mine = np.flatnonzero(whole.owner == i)
        one = mine[[min(photo, len(mine) - 1)]]
        rows.append((id, {whole.model: whole.matrix[one]}, {whole.model: whole.quality[one]}))
    return Gallery.of(whole.model, rows)


def gallery_of(whole: Gallery, people: tuple[str, ...]) -> Gallery:
    """The part of a gallery with ``people``."""
    rows = [
        (id, {whole.model: whole.matrix[whole.owner == i]}, {whole.model: whole.quality[whole.owner == i]})
        for i, id in enumerate(whole.ids)
        if id in people
    ]
    return Gallery.of(whole.model, rows)


def cached_scan(
    meeting: Composed, store: Store, settings: VisionSettings, known: Gallery, keep: Path | None
) -> ScanResult:
    """One pass over ``meeting`` without speaking scores; read from the folder ``keep`` if it is there.

    ``known`` only decides which crossing faces are worth a crop: give it everybody who will be enrolled later.
    """
    path = keep / f"{meeting.name}-{_key(store, settings)}.npz" if keep else None
    if path is not None and path.is_file():
        return read(path)
    quiet = settings.model_copy(update={"speaker": settings.speaker.model_copy(update={"scorer": "none"})})
    seen = FaceStage.from_store(store, quiet, known, {}).look(VideoFile(meeting.path), meeting.size, meeting.fps)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(seen, path)
    return seen


def _key(store: Store, settings: VisionSettings) -> str:
    """A hash of everything a pass depends on, except the program."""
    used: Any = {
        "detect": True,
        "track": True,
        "recognise": {"recogniser", "every", "quality", "agree", "crop", "upright"},
    }
    models = [store.sha256(name) for name in stored_models(settings)]
    return hashlib.sha256("\n".join([settings.model_dump_json(include=used), *models]).encode()).hexdigest()[:12]


def write(seen: ScanResult, path: Path) -> None:
    """Store a pass without its speaking scores."""
    out: dict[str, object] = {
        "size": np.array(seen.size),
        "fps": np.array(seen.fps),
        "times": np.array(seen.times, np.float64),
        "blind": np.array(list(seen.blind), np.float64),
        "records": np.array([[r.number, -1 if r.after_cut is None else r.after_cut, r.cut] for r in seen.records]),
    }
    for i, record in enumerate(seen.records):
        for name in KEPT:
            out[f"{i}.{name}"] = np.array(getattr(record, name))
    np.savez_compressed(path, **out)  # type: ignore[arg-type]


def read(path: Path) -> ScanResult:
    """Read what :func:`write` stored."""
    with np.load(path) as kept:
        rows = kept["records"].reshape(-1, 3).tolist()
        seen = ScanResult(
            (int(kept["size"][0]), int(kept["size"][1])),
            float(kept["fps"]),
            times=kept["times"].tolist(),
            blind=dict.fromkeys(kept["blind"].tolist(), "the face detector failed"),
        )
        for i, (number, after, cut) in enumerate(rows):
            record = Tracklet(number, after_cut=None if after < 0 else after, cut=bool(cut))
            for name in KEPT:
                values = kept[f"{i}.{name}"]
                setattr(record, name, list(values) if values.ndim > 1 else values.tolist())
            seen.records.append(record)
    return seen
