"""One contract for all diarizers and voiceprints, the room's own and those that plugins add."""

from importlib.metadata import EntryPoint, EntryPoints

import numpy as np
import pytest

from diarization import DiarizationSettings, Diarizer, SpeakerEmbedder, factory, make_diarizer, make_voiceprint, models
from diarization.base import Diarization
from diarization.sortformer.base import StreamListener
from diarization.sortformer.network import CachedCore, Chunking, SortformerStream
from diarization.sortformer.pipeline import SortformerDiarizer
from diarization.sortformer.speaker_cache import CacheRules
from registered import finder_protocols
from timeline import ArrayAudio, ModelError, PeopleError, Segment, Turn, plugin, total
from weights import Store

RATE = 16000
RNG = np.random.default_rng(0)


@plugin("embedder")
class PluggedVoiceprint:
    """Somebody else's: the spectrum in 16 bands."""

    model, same = "plugged", 0.9

    def __init__(self, store, settings):
        pass

    def pieces(self, pieces):
        rows = [self._bands(np.asarray(piece, np.float32)) for piece in pieces]
        return np.array(rows, np.float32).reshape(-1, 16)

    def __call__(self, samples):
        if np.sqrt((samples**2).mean() if len(samples) else 0.0) < 1e-3:
            raise PeopleError("there is no speech", "speak")
        return self._bands(samples)

    @staticmethod
    def _bands(piece):
        power = np.abs(np.fft.rfft(piece, RATE)[:8000]).reshape(16, -1).sum(axis=1) + 1e-3
        return power / np.linalg.norm(power)


@plugin("diarizer", models=("yunet",))
class PluggedDiarizer:
    """Somebody else's: whoever is loud is the one speaker."""

    def __init__(self, store, settings):
        self.voiceprint = make_voiceprint(store, settings)

    def __call__(self, audio, progress=lambda share: None):
        loud = [block for block in audio.blocks(0.5) if np.abs(block).max() > 0.01]
        progress(1.0)
        if not loud:
            return Diarization([], {}, [], self.voiceprint.model)
        turn = Turn(start=0.0, end=audio.duration, person="S1", confidence=1.0)
        voice = self.voiceprint.pieces([np.concatenate(loud)])[0]
        return Diarization([turn], {"S1": voice}, [Segment(0.0, audio.duration)], self.voiceprint.model)


@pytest.fixture
def plugged(monkeypatch):
    points = [
        EntryPoint("plugged", f"{__name__}:PluggedDiarizer", "discreet.diarizers"),
        EntryPoint("plugged", f"{__name__}:PluggedVoiceprint", "discreet.voiceprints"),
        EntryPoint("broken", "builtins:dict", "discreet.diarizers"),
        EntryPoint("broken", "builtins:dict", "discreet.voiceprints"),
    ]
    classes = {"PluggedDiarizer": PluggedDiarizer, "PluggedVoiceprint": PluggedVoiceprint}
    monkeypatch.setattr(
        EntryPoint,
        "load",
        lambda self: classes.get(self.attr) or (lambda store, settings: object()),
    )
    monkeypatch.setattr("timeline.plugins.entry_points", lambda **wanted: EntryPoints(points).select(**wanted))


class Halves:
    """A stand-in for Sortformer's network: slot 0 is loud sound, the others are silent."""

    bands, width = 128, 2

    def front(self, features):
        padded = np.pad(features, ((0, -len(features) % 8), (0, 0)), mode="edge")
        loud = padded.reshape(-1, 8, 128).mean(axis=(1, 2))
        return np.stack([loud, loud], axis=1).astype(np.float32)

    def head(self, embeddings):
        out = np.full((len(embeddings), 4), 0.01, np.float32)
        out[:, 0] = np.where(embeddings[:, 0] > -9, 0.95, 0.01)
        return out


def sortformer(store, settings):
    chunking = Chunking(6, 1, 2, CacheRules(cache=40, queue=20, update=12))
    listener = StreamListener(SortformerStream(CachedCore(Halves(), chunking.rules), chunking))
    return SortformerDiarizer(listener, PluggedVoiceprint(store, settings), "plugged", settings)


def diarizer(name, store, needs):
    settings = DiarizationSettings(diarizer=name, voiceprint="plugged" if name != "embedded" else "ecapa")
    if name == "sortformer":
        return sortformer(store, settings)
    if name == "embedded":
        needs(store, *models(settings))
    return make_diarizer(store, settings)


