"""A room that changes within a recording does not make two people of one."""

import numpy as np
import pytest

from diarization.clustering.agglomerative import membership
from diarization.clustering.channel_mismatch import join_across_rooms
from diarization.clustering.embedded_windows import Scan
from diarization.clustering.settings import FRAMES, LONGEST_PIECE
from diarization.clustering.speaker_assignment import speakers
from diarization.likelihood import likelihoods
from diarization.settings import DiarizationSettings

SAME = likelihoods()["ecapa+campplus"]
STEP, SIZE = 59, 192


def takes(rng: np.random.Generator, person: np.ndarray, room: np.ndarray, shared: float) -> np.ndarray:
    """Unit embeddings of pieces; two takes of one person in different rooms have the cosine ``shared``."""
    directions = np.linalg.qr(rng.normal(size=(SIZE, 8)))[0].T
    noise = rng.normal(size=(len(person), SIZE))
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    voice = np.sqrt(shared) * directions[person] + np.sqrt(1 - shared) * directions[4 + 2 * person + room]
    raw = 0.8 * voice + 0.6 * noise
    return (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)


def recording(person: list[int], room: list[int], shared: float) -> Scan:
    """Pieces one after another; the windows hear every room of a person as somebody else."""
    who, where = np.array(person), np.array(room)
    starts = np.arange(len(who)) * LONGEST_PIECE
    length = len(who) * LONGEST_PIECE + FRAMES
    windows = []
    for at in range(0, length - FRAMES, STEP):
        window = np.zeros((FRAMES, 3), np.uint8)
        piece = np.minimum((np.arange(FRAMES) + at) // LONGEST_PIECE, len(who) - 1)
        kind = 2 * who[piece] + where[piece]
        for local, one in enumerate(dict.fromkeys(kind.tolist())):
            window[kind == one, local % 3] = 255
        windows.append(window)
    scores = np.zeros((length, 3), np.float32)
    scores[: len(who) * LONGEST_PIECE, 0] = 1
    spans = np.stack([starts, starts + LONGEST_PIECE], axis=1)
    vectors = takes(np.random.default_rng(0), who, where, shared)
    alone, frames = np.zeros(len(who), bool), np.full(len(who), float(LONGEST_PIECE), np.float32)
    return Scan(scores, np.stack(windows), STEP, spans, alone, frames, vectors)


PERSON = [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0]
ROOM = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1]


def test_one_voice_in_two_rooms_is_one_speaker_though_the_windows_hear_two() -> None:
    scan = recording(PERSON, ROOM, shared=0.6)
    found = speakers(scan, DiarizationSettings())
    assert len(found.centroids) == 2
    named = found.posterior.argmax(axis=1)
    assert len(set(zip(named.tolist(), PERSON, strict=True))) == 2


def test_who_asks_for_three_speakers_gets_three() -> None:
    scan = recording(PERSON, ROOM, shared=0.6)
    assert len(speakers(scan, DiarizationSettings(num_speakers=3)).centroids) == 3


@pytest.mark.parametrize("shared", [0.0, 0.15])
def test_two_voices_stay_two(shared: float) -> None:
    scan = recording(PERSON, ROOM, shared=shared)
    labels = np.array([2 * p + r for p, r in zip(PERSON, ROOM, strict=True)])
    groups = membership(np.unique(labels, return_inverse=True)[1])
    sums = np.asarray(groups.T @ (scan.vectors * scan.weights[:, None]))
    assert len(set(join_across_rooms(sums, np.asarray(groups.T @ scan.weights), SAME, 0.05, 1).tolist())) == 3


def test_takes_that_are_as_alike_as_everybody_in_the_recording_stay_apart() -> None:
    sums, frames = np.eye(3) + 0.7, np.full(3, 600.0)
    assert join_across_rooms(sums, frames, SAME, 0.05, 1).tolist() == [0, 0, 0]
    assert join_across_rooms(sums, frames, SAME, 0.7, 1).tolist() == [0, 1, 2]
    assert len(set(join_across_rooms(sums, frames, SAME, 0.05, 2).tolist())) == 2
