"""Sortformer's diarizer around a stand-in for the network: what becomes of its probabilities, and of a fifth voice."""

import itertools

import numpy as np
import pytest

from diarization.clustering.segmentation import frame_start
from diarization.settings import DiarizationSettings
from diarization.sortformer.base import OfflineListener, StreamListener
from diarization.sortformer.binarize import binarize, turns_of
from diarization.sortformer.network import CHUNKINGS, STEP, CachedCore, Chunking, SortformerStream
from diarization.sortformer.pipeline import SortformerDiarizer
from diarization.sortformer.settings import SHARED_SECONDS
from diarization.sortformer.speaker_cache import CacheRules
from diarization.sortformer.windows import FRAME, SortformerWindow, as_scan, cuts, merged, voices
from diarization.sortformer_settings import SortformerSettings
from timeline import ArrayAudio, Segment, total

SETTINGS = SortformerSettings()
RATE = 16000
DIMENSIONS = 24


class Embedder:
    """A voice is the frequency of its tone; the embedding is noisy, the more so the shorter the piece."""

    def __init__(self):
        self.rng = np.random.default_rng(0)
        self.table = np.linalg.qr(self.rng.normal(size=(DIMENSIONS, DIMENSIONS)))[0]

    def pieces(self, pieces):
        rows = []
        for piece in pieces:
            hz = np.abs(np.fft.rfft(piece, RATE)).argmax()
            row = self.table[round(hz / 100) % DIMENSIONS] + 0.02 * self.rng.normal(size=DIMENSIONS) / len(piece) * RATE
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, np.float32)


def meeting(rounds, people, seconds=3.0, pause=0.4):
    """Sound of ``people`` who talk in turn, a tone each, and who talks in each frame (-1: nobody)."""
    sound, who = [], []
    for number in range(rounds * people):
        person = number % people
        for length, speaker in ((seconds, person), (pause, -1)):
            frames = round(length / STEP)
            t = np.arange(frames * FRAME) / RATE
            sound.append(np.sin(2 * np.pi * 100 * (person + 1) * t) * 0.1 if speaker >= 0 else 0 * t)
            who += [speaker] * frames
    return ArrayAudio(np.concatenate(sound).astype(np.float32)), np.array(who)


def activity(who, slot_of):
    out = np.full((len(who), 4), 0.02, np.float32)
    for frame, speaker in enumerate(who):
        if speaker >= 0:
            out[frame, slot_of[speaker]] = 0.95
    return out


def diarizer(stretches, **settings):
    return SortformerDiarizer(
        lambda audio, progress: stretches, Embedder(), "tones", DiarizationSettings.model_validate(settings)
    )


def by_person(turns, who):
    """For each speaker label, which people talk in its turns (at least a tenth of it)."""
    found = {}
    for turn in turns:
        inside = who[round(turn.start / STEP) : round(turn.end / STEP)]
        for person in inside[inside >= 0]:
            found.setdefault(turn.person, []).append(int(person))
    return {
        label: {person for person in set(people) if people.count(person) > 0.1 * len(people)}
        for label, people in found.items()
    }


def test_up_to_four_people_are_the_slots():
    audio, who = meeting(3, 4)
    found = diarizer([SortformerWindow(0, activity(who, [2, 0, 1, 3]))])(audio)
    assert by_person(found.turns, who) == {"S1": {0}, "S2": {1}, "S3": {2}, "S4": {3}}
    assert set(found.embeddings) == {"S1", "S2", "S3", "S4"}
    assert found.notes == ()
    assert total(found.speech) == pytest.approx((who >= 0).sum() * STEP, abs=0.01)
    for vector in found.embeddings.values():
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("people", [5, 6, 7])
def test_more_than_four_people_are_never_merged_silently(people):
    audio, who = meeting(4, people)
    found = diarizer([SortformerWindow(0, activity(who, [0, 1, 2, 3, 1, 3, 0]))])(audio)
    groups = by_person(found.turns, who)
    assert sorted(next(iter(group)) for group in groups.values()) == list(range(people))
    assert all(len(group) == 1 for group in groups.values())
    assert len(found.notes) == 1
    assert f"{people} voices" in found.notes[0]


