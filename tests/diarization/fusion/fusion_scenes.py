"""Voices, faces and turns made from a truth, for the tests of fusion."""

from dataclasses import dataclass, replace

import numpy as np

from diarization import Diarization, Subsegments
from diarization.settings import FusionSettings
from timeline import Evidence, FaceTrack, Turn

RULES = FusionSettings()
VOICES = np.eye(8, dtype=np.float32)
LONG = [
    (start + shift, end + shift, who)
    for shift in (0, 30)
    for start, end, who in [(0, 4, 0), (4, 9, 1), (9, 12, 0), (12, 16, 2), (16, 20, 1), (20, 25, 0), (25, 29, 2)]
]
TALK = [(0, 4, 0), (4, 9, 1), (9, 12, 0), (12, 16, 2), (16, 20, 1), (20, 25, 0), (25, 29, 2)]


@dataclass(frozen=True)
class Answers:
    seen: bool = True
    heard: bool = True
    quoted: bool = True
    named: bool = True


ALL, NONE = Answers(), Answers(False, False, False, False)


class Gallery:
    """Templates that have a chosen cosine to each cluster's embedding."""

    model = "v"

    def __init__(self, rows):
        self.ids, self.rows = tuple(sorted(rows)), rows

    def similarity(self, embedding):
        cluster = int(np.argmax(embedding))
        return np.array([self.rows[id].get(cluster, 0.0) for id in self.ids], np.float32)


def turn(start, end, cluster, sure=0.95, overlap=False):
    return Turn(
        start=start,
        end=end,
        person=f"S{cluster + 1}",
        confidence=sure,
        evidence=Evidence(voice=sure),
        overlap=overlap,
    )


def diarization(talk=TALK, sure=0.95):
    turns = [turn(start, end, who, sure) for start, end, who in talk]
    return Diarization(turns, {t.person: VOICES[int(t.person[1:]) - 1] for t in turns}, [], "v")


def with_pieces(found, talk=None):
    """The diarization with pieces of a second, whose voices are those of ``talk`` (default: of its own turns)."""
    talk = talk or [(t.start, t.end, int(t.person[1:]) - 1) for t in found.turns]
    rows = [(s, s + 1, who) for start, end, who in talk for s in np.arange(start, end, 1.0)]
    spans = np.array([(a, b) for a, b, _ in rows], float)
    pieces = Subsegments(spans, VOICES[[who for _, _, who in rows]], np.zeros(len(rows), bool))
    return replace(found, pieces=pieces)


def face(id, start, end, speaks=(), enrolled=None, look=None, still=0.1, lively=0.9):
    """A face on screen from ``start`` to ``end`` whose lips move in the spans ``speaks``."""
    times = np.arange(start, end, 0.04)
    score = np.full(len(times), still)
    for a, b in speaks:
        score[(times >= a) & (times < b)] = lively
    return FaceTrack(
        id,
        times,
        np.zeros((len(times), 4), np.float32),
        enrolled,
        np.full(len(times), enrolled is not None),
        0.7 if enrolled else 0.0,
        None if look is None else np.eye(8, dtype=np.float32)[look],
        times,
        score,
    )


def spans(who, talk=TALK):
    return [(a, b) for a, b, w in talk if w == who]


def speaking(who, **more):
    return face(f"t{who + 1}", 0, 30, spans(who), **more)


def by_turn(fusion):
    return {(t.start, t.end): t.person for t in fusion.turns}


def at(fusion, second):
    """Who talks at that second, if it is one."""
    return next(t.person for t in fusion.turns if t.start <= second < t.end)


def known(fusion):
    return {fusion.enrolled[id]: id for id in fusion.enrolled}
