"""Fit the thresholds of the gate's checkers: ``python -m evaluation.runs.gate_thresholds [--only faces voices]``.

They are chosen on the development meetings and their people, and reported on the validation meetings, whose people are
others. *Faces*: scores of the gate's detector on bare faces and on the same faces behind the product's mask; the
threshold lies just above the highest score of a masked one. *Voices*: likeness of two-second windows in which one
person talks to that person's clip and to the nearest clip of anybody else; the threshold lies just above the nearest.
The gate wants two looks or windows in a row, which single ones here do not count.

Each line gives the threshold that fits, the one in force, and for both sets how much of what has to be found lies above
the one in force, and how much of what must not be. It ends with 1 if the one in force lets a masked face or somebody
else's voice of the development set pass for a bare face or an own voice.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import soundfile

from capture import VideoFile
from diarization import DiarizationSettings, make_voiceprint
from discreet.config import load
from discreet.share.checks import GATE_DETECTOR, HOP, LIKE, SURE, WINDOW
from evaluation.data.composed import SETS, Composed, person_folder
from evaluation.data.composed import load as load_meeting
from evaluation.data.composed_faces import in_tile
from evaluation.data.planted_recordings import RATE, sound_of
from evaluation.metrics.intervals import wilson
from vision import DetectSettings, make_detector, masker
from vision.detection import FaceSearch
from vision.masking import head
from weights import Store

EVERY_S = 4.0
"""Seconds from one picture that is looked at to the next."""
MARGIN = 0.01
MODELS = ("ecapa", "campplus")


@dataclass
class Scores:
    """What has to be found, and what must not be."""

    wanted: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def threshold(self) -> float:
        """Just above everything that must not be found."""
        return float(np.ceil((max(self.others, default=0.0) + MARGIN / 2) / MARGIN) * MARGIN)

    def above(self, threshold: float) -> str:
        """Shares above a threshold, with the upper or lower end of their 95 % interval."""
        found, wrong = (sum(score >= threshold for score in scores) for scores in (self.wanted, self.others))
        least, most = wilson(found, len(self.wanted))[0], wilson(wrong, len(self.others))[1]
        return (
            f"found {found} of {len(self.wanted)} (at least {least:.2f}),"
            f" wrong {wrong} of {len(self.others)} (at most {most:.2f})"
        )


def faces(store: Store, meetings: tuple[str, ...]) -> Iterator[tuple[str, Scores]]:
    """Scores of bare and of masked faces, by the gate's detector."""
    settings = load()
    detect = DetectSettings(width=settings.vision.detect.width)
    search = FaceSearch(make_detector(store, GATE_DETECTOR, settings.vision), detect).overview
    draw, scores = masker(settings.vision.mask), Scores()
    for meeting in map(load_meeting, meetings):
        step = round(EVERY_S * meeting.fps)
        for index, (_, picture) in enumerate(VideoFile(meeting.path)):
            if index % step == 0:
                here = [p for p in meeting.people if not np.isnan(meeting.tiles[p][index]).any()]
                boxes = np.array([meeting.face(person)[index] for person in here], np.float32).reshape(-1, 4)
                masked = picture.copy()
                draw(masked, head(boxes, settings.vision.mask))
                for looked, into in ((picture, scores.wanted), (masked, scores.others)):
                    found = search(looked)
                    best = [in_tile(found, meeting.tiles[person][index]).scores for person in here]
                    into += [float(one.max(initial=0.0)) for one in best]
    yield GATE_DETECTOR, scores


def voices(store: Store, meetings: tuple[str, ...]) -> Iterator[tuple[str, Scores]]:
    """Likeness of windows to the speaker's own clip, and to the nearest of the others."""
    for model in MODELS:
        embedder, scores = make_voiceprint(store, DiarizationSettings(voiceprint=model)), Scores()
        for meeting in map(load_meeting, meetings):
            enrolled = [person for person in meeting.people if person_folder(person).is_dir()]
            clips = [np.asarray(soundfile.read(person_folder(p) / "voice.wav")[0], np.float32) for p in enrolled]
            templates = np.concatenate([embedder.pieces([clip[: 20 * RATE]]) for clip in clips])
            sound = sound_of(meeting.path)
            for person in enrolled:
                pieces = [sound[round(t * RATE) : round((t + WINDOW) * RATE)] for t in alone(meeting, person)]
                like = embedder.pieces(pieces) @ templates.T if pieces else np.zeros((0, len(enrolled)))
                own = np.array([name == person for name in enrolled])
                scores.wanted += like[:, own].max(axis=1).tolist()
                scores.others += like[:, ~own].max(axis=1, initial=-1.0).tolist()
        yield model, scores


def alone(meeting: Composed, person: str) -> Iterator[float]:
    """Starts (s) of windows within one turn of a person in which nobody else talks."""
    others = [turn for name, turns in meeting.turns.items() if name != person for turn in turns]
    for turn in meeting.turns[person]:
        for start in np.arange(turn.start, turn.end - WINDOW, HOP):
            if not any(other.start < start + WINDOW and start < other.end for other in others):
                yield float(start)


PARTS: Mapping[str, Callable[[Store, tuple[str, ...]], Iterator[tuple[str, Scores]]]] = {
    "faces": faces,
    "voices": voices,
}


def main() -> int:
    """Print the thresholds; 1 if one in force is below what fits."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.runs.gate_thresholds", description="Fit the gate.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these checkers")
    store, low = Store(), 0
    for part in parser.parse_args().only:
        fitted = dict(PARTS[part](store, SETS["development"]))
        reported = dict(PARTS[part](store, SETS["validation"]))
        for model, scores in fitted.items():
            force = SURE if part == "faces" else LIKE[model]
            low += scores.threshold() > force + 1e-9
            print(f"{part}, {model}: fits {scores.threshold():.2f}, in force {force:.2f}", flush=True)
            print(f"  development: {scores.above(force)}", flush=True)
            print(f"  validation:  {reported[model].above(force)}", flush=True)
    return int(low > 0)


if __name__ == "__main__":
    sys.exit(main())
