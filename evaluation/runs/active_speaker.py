"""Compare active-speaker scorers on the composed meetings: ``python -m evaluation.runs.active_speaker [MEETING ...]``.

Faces are found and tracked once, and every scorer scores the same tracks. The face stage also turns tilted faces
upright and adds how well lips keep time with the sound (``evaluation.runs.synchrony``); neither is done here. Over all
frames of all people on screen, leaving out 0.25 s around the edges of turns (a frame without a score counts as 0):

(a) *AUC*; *AP*, average precision (mAP is its mean over the meetings); *F1* at a probability of one half;
(b) *ECE*: expected calibration error in ten bins; with ``--fit``, slope and bias are fitted on those meetings (Platt)
    and all figures are of the others;
(c) *off screen*: AUC of "a voice, but nobody visible", where the truth has somebody speaking, and how much of the
    speech of people off camera is found at one half;
(d) *foreign voice*: the picture dubbed with another meeting's sound, first 20 s: share of the voiced face-frames that
    get that voice at one half; *another's*: with the own sound, share of the frames of silent people;
(e) *pace*: face-frames per CPU-second.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from capture import AudioFile, VideoFile
from evaluation.data.composed import MEETINGS, Composed, load
from timeline import ArrayAudio, FaceTrack
from vision import FaceStage, SpeakerScorer, SpeakerSettings, VisionSettings, calibrated, make_scorer, scorer_models
from vision.active_speaker import (
    CROP_RATE,
    FaceCropper,
    SpeakingScores,
    logit,
    normalise_scores,
    off_screen,
    voice_level,
)
from weights import Store

SCORERS = ("lips", "lr-asd", "light-asd", "both", "talknet", "talknet-ava")
DUBBED = 20
"""Seconds."""
Values = npt.NDArray[np.float64]
Crops = list[tuple[int, npt.NDArray[np.uint8]]]


@dataclass(frozen=True)
class Scene:
    """A meeting with its faces tracked: tracks, the crops of each, and the sound (16 kHz)."""

    meeting: Composed
    tracks: list[FaceTrack]
    crops: list[Crops]
    sound: npt.NDArray[np.float32]


@dataclass
class Found:
    """One scorer's figures on one meeting."""

    scorer: str
    meeting: str
    auc: float
    ap: float
    f1: float
    ece: float
    off_screen_auc: float
    off_screen_found: float
    foreign: float
    wrong: float
    pace: float


def watch(meeting: Composed, store: Store) -> Scene:
    """Find and track the faces of ``meeting`` and keep their crops: 12 kB each."""
    base = VisionSettings()
    quiet = base.model_copy(update={"speaker": base.speaker.model_copy(update={"scorer": "none"})})
    stage = FaceStage.from_store(store, quiet, None, {})
    audio = AudioFile(meeting.path, 16000)
    tracks = stage.run(VideoFile(meeting.path), meeting.size, meeting.fps, audio)
    line = FaceCropper(meeting.size)
    crops: list[Crops] = [[] for _ in tracks]
    at = [0] * len(tracks)
    for t, picture in VideoFile(meeting.path):
        line.push(t, picture)
        for i, track in enumerate(tracks):
            while at[i] < len(track.times) and track.times[at[i]] <= t + 1e-6:
                line.see(i, float(track.times[at[i]]), track.boxes[at[i]])
                crops[i].extend(line.crops(i))
                at[i] += 1
    for i in range(len(tracks)):
        crops[i].extend(line.crops(i, final=True))
    return Scene(meeting, list(tracks), crops, np.concatenate(list(audio.blocks(1.0))).astype(np.float32))


def score(
    scene: Scene, scorer: SpeakerScorer, settings: SpeakerSettings, sound: npt.NDArray[np.float32] | None = None
) -> list[FaceTrack]:
    """The scene's tracks with ``scorer``'s scores for each alone; ``sound``: another sound instead of its own."""
    out = []
    for track, crops in zip(scene.tracks, scene.crops, strict=True):
        scores = SpeakingScores(scorer, ArrayAudio(scene.sound if sound is None else sound), settings)
        scores.add(0, crops)
        out.append(track.with_speaking(*scores.finish(0)))
    return out


