import numpy as np
import pytest

from diarization.embedding.ensemble import VoiceEmbedder, VoiceModel
from timeline import PeopleError, Segment


class Session:
    """Embeds a piece as the mean and the deviation of its features."""

    def get_inputs(self):
        return [type("Input", (), {"name": "feats"})]

    def run(self, names, given):
        feats = given["feats"]
        return [np.concatenate([feats.mean(axis=1), feats.std(axis=1) + 0.1], axis=1)]


def features(pieces):
    return np.stack([pieces[:, ::400], pieces[:, 200::400]], axis=2)


MODEL = VoiceModel(Session(), features)
RNG = np.random.default_rng(0)


def test_unit_vectors_whatever_the_lengths_and_the_batch():
    pieces = [RNG.normal(size=n).astype(np.float32) for n in (100, 6400, 7000, 12800, 12700, 25600)]
    one, many = VoiceEmbedder([MODEL], "x", batch=1), VoiceEmbedder([MODEL], "x", batch=4)
    np.testing.assert_allclose(np.linalg.norm(one.pieces(pieces), axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(one.pieces(pieces), many.pieces(pieces), atol=1e-6)
    for piece, row in zip(pieces, many.pieces(pieces), strict=True):
        np.testing.assert_allclose(row, one.pieces([piece])[0], atol=1e-6)


def test_the_cosine_of_two_models_is_the_mean_of_theirs():
    other = VoiceModel(Session(), lambda pieces: features(pieces)[:, :50] ** 2)
    pieces = [RNG.normal(size=25600).astype(np.float32) * scale for scale in (1, 2)]
    cosines = [float(np.prod(VoiceEmbedder([m], "x").pieces(pieces), axis=0).sum()) for m in (MODEL, other)]
    both = VoiceEmbedder([MODEL, other], "x").pieces(pieces)
    assert float(both[0] @ both[1]) == pytest.approx(np.mean(cosines), abs=1e-5)


def test_what_comes_out_does_not_depend_on_the_cores():
    other = VoiceModel(Session(), lambda pieces: features(pieces)[:, :50] ** 2)
    pieces = [RNG.normal(size=n).astype(np.float32) for n in RNG.integers(500, 30000, 40)]
    one, many = (VoiceEmbedder([MODEL, other], "x", batch=4, cores=cores).pieces(pieces) for cores in (1, 3))
    np.testing.assert_array_equal(one, many)


def test_enrolment_listens_to_speech_only():
    speech = RNG.normal(size=32000).astype(np.float32)
    noise = RNG.normal(size=16000).astype(np.float32) * 5
    embedder = VoiceEmbedder([MODEL], "x", vad=lambda audio: [Segment(1, 3)])
    plain = VoiceEmbedder([MODEL], "x")
    np.testing.assert_allclose(embedder(np.concatenate([noise, speech, noise])), plain(speech), atol=1e-6)


def test_too_little_speech_is_an_error_a_user_can_mend():
    with pytest.raises(PeopleError) as caught:
        VoiceEmbedder([MODEL], "x", vad=lambda audio: [])(np.ones(48000, np.float32))
    assert caught.value.remedy


def test_no_pieces_and_no_models():
    assert VoiceEmbedder([MODEL], "x").pieces([]).shape[0] == 0
    with pytest.raises(ValueError, match="model"):
        VoiceEmbedder([], "x")
