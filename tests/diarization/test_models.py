"""The real models on short real speech."""

import numpy as np
import pytest
import soundfile

from diarization import ClusteringDiarizer, DiarizationSettings, SpeechFinder, VoiceEmbedder, make_clustering_diarizer
from diarization.clustering.segmentation import Segmenter
from diarization.clustering.settings import FRAMES
from timeline import ArrayAudio, total

SETTINGS = DiarizationSettings()


@pytest.fixture(scope="module")
def sample(media):
    """30 s of two people on the telephone, with overlap."""
    samples, rate = soundfile.read(media / "diarization" / "pyannote_sample.flac", dtype="float32")
    assert rate == 16000
    return samples


@pytest.fixture(scope="module")
def truth(media):
    lines = (media / "diarization" / "pyannote_sample.rttm").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines]
    return [(float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows]


def error(truth, turns, duration, collar=0.25):
    """Share of the speech outside the collar that is not given to the right one speaker, or wrongly given."""
    times = np.arange(0, duration, 0.01)
    keep = np.ones(len(times), bool)
    for start, end, _ in truth:
        for edge in (start, end):
            keep &= np.abs(times - edge) > collar

    def grid(rows):
        return np.stack(
            [
                np.any([(times >= a) & (times < b) for a, b, w in rows if w == who], axis=0)
                for who in {r[2] for r in rows}
            ]
        )[:, keep]

    true, given = grid(truth), grid([(t.start, t.end, t.person) for t in turns])
    if len(given) != len(true):
        return 1.0
    orders = ([0, 1], [1, 0])
    return min(float((true != given[order]).sum()) for order in orders) / true.sum() / 1.0


def test_the_sample_is_told_apart(store, needs, sample, truth):
    needs(store, *ClusteringDiarizer.models(SETTINGS))
    found = make_clustering_diarizer(store, SETTINGS)(ArrayAudio(sample))
    assert set(found.embeddings) == {"S1", "S2"}
    assert found.turns[0].person == "S1"
    assert error(truth, found.turns, 30.0) < 0.08
    assert total(found.speech) == pytest.approx(total_truth(truth), rel=0.1)
    assert any(turn.overlap for turn in found.turns)


def total_truth(truth):
    times = np.arange(0, 30, 0.01)
    return 0.01 * np.any([(times >= a) & (times < b) for a, b, _ in truth], axis=0).sum()


def test_two_seconds_and_silence_and_nothing_work(store, needs, sample):
    needs(store, *ClusteringDiarizer.models(SETTINGS))
    diarizer = make_clustering_diarizer(store, SETTINGS)
    short = diarizer(ArrayAudio(sample[7 * 16000 : 9 * 16000]))
    assert len(short.embeddings) == 1
    assert all(turn.end <= 2.0 for turn in short.turns)
    for samples in (np.zeros(0, np.float32), np.zeros(1000, np.float32), np.zeros(80000, np.float32)):
        empty = diarizer(ArrayAudio(samples))
        assert (empty.turns, empty.embeddings, empty.speech) == ([], {}, [])


def test_the_number_of_speakers_can_be_given(store, needs, sample):
    needs(store, *ClusteringDiarizer.models(SETTINGS))
    only = DiarizationSettings(num_speakers=1)
    assert set(make_clustering_diarizer(store, only)(ArrayAudio(sample[: 12 * 16000])).embeddings) == {"S1"}


def test_segmentation_does_not_mind_loudness(store, needs, sample):
    needs(store, "segmentation-3.0")
    segmenter = Segmenter(store.session("segmentation-3.0"))
    window = sample[None, : 10 * 16000]
    found = segmenter(window)
    assert found.shape == (1, FRAMES, 7)
    np.testing.assert_allclose(found.sum(axis=2), 1, atol=1e-4)
    np.testing.assert_allclose(found, segmenter(window * 0.01), atol=1e-3)


@pytest.mark.parametrize("name", ["ecapa+campplus", "ecapa", "campplus"])
def test_a_voice_is_like_itself_and_unlike_others(store, needs, media, name):
    settings = DiarizationSettings(voiceprint=name)
    needs(store, *ClusteringDiarizer.models(settings))
    embedder = VoiceEmbedder.from_store(store, settings)
    rows = []
    for speaker in ("libri_1998", "libri_367", "libri_533"):
        for path in sorted((media / "voices" / speaker).glob("*.flac"))[:2]:
            rows.append(embedder(soundfile.read(path, dtype="float32")[0][: 5 * 16000]))
    cosine = np.array(rows) @ np.array(rows).T
    same = [cosine[2 * i, 2 * i + 1] for i in range(3)]
    other = [cosine[i, j] for i in range(6) for j in range(i) if i // 2 != j // 2]
    assert min(same) > embedder.same > max(other)
    assert embedder.model == name


def test_the_speech_finder_finds_speech(store, needs, sample, truth):
    needs(store, "silero-vad")
    finder = SpeechFinder.from_store(store)
    assert total(finder(ArrayAudio(sample))) == pytest.approx(total_truth(truth), rel=0.1)
    noise = np.random.default_rng(0).normal(0, 0.01, 48000).astype(np.float32)
    assert list(finder(ArrayAudio(noise))) == []
