"""Which models a run needs, and what is said about those that are missing."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from discreet.config.models import model_hashes, model_ids, require_word_models, word_model_ids
from discreet.config.settings import load
from timeline import ModelError
from voice.resynthesis import MODELS
from weights import Manifest, Store
from weights.manifest import default_manifest


def test_the_models_of_the_reference_profile_are_those_it_names(tmp_path: Path) -> None:
    ids = model_ids(Store(tmp_path), load(options=["profile=reference"]))
    assert {"retinaface-mnet", "arcface-mbf", "talknet", "sortformer-v2", "titanet-l"} <= set(ids)
    assert not {"sface", "lr-asd"} & set(ids)


@pytest.mark.parametrize("profile", ["embedded", "reference"])
def test_fetching_a_profile_brings_all_that_it_needs(tmp_path: Path, profile: str) -> None:
    store = Store(tmp_path)
    listed = {model.id for model in store.manifest.models if profile in model.profiles}
    assert set(model_ids(store, load(options=[f"profile={profile}"]))) <= listed


@pytest.mark.parametrize(
    ("setting", "more"),
    [("redaction.asr=vosk", {"vosk-small-en"}), ('redaction.policy={PERSON="surrogate"}', {"kokoro"})],
)
def test_an_option_brings_its_models(tmp_path: Path, setting: str, more: set[str]) -> None:
    warp = "voice.mode=warp"
    plain = set(model_ids(Store(tmp_path), load(options=[warp])))
    assert set(model_ids(Store(tmp_path), load(options=[warp, setting]))) - plain == more
    assert not set(model_ids(Store(tmp_path), load(options=[warp, setting, "process.words=false"]))) - plain


@pytest.mark.parametrize("mode", ["prosody", "words", "flat"])
def test_saying_again_needs_its_models_and_never_falls_back_by_itself(tmp_path: Path, mode: str) -> None:
    setting = f"voice.mode={mode}"
    assert set(MODELS) <= set(model_ids(Store(tmp_path), load(options=[setting])))
    assert not set(MODELS) & set(model_ids(Store(tmp_path), load(options=["voice.mode=warp"])))
    assert not set(MODELS) & set(model_ids(Store(tmp_path), load(options=[setting, "process.words=false"])))
    with pytest.raises(ModelError) as caught:
        model_hashes(Store(tmp_path), load(options=[setting]))
    assert all(id in str(caught.value) for id in MODELS)
    assert "--set voice.mode=warp" in caught.value.remedy


@pytest.mark.parametrize("mode", ["prosody", "warp"])
def test_taking_words_out_of_sound_needs_no_faces_no_speakers_and_no_synthesiser(tmp_path: Path, mode: str) -> None:
    settings = load(options=[f"voice.mode={mode}"])
    assert word_model_ids(Store(tmp_path), settings) == ["silero-vad", "whisper-base", "spacy-en-sm"]
    with pytest.raises(ModelError, match="whisper-base"):
        require_word_models(Store(tmp_path), settings)
    surrogate = load(options=['redaction.policy={PERSON="surrogate"}'])
    more = set(word_model_ids(Store(tmp_path), surrogate)) - set(word_model_ids(Store(tmp_path), settings))
    assert more == {"kokoro"}


def test_all_models_that_are_missing_are_told_at_once_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        model_hashes(Store(tmp_path), load(options=["profile=reference"]))
    assert str(caught.value).startswith("profile reference: ")
    assert all(id in str(caught.value) for id in ("retinaface-mnet", "arcface-mbf", "talknet", "titanet-l"))
    assert "\n" not in str(caught.value)
    command = caught.value.remedy.splitlines()[0]
    assert command.startswith("discreet weights fetch retinaface-mnet yunet arcface-mbf")
    assert "--accept retinaface-mnet --accept arcface-mbf" in command
    assert "talknet" not in command
    by_hand = [line for line in caught.value.remedy.splitlines() if "by hand" in line]
    assert len(by_hand) == 1
    assert by_hand[0].endswith("discreet weights import talknet pretrain_TalkSet.model")
    others = [f"--set {s}" for s in ("vision.speaker.scorer=auto", "diarization.diarizer=embedded")]
    assert all(other in caught.value.remedy for other in others)


class _Stocked(Store):
    """A store that has every model but for the checkpoints that are looked for in ``local``."""

    def require(self, ids: Iterable[str]) -> None:
        """Nothing is missing."""

    def sha256(self, id: str) -> str:
        """Of no file."""
        return f"store:{id}"


def test_the_checkpoint_that_nemo_opens_is_among_the_models_of_a_run(tmp_path: Path) -> None:
    models = {model.id: model.model_dump() for model in default_manifest().models}
    content = b"a checkpoint"
    sha = hashlib.sha256(content).hexdigest()
    models["sortformer-v2"]["conversion"]["checkpoint"].update(sha256=sha, size=len(content))
    manifest = Manifest(version=1, archives=default_manifest().archives, models=tuple(models.values()))
    store = _Stocked(tmp_path / "weights", manifest, local=[tmp_path / "mine"])
    options = ("diarization.diarizer=sortformer", "diarization.sortformer.backend=nemo")
    with pytest.raises(ModelError, match=r"4spk-v2\.nemo"):  # before any work is done
        model_hashes(store, load(options=options))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diar_streaming_sortformer_4spk-v2.nemo").write_bytes(content)
    assert model_hashes(store, load(options=options))["sortformer-v2"] == sha
    converted = model_hashes(store, load(options=options[:1]))
    assert converted["sortformer-v2"] == "store:sortformer-v2"
    assert "sortformer-v2" not in model_hashes(store, load())