def test_a_voice_of_a_second_or_two_is_not_enough_to_leave_the_slots():
    audio, who = meeting(4, 4)
    more, other = meeting(1, 5, seconds=1.2)
    audio = ArrayAudio(np.concatenate([audio.samples, more.samples[-round(1.6 / STEP) * FRAME :]]))
    who = np.concatenate([who, other[-round(1.6 / STEP) :]])
    found = diarizer([SortformerWindow(0, activity(who, [0, 1, 2, 3, 1]))])(audio)
    assert len(found.embeddings) == 4
    assert found.notes == ()


def test_the_number_of_speakers_asked_for_wins():
    audio, who = meeting(4, 5)
    stretch = [SortformerWindow(0, activity(who, [0, 1, 2, 3, 1]))]
    assert len(diarizer(stretch, num_speakers=5)(audio).embeddings) == 5
    three = diarizer(stretch, num_speakers=3)(audio)
    assert len(three.embeddings) == 3
    assert "3 speakers were asked for" in three.notes[0]


def test_stretches_that_number_their_speakers_anew_are_joined_by_the_voices():
    audio, who = meeting(8, 3)
    middle, shared = len(who) // 2, round(SHARED_SECONDS / STEP) // 2
    first = SortformerWindow(0, activity(who[: middle + shared], [0, 1, 2]))
    second = SortformerWindow(middle - shared, activity(who[middle - shared :], [2, 3, 0]))
    found = diarizer([first, second])(audio)
    assert sorted(next(iter(group)) for group in by_person(found.turns, who).values()) == [0, 1, 2]
    assert "2 stretches" in found.notes[0]


