"""What the margins around voices and masked faces are worth: ``python -m evaluation.runs.safety_margins``.

The floors of ``voice.guard``, ``voice.handover``, ``vision.mask.growth``, ``diarization.same_voice`` and ``strictness``
and the ceiling of ``diarization.overlap`` come from here.

* ``voices``: on the composed meetings, with either half of the people enrolled and told apart by voice alone. *own*:
  share of the strangers' speech that keeps its own voice; *ms*: the same in milliseconds; *lost*: share of the other
  people's speech that loses it.
* ``speakers``: *own* with the default margins, where fewer speakers are told apart than there are.
* ``faces``: a face that sways to and fro is lost from sight five times a second, and its mask goes on without a
  sighting for ``vision.mask.after``. *missed*: share of the pictures in which less than nine tenths of the face are
  masked; *area*: mean size of the mask, in face sizes. Faces sway by a quarter to one face width at .2 to .8 times a
  second, to the side and up and down, and come nearer by a third.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from diarization import ClusteringDiarizer, DiarizationSettings, EnrolledPerson, Fusion, VoiceEmbedder, fuse
from evaluation.data import composed
from evaluation.data.assembled_meetings import Truth
from evaluation.data.recordings import Recording, recordings
from evaluation.metrics.diarization import own_voice
from evaluation.runs.speaker_identification import voice_gallery
from registered import Answers
from timeline import FaceTrack, FloatArray
from vision import MaskPlan, MaskSettings
from voice import VoiceSettings
from weights import Store

GUARDS = (0.0, 0.01, 0.02, 0.03)
HANDOVERS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25)
JOINING: tuple[dict[str, float], ...] = (
    {},
    {"num_speakers": 1},
    {"max_speakers": 2},
    {"same_voice": -1.0},
    {"same_voice": 0.1},
    {"same_voice": 0.2},
    {"strictness": -1.0},
    {"strictness": -0.2},
    {"overlap": 1.0},
    {"overlap": 0.7},
)
"""Settings of the diarizer under which fewer voices are told apart than there are."""
GROWTHS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
LOST_EVERY = 0.2
"""Seconds from one lost sighting to the next."""
SEEN_FOR = 0.5
"""Seconds for which the face was seen before; speed is measured over a part of it."""
MASKED_SHARE = 0.9
"""Share of a face that must be masked."""
FPS = 25.0
SIZE = (1280, 720)
REACHES = (0.25, 0.5, 1.0)
"""By how much a face sways either way, in face widths."""
RATES = (0.2, 0.4, 0.8)
"""How often it does, times a second."""
NEARER = 1 / 3
"""By how much it grows as it comes nearer."""


class Meetings:
    """The composed meetings called ``names`` (none: all), each with either half of its people enrolled by voice."""

    def __init__(self, store: Store, names: Sequence[str]) -> None:
        settings = DiarizationSettings()
        self._diarizer = ClusteringDiarizer.from_store(
            store, lambda: VoiceEmbedder.from_store(store, settings), settings
        )
        embedder = VoiceEmbedder.from_store(store, settings)
        self._rows = [
            (recording, self._diarizer.scan(recording.audio()), recording.audio().duration)
            for recording in recordings(store, names)
            if recording.meeting
        ]
        people = [composed.load(recording.name).people for recording, *_ in self._rows]
        self._halves = [
            [(half, voice_gallery(embedder, half)) for half in (names[::2], names[1::2])] for names in people
        ]

    def fusions(self, settings: DiarizationSettings) -> Iterator[tuple[Recording, float, Fusion]]:
        """Each recording, its length in seconds, and who speaks when."""
        for (recording, rows, duration), halves in zip(self._rows, self._halves, strict=True):
            found = self._diarizer.decide(rows, duration, settings)
            for half, gallery in halves:
                known = {name: EnrolledPerson(name, Answers(True, True, True, True)) for name in half}
                yield recording, duration, fuse(found, [], gallery, known)


def strangers(turns: Truth, fusion: Fusion) -> float:
    """Seconds for which people speak who may not be heard."""
    known = set(fusion.enrolled.values())
    return sum(end - start for start, end, who in turns if who not in known)


def speakers(meetings: Meetings) -> Iterator[str]:
    """A line for each setting that joins voices."""
    for change in JOINING:
        settings = DiarizationSettings.model_construct(**{**DiarizationSettings().model_dump(), **change})
        settings = settings.model_copy(update={"fusion": DiarizationSettings().fusion})
        own, weights = [], []
        for recording, duration, fusion in meetings.fusions(settings):
            own.append(own_voice(recording.turns, fusion, duration, VoiceSettings())[0])
            weights.append(strangers(recording.turns, fusion))
        yield f"{change or 'defaults'}: own {float(np.nansum(np.array(own) * weights) / sum(weights)):.2%}"


def voices(meetings: Meetings) -> Iterator[str]:
    """A line for each pair of margins."""
    measured = list(meetings.fusions(DiarizationSettings()))
    weights = [strangers(recording.turns, fusion) for recording, _, fusion in measured]
    yield f"{'guard':>6s} {'handover':>9s} {'own':>7s} {'ms':>6s} {'lost':>6s}  of {sum(weights):.0f} s of strangers"
    for guard, handover in product(GUARDS, HANDOVERS):
        margins = VoiceSettings.model_construct(guard=guard, handover=handover)
        figures = np.array([own_voice(r.turns, fusion, length, margins) for r, length, fusion in measured])
        own = float(np.nansum(figures[:, 0] * weights) / sum(weights))
        lost_share = float(np.nanmean(figures[:, 1]))
        yield f"{guard:6.2f} {handover:9.2f} {own:7.2%} {own * sum(weights) * 1e3:6.0f} {lost_share:6.1%}"


def swaying() -> Iterator[FloatArray]:
    """Boxes ``[F, 4]`` of faces 100 px wide that sway, a film each of six seconds."""
    times = np.arange(round(6 * FPS)) / FPS
    for (reach, rate), upright in product(product(REACHES, RATES), (False, True)):
        move = 100 * reach * np.sin(2 * np.pi * rate * times)
        side = 100 * (1 + NEARER / 2 * (1 - np.cos(2 * np.pi * rate / 3 * times)))
        middle = np.stack([640 + move * (not upright), 360 + move * upright], axis=1)
        size = np.stack([side, 1.3 * side], axis=1)
        yield np.concatenate([middle - size / 2, size], axis=1).astype(np.float32)


def lost(boxes: FloatArray, settings: MaskSettings) -> Iterator[tuple[float, float]]:
    """For each picture after each lost sighting: the share of the face that is masked, and the mask in face sizes."""
    before, after = round(SEEN_FOR * FPS), round(settings.after * FPS)
    for end in range(before, len(boxes) - after, round(LOST_EVERY * FPS)):
        part = boxes[end - before : end + after]
        plan = MaskPlan([FaceTrack("t1", np.arange(before) / FPS, part[:before])], SIZE, settings)
        for row in range(before, before + after):
            x, y, w, h = (float(value) for value in part[row])
            masks = plan.boxes(row / FPS)
            ends = np.minimum(masks[:, :2] + masks[:, 2:], [x + w, y + h])
            inside = np.clip(ends - np.maximum(masks[:, :2], [x, y]), 0, None)
            yield (
                float(inside.prod(axis=1).max(initial=0.0)) / (w * h),
                float(masks[:, 2:].prod(axis=1).sum()) / (w * h),
            )


def faces() -> Iterator[str]:
    """A line for each growth."""
    for growth in GROWTHS:
        settings = MaskSettings.model_construct(growth=growth)
        shares = np.array([row for boxes in swaying() for row in lost(boxes, settings)])
        missed = float((shares[:, 0] < MASKED_SHARE).mean())
        yield f"growth {growth:.1f}: missed {missed:.2%} of {len(shares)} pictures, area {shares[:, 1].mean():.1f}"


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.safety_margins", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="composed meetings (default: all)")
    parser.add_argument("--only", choices=("speakers", "voices", "faces"), help="one part")
    args = parser.parse_args(argv)
    if args.only in (None, "faces"):
        for line in faces():
            print(line, flush=True)
    if args.only != "faces":
        meetings = Meetings(Store(), args.names)
        for name, part in (("speakers", speakers), ("voices", voices)):
            for line in part(meetings) if args.only in (None, name) else ():
                print(line, flush=True)


if __name__ == "__main__":
    main()