def frames(meeting: Composed, tracks: Sequence[FaceTrack]) -> tuple[Values, Values]:
    """Truth (1 speaks, 0 does not) and score of all frames of people on screen that count, ``[N]`` each."""
    truth, scores = [], []
    for person in meeting.people:
        tile = meeting.tiles[person]
        times = np.arange(len(tile)) / meeting.fps
        value = np.zeros(len(tile))
        for track in tracks:
            if not len(track.speaking_times):
                continue
            centre = track.boxes[:, :2] + track.boxes[:, 2:] / 2
            middle = np.stack([np.interp(times, track.times, centre[:, i]) for i in (0, 1)], axis=1)
            inside = (np.abs(middle - (tile[:, :2] + tile[:, 2:] / 2)) < 0.4 * tile[:, 2:]).all(axis=1)
            near = np.searchsorted(track.speaking_times, times).clip(0, len(track.speaking_times) - 1)
            inside &= np.abs(track.speaking_times[near] - times) < 0.05
            value[inside] = np.maximum(value[inside], track.speaking[near[inside]])
        label = meeting.speaks(person, times)
        counted = ~np.isnan(label) & ~np.isnan(tile[:, 0])
        truth.append(label[counted])
        scores.append(value[counted])
    return np.concatenate(truth), np.concatenate(scores)


def auc(truth: Values, scores: Values) -> float:
    """Area under the ROC curve: the chance that a positive scores above a negative; ties count half."""
    positive = truth > 0.5
    n, m = int(positive.sum()), int((~positive).sum())
    if not n or not m:
        return float("nan")
    return float((rankdata(scores)[positive].sum() - n * (n + 1) / 2) / (n * m))


def f1(truth: Values, said: npt.NDArray[np.bool_]) -> float:
    """Harmonic mean of precision and recall."""
    hit = float((said & (truth > 0.5)).sum())
    return 2 * hit / max(1.0, float(said.sum()) + float((truth > 0.5).sum()))


def average_precision(truth: Values, scores: Values) -> float:
    """Mean of the precision at every positive, highest score first (ties in the worst order)."""
    order = np.lexsort((truth, -scores))
    positive = truth[order] > 0.5
    if not positive.any():
        return float("nan")
    return float((np.cumsum(positive) / np.arange(1, len(positive) + 1))[positive].mean())


def calibration_error(truth: Values, probability: Values, bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015): distance of stated and true share in equal bins, by size."""
    index = np.minimum((probability * bins).astype(int), bins - 1)
    total = 0.0
    for i in range(bins):
        inside = index == i
        if inside.any():
            total += inside.sum() * abs(float(probability[inside].mean() - truth[inside].mean()))
    return total / max(1, len(truth))


def platt(truth: Values, odds: Values) -> tuple[float, float]:
    """Slope and bias for which ``1 / (1 + exp(-slope (odds - bias)))`` is most likely (Platt 1999, Newton's steps)."""
    a, b = 1.0, 0.0
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-(a * odds + b)))
        w, rest = p * (1 - p) + 1e-9, p - truth
        hessian = np.array([[(w * odds * odds).sum(), (w * odds).sum()], [(w * odds).sum(), w.sum()]])
        step = np.linalg.solve(hessian, np.array([(rest * odds).sum(), rest.sum()]))
        a, b = a - float(step[0]), b - float(step[1])
    return a, -b / a


def unseen(meeting: Composed, tracks: Sequence[FaceTrack]) -> tuple[float, float]:
    """AUC of "a voice, but none of the visible people" where somebody speaks, and the share of it found at .5."""
    count = max(len(rows) for rows in meeting.tiles.values())
    times = np.arange(count) / meeting.fps
    label = np.stack([meeting.speaks(person, times) for person in meeting.people])
    seen = np.stack([~np.isnan(meeting.tiles[person][:, 0]) for person in meeting.people])
    counted = ~np.isnan(label).any(axis=0) & (np.nan_to_num(label) > 0.5).any(axis=0)
    nobody = ~((label > 0.5) & seen).any(axis=0)
    at, probability = off_screen(
        [(t.speaking_times, t.speaking) for t in tracks], [s for spoken in meeting.turns.values() for s in spoken]
    )
    known = np.interp(times, at, probability)
    found = float((known[counted & nobody] > 0.5).mean()) if (counted & nobody).any() else float("nan")
    return auc(nobody[counted].astype(float), known[counted]), found