def test_nothing_and_silence_give_nothing():
    for length in (0, 100, RATE):
        audio = ArrayAudio(np.zeros(length, np.float32))
        found = diarizer([SortformerWindow(0, np.zeros((length // FRAME, 4), np.float32))])(audio)
        assert (found.turns, found.embeddings, found.speech) == ([], {}, [])


def test_a_slot_that_only_ever_talks_with_others_still_has_a_voice():
    audio, who = meeting(2, 2)
    both = activity(who, [0, 1])
    both[10:14, 3] = 0.9
    both[20:21, 2] = 0.9
    found = diarizer([SortformerWindow(0, both)])(audio)
    assert {turn.person for turn in found.turns} == set(found.embeddings)
    assert len(found.embeddings) == 4


def test_another_sample_rate_is_refused():
    with pytest.raises(ValueError, match="16 kHz"):
        diarizer([])(ArrayAudio(np.zeros(10, np.float32), 8000))


# -- turns ---------------------------------------------------------------------------------------------------------


def test_hysteresis_pads_and_shortest():
    p = np.array([0, 0.6, 0.4, 0.6, 0, 0, 0, 0, 0.6, 0.1], np.float32)
    plain = SortformerSettings(on=0.5, off=0.3, min_off=0)
    assert binarize(p, 0.1, 1.0, plain) == [Segment(0.1, 0.4), Segment(0.8, 0.9)]
    assert len(binarize(p, 0.1, 1.0, SortformerSettings(on=0.5, off=0.5, min_off=0))) == 3
    padded = binarize(p, 0.1, 0.85, plain.model_copy(update={"pad_on": 0.2, "pad_off": 0.1}))
    assert [(s.start, pytest.approx(s.end)) for s in padded] == [(0.0, 0.5), (pytest.approx(0.6), 0.85)]
    assert len(binarize(p, 0.1, 1.0, plain.model_copy(update={"min_on": 0.2}))) == 1
    assert len(binarize(p, 0.1, 1.0, plain.model_copy(update={"min_off": 0.5}))) == 1


def test_overlap_is_flagged_and_confidence_is_the_mean():
    p = np.array([[0.9, 0], [0.7, 0.8], [0, 0.6], [0, 0], [0, 0], [0, 0], [0.9, 0]], np.float32)
    turns = turns_of(["a", "b"], p, 0.1, 0.7, SETTINGS)
    assert [(t.person, t.overlap) for t in turns] == [("a", True), ("b", True), ("a", False)]
    assert [t.confidence for t in turns] == pytest.approx([0.8, 0.7, 0.9])


# -- pieces, windows ---------------------------------------------------------------------------------------------------


def test_pieces_are_of_one_slot_and_of_one_stretch():
    who = np.array([0] * 30 + [-1] * 5 + [1] * 10 + [0] * 3)
    owner = np.array([0] * 15 + [1] * 33)
    rows = cuts(activity(who, [0, 1]), owner, 0.5)
    assert [(c.start, c.end, c.stretch, c.slot) for c in rows] == [(0, 15, 0, 0), (15, 30, 1, 0), (35, 45, 1, 1)]
    long = cuts(activity(np.zeros(50, int), [0]), np.zeros(50, int), 0.5)
    assert sum(c.weight for c in long) == pytest.approx(50)
    assert {c.end - c.start for c in long} == {20}


def test_voices_are_read_in_one_pass_wherever_blocks_end():
    class Blocks(ArrayAudio):
        def blocks(self, seconds=10.0):
            rest = self.samples
            while len(rest):
                yield rest[:777]
                rest = rest[777:]

    class Firsts:
        def pieces(self, pieces):
            return np.array([[piece[0], piece[-1], len(piece)] for piece in pieces], np.float32)

    samples = np.arange(30 * FRAME, dtype=np.float32)
    who = np.array([0] * 12 + [-1] * 3 + [1] * 15)
    rows = cuts(activity(who, [0, 1]), np.zeros(30, int), 0.5)
    got = voices(Blocks(samples), rows, Firsts(), batch=2)
    for cut, row in zip(rows, got, strict=True):
        assert row.tolist() == [cut.start * FRAME, cut.end * FRAME - 1, (cut.end - cut.start) * FRAME]


def test_frames_of_both_kinds_agree_about_time():
    audio, who = meeting(3, 2)
    stretch = SortformerWindow(0, activity(who, [0, 1]))
    rows = cuts(stretch.activity, np.zeros(len(who), int), 0.5)
    scan = as_scan([stretch], rows, np.zeros((len(rows), 2), np.float32), len(audio.samples))
    for cut, (start, end) in zip(rows, scan.spans, strict=True):
        assert frame_start(start) == pytest.approx(cut.start * STEP, abs=0.023)  # the first frame begins at 22.5 ms
        assert frame_start(end) == pytest.approx(cut.end * STEP, abs=0.02)
    times = [frame_start(i) for i in range(len(scan.scores))]
    talking = np.array([who[min(int((t + 0.0085) / STEP), len(who) - 1)] >= 0 for t in times])
    assert (talking == (scan.scores[:, 0] > 0.5)).mean() > 0.99
    window = scan.windows[3]
    assert window.shape[1] == 4
    at = 3 * scan.step + 100
    assert window[100].argmax() == who[int((frame_start(at) + 0.0085) / STEP)]


def test_stretches_are_merged_in_the_middle_of_what_they_share():
    first, second = (
        SortformerWindow(0, np.full((10, 4), 0.1, np.float32)),
        SortformerWindow(6, np.full((8, 4), 0.2, np.float32)),
    )
    together, owner = merged([first, second])
    assert together[:, 0].tolist() == pytest.approx([0.1] * 8 + [0.2] * 6)
    assert owner.tolist() == [0] * 8 + [1] * 6


# -- the streaming model --------------------------------------------------------------------------------------------


class Halves:
    """An embedding is the mean of eight mel frames; the head reads it and where it stands."""

    bands, width = 128, 6

    def __init__(self):
        self.lengths = []

    def front(self, features):
        padded = np.pad(features, ((0, -len(features) % 8), (0, 0)))
        return padded.reshape(-1, 8, 128).mean(axis=1)[:, :6].astype(np.float32)

    def head(self, embeddings):
        self.lengths.append(len(embeddings))
        return (1 / (1 + np.exp(-embeddings[:, :4] - 6 - 0.001 * len(embeddings)))).astype(np.float32)


NOISE = np.random.default_rng(0).normal(0, 0.1, 30 * RATE).astype(np.float32)


def stream(chunking):
    halves = Halves()
    return SortformerStream(CachedCore(halves, chunking.rules), chunking), halves


@pytest.mark.parametrize("latency", list(CHUNKINGS))
def test_however_the_sound_comes_every_frame_is_decided_once(latency):
    whole, _ = stream(CHUNKINGS[latency])
    once = np.concatenate([whole.push(NOISE), whole.flush()])
    assert len(once) == -(-(len(NOISE) // 160) // 8)
    rng, at, parts = np.random.default_rng(1), 0, []
    while at < len(NOISE):
        size = int(rng.integers(1, 40000))
        parts.append(whole.push(NOISE[at : at + size]))
        at += size
    parts.append(whole.flush())
    np.testing.assert_allclose(np.concatenate(parts), once, atol=1e-6)


@pytest.mark.parametrize(("latency", "seconds"), [("lowest", 0.32), ("low", 1.04), ("medium", 10.0), ("high", 30.4)])
def test_the_declared_latency_is_kept(latency, seconds):
    model, _ = stream(CHUNKINGS[latency])
    assert model.latency == pytest.approx(seconds)
    decided = 0
    for at in range(0, len(NOISE), 160):
        decided += len(model.push(NOISE[at : at + 160]))
        # 40 ms: the half window and the hop of the features.
        assert decided * STEP >= (at + 160) / RATE - model.latency - 0.04


def test_memory_does_not_grow_with_the_length():
    chunking = Chunking(6, 1, 2, CacheRules(cache=40, queue=20, update=12))
    model, halves = stream(chunking)
    for _ in range(8):
        model.push(NOISE)
    assert max(halves.lengths) <= 40 + 20 + 6 + 1 + 2
    assert len(model._features) <= (6 + 1 + 2) * 8 + 8


def test_listeners_hear_everything():
    class Counting:
        def __init__(self):
            self.lengths = []

        def __call__(self, samples):
            self.lengths.append(len(samples))
            return np.zeros((-(-(len(samples) // 160) // 8), 4), np.float32)

    for seconds, count in ((20, 1), (30, 1), (30.1, 2), (74, 4)):
        audio, model = ArrayAudio(np.zeros(round(seconds * RATE), np.float32)), Counting()
        stretches = OfflineListener(model, 30.0)(audio)
        assert len(stretches) == count
        assert max(model.lengths) <= 30 * RATE
        assert stretches[-1].end == -(-round(seconds * 100) // 8)
        for before, after in itertools.pairwise(stretches):
            assert (before.end - after.start) * STEP >= SHARED_SECONDS - STEP
    audio = ArrayAudio(NOISE)
    (one,) = StreamListener(stream(CHUNKINGS["low"])[0])(audio)
    assert (one.start, one.end) == (0, 375)


@pytest.mark.parametrize("wrong", [{"chunk": 0}, {"left": -1}, {"right": -1}])
def test_chunks_that_cannot_be(wrong):
    with pytest.raises(ValueError, match="chunks"):
        Chunking(**{"chunk": 5, "left": 1, "right": 1, "rules": CacheRules()} | wrong)


def test_settings_that_cannot_be():
    with pytest.raises(ValueError, match="off is greater"):
        SortformerSettings(on=0.4, off=0.5)
    with pytest.raises(ValueError, match="not longer"):
        OfflineListener(lambda samples: samples, SHARED_SECONDS)
