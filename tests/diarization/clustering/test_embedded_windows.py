"""The pass over the sound, with a model that reads the truth from the samples: speaker k talks at level k / 10."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarization.clustering.embedded_windows import scan, speech_mask, stretches
from diarization.clustering.segmentation import FIELD, HOP, WINDOW
from diarization.clustering.settings import FRAMES, LONGEST_PIECE, SHORTEST_PIECE
from diarization.settings import DiarizationSettings
from timeline import ArrayAudio

SETTINGS = DiarizationSettings(batch=3)


class Segmenter:
    """Takes the level of the sample in the middle of each frame for the speaker."""

    def __call__(self, windows):
        assert windows.shape[1:] == (WINDOW,)
        middle = np.round(windows[:, np.arange(FRAMES) * HOP + FIELD // 2] * 10).astype(int)
        return np.eye(7, dtype=np.float32)[middle]


class Embedder:
    """A unit vector for each level."""

    def pieces(self, pieces):
        self.lengths = [len(piece) for piece in pieces]
        return np.stack([np.eye(4, dtype=np.float32)[round(float(np.median(piece)) * 10)] for piece in pieces])


class Blocks:
    """Sound in blocks of a given size."""

    sample_rate = 16000

    def __init__(self, samples, size):
        self.samples, self.size, self.duration = samples, size, len(samples) / 16000

    def blocks(self, seconds=10.0):
        for at in range(0, len(self.samples), self.size):
            yield self.samples[at : at + self.size]


def talk(*parts):
    return np.concatenate([np.full(round(seconds * 16000), level / 10, np.float32) for level, seconds in parts])


TALK = talk((0, 1), (1, 5), (0, 0.5), (2, 4), (1, 3), (0, 2), (3, 6), (2, 1.5))


def test_finds_speech_and_who_in_every_piece():
    found = scan(ArrayAudio(TALK), Segmenter(), Embedder(), SETTINGS)
    middles = ((found.spans.mean(axis=1)) * HOP + FIELD / 2).astype(int)
    np.testing.assert_array_equal(found.vectors.argmax(axis=1), np.round(TALK[middles] * 10))
    assert not found.double.any()
    assert found.scores[:, 0].sum() * HOP / 16000 == pytest.approx(19.5, abs=0.1)


@settings(max_examples=8, deadline=None)
@given(st.integers(500, 200_000), st.integers(1, 9))
def test_blocks_and_batches_do_not_matter(size, batch):
    one = scan(ArrayAudio(TALK), Segmenter(), Embedder(), SETTINGS)
    other = scan(Blocks(TALK, size), Segmenter(), Embedder(), DiarizationSettings(batch=batch))
    np.testing.assert_array_equal(one.spans, other.spans)
    np.testing.assert_array_equal(one.vectors, other.vectors)
    np.testing.assert_allclose(one.scores, other.scores)


def test_pieces_cover_all_speech_and_their_weights_are_its_length():
    found = scan(ArrayAudio(TALK), Segmenter(), Embedder(), SETTINGS)
    covered = np.zeros(len(found.scores), bool)
    for start, end in found.spans:
        covered[start:end] = True
        assert 0 < end - start <= LONGEST_PIECE
    speech = found.scores[:, 0] > SETTINGS.speech_off
    assert not (covered & ~speech).any()
    missing = np.flatnonzero(np.diff(np.concatenate([[0], (speech & ~covered).astype(int), [0]])))
    assert (missing[1::2] - missing[::2] < SHORTEST_PIECE).all()
    assert found.weights.sum() == pytest.approx(covered.sum(), abs=1)


def test_no_piece_holds_a_change_of_speaker():
    rows = scan(ArrayAudio(TALK), Segmenter(), Embedder(), SETTINGS)
    change = (10.5 * 16000 - FIELD / 2) / HOP
    assert not any(start + 3 < change < end - 3 for start, end in rows.spans)


def test_a_monologue_is_cut_while_it_goes_on():
    embedder = Embedder()
    found = scan(ArrayAudio(talk((1, 70))), Segmenter(), embedder, SETTINGS)
    assert found.weights.sum() == pytest.approx(len(found.scores), abs=60)


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(100, np.float32), talk((0, 12))])
def test_without_speech_there_are_no_pieces(samples):
    found = scan(ArrayAudio(samples), Segmenter(), Embedder(), SETTINGS)
    assert len(found.spans) == 0
    assert len(found.scores) >= 1


def test_refuses_another_rate():
    with pytest.raises(ValueError, match="16 kHz"):
        scan(ArrayAudio(TALK, 8000), Segmenter(), Embedder(), SETTINGS)


def test_progress_rises_to_one():
    told = []
    scan(ArrayAudio(TALK), Segmenter(), Embedder(), SETTINGS, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_speech_begins_with_its_first_quiet_sounds():
    speech = [0.32, 0.2, 0.32, 0.4, 0.5, 0.36, 0.33, 0.2, 0.33, 0.3]
    found = speech_mask(np.array(speech, np.float32)[:, None], DiarizationSettings(speech_rise=0.3))
    assert np.flatnonzero(found).tolist() == [2, 3, 4, 5]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.floats(0, 0.45))
def test_who_asks_for_an_earlier_begin_loses_no_speech(speech, rise):
    scores = np.array(speech, np.float32)[:, None]
    found = speech_mask(scores, DiarizationSettings(speech_rise=rise))
    assert not (speech_mask(scores, DiarizationSettings(speech_rise=0.45)) & ~found).any()
    assert (scores[found, 0] > min(rise, 0.35)).all()


def test_stretches_are_cut_at_changes_and_overlaps():
    scores = np.zeros((200, 3), np.float32)
    scores[20:180, 0] = 1
    scores[100:130, 1] = 1
    scores[58:63, 2] = 1
    assert stretches(scores, SETTINGS) == [(20, 60, False), (60, 100, False), (100, 130, True), (130, 180, False)]


class Blurred(Segmenter):
    """Goes on hearing a voice for a few frames after its end, into the padding, as the model does."""

    def __call__(self, windows):
        return super().__call__(windows)[:, np.maximum(np.arange(FRAMES) - 4, 0)]


class AnyPiece:
    """A unit vector for every piece."""

    def pieces(self, pieces):
        return np.tile(np.eye(4, dtype=np.float32)[1], (len(pieces), 1))


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.4, 0.6, 0.95])
def test_no_piece_reaches_beyond_sound_shorter_than_a_step(seconds):
    found = scan(ArrayAudio(talk((1, seconds))), Blurred(), AnyPiece(), SETTINGS)
    assert (found.spans[:, 0] < found.spans[:, 1]).all()
    assert (found.spans <= len(found.scores)).all()
    assert len(found.spans) == len(found.double) == len(found.weights) == len(found.vectors)