def given(tracks: Sequence[FaceTrack], sound: npt.NDArray[np.float32]) -> float:
    """Share of face-frames with voice in ``sound`` that get a score of .5 or more."""
    voice = voice_level(sound, len(sound) * CROP_RATE // 16000) > 0.5
    wrong, count = 0, 0
    for track in tracks:
        tick = np.round(track.speaking_times * CROP_RATE).astype(int)
        inside = tick < len(voice)
        scores = track.speaking[inside][voice[tick[inside]]]
        wrong, count = wrong + int((scores >= 0.5).sum()), count + len(scores)
    return wrong / max(1, count)


def dub(scene: Scene, sound: npt.NDArray[np.float32], scorer: SpeakerScorer, settings: SpeakerSettings) -> float:
    """How often a face is given a foreign voice: :func:`given` over the first ``DUBBED`` seconds with that sound."""
    last = DUBBED * CROP_RATE
    start = [[(tick, crop) for tick, crop in crops if tick < last] for crops in scene.crops]
    short = sound[: DUBBED * 16000]
    return given(
        normalise_scores(score(Scene(scene.meeting, scene.tracks, start, short), scorer, settings), settings), short
    )


def measure(
    scene: Scene, other: Scene, scorer: SpeakerScorer, settings: SpeakerSettings
) -> tuple[Found, Values, Values]:
    """All figures of one scorer on one meeting, and the truth and log odds of its frames."""
    start = time.process_time()
    alone = score(scene, scorer, settings)
    pace = sum(len(crops) for crops in scene.crops) / max(1e-6, time.process_time() - start)
    tracks = normalise_scores(alone, settings)
    truth, value = frames(scene.meeting, tracks)
    off, share = unseen(scene.meeting, tracks)
    found = Found(
        scorer.id,
        scene.meeting.name,
        auc(truth, value),
        average_precision(truth, value),
        f1(truth, value >= 0.5),
        calibration_error(truth, value),
        off,
        share,
        dub(scene, other.sound, scorer, settings),
        float((value[truth < 0.5] >= 0.5).mean()),
        pace,
    )
    return found, truth, logit(value)


def line(found: Found) -> str:
    """The figures in one line."""
    return (
        f"{found.scorer:<10} {found.meeting:<13} AUC {found.auc:.3f}  AP {found.ap:.3f}  F1 {found.f1:.3f}"
        f"  ECE {found.ece:.3f}  off screen AUC {found.off_screen_auc:.3f} found {found.off_screen_found:.0%}"
        f"  foreign voice {found.foreign:.1%}  another's {found.wrong:.1%}  {found.pace:.0f} face-frames a CPU-second"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", help="of: " + " ".join(MEETINGS))
    parser.add_argument("--scorer", action="append", help=f"of: {' '.join(SCORERS)}; default: all that are here")
    parser.add_argument("--alone", action="store_true", help="networks without the lips' share")
    parser.add_argument("--fit", action="append", default=[], help="meetings to fit slope and bias on")
    parser.add_argument("--out", type=Path, help="file for the figures, JSON")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    store = Store()
    every: list[Found] = []
    wanted = options.scorer or [name for name in SCORERS if all(map(store.has, scorer_models(store, name)))]
    scenes = [watch(load(name), store) for name in options.meetings or MEETINGS]
    for name in wanted:
        base = VisionSettings(speaker=SpeakerSettings(scorer=name))
        settings = calibrated(store, base).speaker
        scorer = make_scorer(store, name, 0.0 if options.alone else settings.lips)
        if scorer is None:
            continue
        rows = [measure(scene, scenes[i - 1], scorer, settings) for i, scene in enumerate(scenes)]
        fitted = [(truth, odds) for found, truth, odds in rows if found.meeting in options.fit]
        if fitted:
            slope, bias = platt(*(np.concatenate(part) for part in zip(*fitted, strict=True)))
            print(f"{name}: slope {settings.slope * slope:.2f}, bias {settings.bias + bias / settings.slope:.2f}")
            for found, truth, odds in rows:
                found.ece = calibration_error(truth, 1.0 / (1.0 + np.exp(-slope * (odds - bias))))
        every += [found for found, _, _ in rows]
        for found, _, _ in rows:
            print(line(found), flush=True)
        print(f"{name}: mAP {np.mean([found.ap for found, _, _ in rows]):.3f}")
    if options.out:
        options.out.write_text(json.dumps([asdict(found) for found in every], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