@pytest.mark.parametrize("name", ["embedded", "sortformer", "plugged"])
def test_every_diarizer_keeps_the_contract(name, store, needs, plugged):
    found = diarizer(name, store, needs)
    assert isinstance(found, Diarizer)
    steps = []
    speech = (
        0.2
        * np.sin(np.cumsum(0.05 + 0.02 * np.sin(np.arange(12 * RATE) / 900)))
        * (1 + np.sin(np.arange(12 * RATE) / 1100))
    )
    speech = (speech + RNG.normal(0, 0.01, len(speech))).astype(np.float32)
    audio = ArrayAudio(np.concatenate([np.zeros(RATE, np.float32), speech]))
    result = found(audio, steps.append)
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    assert result.turns == sorted(result.turns, key=lambda turn: turn.start)
    assert {turn.person for turn in result.turns} == set(result.embeddings)
    labels = list(dict.fromkeys(turn.person for turn in result.turns))
    assert labels == [f"S{i + 1}" for i in range(len(labels))]
    for turn in result.turns:
        assert 0 <= turn.start < turn.end <= audio.duration
        assert 0 <= turn.confidence <= 1
    for before, after in zip(result.speech, result.speech[1:], strict=False):
        assert before.end <= after.start
    assert total(result.speech) <= audio.duration
    for vector in result.embeddings.values():
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
    assert result.model
    for silence in (np.zeros(0, np.float32), np.zeros(100, np.float32), np.zeros(2 * RATE, np.float32)):
        nothing = found(ArrayAudio(silence))
        assert (nothing.turns, nothing.embeddings, nothing.speech) == ([], {}, [])


@pytest.mark.parametrize("name", ["ecapa+campplus", "ecapa", "campplus", "titanet-s", "titanet-l", "plugged"])
def test_every_voiceprint_keeps_the_contract(name, store, needs, plugged):
    settings = DiarizationSettings(voiceprint=name)
    needs(store, *factory.voiceprint_models(settings), "silero-vad")
    voiceprint = make_voiceprint(store, settings)
    assert isinstance(voiceprint, SpeakerEmbedder)
    embed: finder_protocols.VoiceEmbedder = voiceprint  # enrolment takes it as it is
    assert embed.model == name
    assert -1 < voiceprint.same < 1
    pieces = [RNG.normal(0, 0.1, size).astype(np.float32) for size in (3000, 9000, 25600)]
    rows = voiceprint.pieces(pieces)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(voiceprint.pieces(pieces[1:2])[0], rows[1], atol=1e-4)
    assert len(voiceprint.pieces([])) == 0
    with pytest.raises(PeopleError) as caught:
        voiceprint(np.zeros(RATE, np.float32))
    assert caught.value.remedy


@pytest.mark.parametrize("what", ["diarizer", "voiceprint"])
@pytest.mark.parametrize("name", ["nobodys", "broken"])
def test_a_name_nobody_has_is_told_with_what_there_is(what, name, plugged, tmp_path):
    settings = DiarizationSettings(**{what: name})
    make = make_diarizer if what == "diarizer" else make_voiceprint
    with pytest.raises(ModelError, match=name) as caught:
        make(Store(tmp_path), settings)
    assert caught.value.remedy
    if name == "nobodys":
        assert "sortformer" in caught.value.remedy or "titanet-l" in caught.value.remedy


def test_the_models_each_choice_needs(plugged):
    def needed(**settings):
        return set(models(DiarizationSettings.model_validate(settings)))

    assert needed() == {"segmentation-3.0", "silero-vad", "ecapa", "campplus"}
    assert needed(diarizer="sortformer") == {"sortformer-v2", "silero-vad", "ecapa", "campplus"}
    chosen = {"model": "sortformer-v1", "backend": "nemo"}
    assert needed(diarizer="sortformer", sortformer=chosen, voiceprint="titanet-l") == {"silero-vad", "titanet-l"}
    assert "titanet-l" not in needed(voiceprint="titanet-l", voiceprint_backend="nemo")
    assert needed(diarizer="plugged", voiceprint="plugged") == {"yunet"}


def test_models_that_are_not_here_are_told_with_the_way_to_them(tmp_path):
    for settings, way in (
        (DiarizationSettings(diarizer="sortformer"), "discreet weights fetch"),
        (DiarizationSettings(voiceprint="titanet-l"), "discreet weights fetch"),
        (DiarizationSettings(voiceprint="titanet-s"), "discreet weights import"),  # nobody told its hash
    ):
        with pytest.raises(ModelError) as caught:
            (make_voiceprint if settings.diarizer == "embedded" else make_diarizer)(Store(tmp_path, local=[]), settings)
        assert way in caught.value.remedy


def test_without_nemo_the_remedy_is_to_install_it_or_to_convert(monkeypatch, tmp_path):
    import builtins

    real = builtins.__import__

    def without(name, *rest, **more):
        if name.split(".")[0] in ("nemo", "torch"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    settings = DiarizationSettings.model_validate({"diarizer": "sortformer", "sortformer": {"backend": "nemo"}})
    for make, chosen in (
        (make_diarizer, settings),
        (make_voiceprint, DiarizationSettings(voiceprint="titanet-l", voiceprint_backend="nemo")),
    ):
        with pytest.raises(ModelError, match="NeMo") as caught:
            make(Store(tmp_path, local=[]), chosen)
        assert "discreet[nemo]" in caught.value.remedy
