"""The levels that a recording's own voices have."""

import numpy as np
import pytest

from diarization.clustering.agglomerative import agreement, trust
from diarization.clustering.calibration import ALIKE, APART, cosine_levels
from diarization.clustering.embedded_windows import Scan
from diarization.clustering.settings import FRAMES, LONGEST_PIECE
from diarization.clustering.speaker_assignment import speakers
from diarization.settings import DiarizationSettings

STEP = 59


def voices(rng, who, channel=0.0, size=192):
    """Unit embeddings of pieces of ``who``; two people have the cosine ``channel``, for they share a microphone.

    Noise is as large as the model expects of pieces so long.
    """
    directions = np.linalg.qr(rng.normal(size=(size, max(who) + 2)))[0].T
    centres = np.sqrt(1 - channel) * directions[:-1] + np.sqrt(channel) * directions[-1]
    noise = rng.normal(size=(len(who), size))
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    share = trust(np.array(LONGEST_PIECE))
    raw = share * centres[who] + np.sqrt(1 - share**2) * noise
    return raw / np.linalg.norm(raw, axis=1, keepdims=True)


def recording(who, vectors):
    """Pieces of 1.6 s, one after another, which the windows tell apart without fail."""
    who = np.asarray(who)
    starts = np.arange(len(who)) * LONGEST_PIECE
    frames = len(who) * LONGEST_PIECE + FRAMES
    windows = []
    for at in range(0, frames - FRAMES, STEP):
        window = np.zeros((FRAMES, 3), np.uint8)
        owner = who[np.minimum((np.arange(FRAMES) + at) // LONGEST_PIECE, len(who) - 1)]
        for local, person in enumerate(dict.fromkeys(owner.tolist())):
            window[owner == person, local % 3] = 255
        windows.append(window)
    scores = np.zeros((frames, 3), np.float32)
    scores[: len(who) * LONGEST_PIECE, 0] = 1
    return Scan(
        scores,
        np.stack(windows),
        STEP,
        np.stack([starts, starts + LONGEST_PIECE], axis=1),
        np.zeros(len(who), bool),
        np.full(len(who), float(LONGEST_PIECE), np.float32),
        vectors.astype(np.float32),
    )


WHO = np.repeat(np.random.default_rng(3).permutation(np.tile(np.arange(3), 8)), 2)


def test_nothing_to_learn_from_leaves_what_is_expected():
    rng = np.random.default_rng(0)
    one = recording([0], voices(rng, np.zeros(1, int)))
    found = cosine_levels(one, agreement(one))
    assert found.apart == APART
    assert found.alike == pytest.approx(ALIKE)


@pytest.mark.parametrize("channel", [0.0, 0.3, 0.5])
def test_the_level_of_two_people_follows_the_microphone(channel):
    rng = np.random.default_rng(1)
    scan = recording(WHO, voices(rng, WHO, channel))
    found = cosine_levels(scan, agreement(scan))
    assert found.apart == pytest.approx(channel, abs=0.1)
    assert found.apart < found.middle < found.alike


@pytest.mark.parametrize("strictness", [-0.1, 0.0, 0.1])
@pytest.mark.parametrize("channel", [0.0, 0.3, 0.5])
def test_the_number_of_speakers_does_not_hang_on_the_microphone(channel, strictness):
    rng = np.random.default_rng(2)
    scan = recording(WHO, voices(rng, WHO, channel))
    found = speakers(scan, DiarizationSettings(strictness=strictness))
    assert len(found.centroids) == 3
    assert all(len(set(found.posterior[who == WHO].argmax(axis=1))) == 1 for who in range(3))


def test_sounds_that_come_again_make_no_voice_more_like_itself_than_it_can_be():
    rng = np.random.default_rng(4)
    vectors = voices(rng, WHO)
    again = np.tile(np.arange(len(WHO)), 3)  # a jingle, a sentence on tape, a clip strung together twice
    scan = recording(WHO[again], vectors[again])
    assert cosine_levels(scan, agreement(scan)).alike <= 1
    assert len(speakers(scan, DiarizationSettings()).centroids) == 3
