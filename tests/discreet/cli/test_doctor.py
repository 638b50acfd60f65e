"""What settings need, and what the doctor says about it."""

import importlib.util
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.cli.doctor import Finding, examine
from discreet.cli.requirements import OPTIONS, lacking, needs, remedies
from discreet.config.settings import SettingsError, load
from timeline import ExitCode
from weights import Store


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home in which nothing is."""
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    for name in ("DISCREET_WEIGHTS", "DISCREET_WHISPERX_PYTHON"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has every model of the store."""
    monkeypatch.setattr(Store, "has", lambda self, id: True)


def found(*options: str) -> dict[str, Finding]:
    return {f"{f.area}: {f.name}": f for f in examine(options=options)}


def test_what_the_settings_in_use_need_must_be_there(tmp_path: Path) -> None:
    plain = found()
    assert plain["models: sface"].state == "missing"
    assert plain["models: sface"].remedy == "discreet weights fetch sface"
    assert plain["models: lr-asd"].state == "warning"
    assert "lip motion" in plain["models: lr-asd"].detail
    reference = found("profile=reference")
    assert "models: sface" not in reference
    assert reference["models: arcface-mbf"].remedy.startswith("discreet weights fetch arcface-mbf --accept arcface-mbf")
    assert reference["models: talknet"].state == "missing", "a scorer that was asked for is not replaced"
    assert reference["models: talknet"].remedy.endswith("discreet weights import talknet pretrain_TalkSet.model")


def test_it_says_where_it_looks_for_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "cache")
    store = found()["models: store"]
    assert str(tmp_path / "home" / "weights") in store.detail
    assert store.state == "warning"
    assert "holds no models" in store.detail
    assert store.remedy == "discreet weights fetch"


def test_a_moved_home_names_the_store_that_holds_the_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = tmp_path / "cache"
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: usual)
    (usual / "weights" / "sface").mkdir(parents=True)
    (usual / "weights" / "sface" / ".discreet.json").write_text("{}")
    store = found()["models: store"]
    assert store.state == "warning"
    assert "DISCREET_HOME" in store.detail
    assert str(usual / "weights") in store.detail
    assert str(usual / "weights") in store.remedy, "they can be copied from there, or the variable unset"
    assert "unset DISCREET_HOME" in store.remedy


def test_the_folders_of_discreet_weights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCREET_WEIGHTS", str(tmp_path / "brought"))
    assert str(tmp_path / "brought") in found()["models: store"].detail


def test_each_option_says_what_it_needs_beside_and_one_command_brings_its_models() -> None:
    all_of_it = found()
    assert {name for name in all_of_it if name.startswith("options: ")} == {f"options: {o}" for o in OPTIONS}
    profile = all_of_it["options: --profile reference"]
    assert profile.state == "option"
    assert all(id in profile.detail for id in ("retinaface-mnet", "arcface-mbf", "talknet", "sortformer-v2"))
    assert "yunet" not in profile.detail, "it is needed anyhow, and was told"
    fetch, by_hand = profile.remedy.splitlines()
    assert fetch.startswith("discreet weights fetch retinaface-mnet arcface-mbf sortformer-v2 titanet-l --accept")
    assert by_hand.startswith("talknet can only be downloaded by hand")
    assert not all_of_it["options: the operator surrogate of a policy"].remedy, "its model is needed anyhow"
    assert all_of_it["options: --set redaction.ner=spacy-en-md"].remedy == "discreet weights fetch spacy-en-md"


@pytest.mark.usefixtures("everything")
def test_libraries_and_environments_are_looked_for_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = importlib.util.find_spec
    gone = {"vosk", "nemo"}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name in gone else look(name))
    monkeypatch.setattr("sys.prefix", str(tmp_path / "venv"))
    all_of_it = found()
    assert all_of_it["options: --asr vosk"].remedy.endswith("-m pip install 'discreet[vosk]'")
    nemo = all_of_it["options: --diarizer sortformer --set diarization.sortformer.backend=nemo"]
    assert nemo.remedy.splitlines()[0].endswith("-m pip install 'discreet[nemo]'")
    assert "DISCREET_WEIGHTS" in nemo.remedy, "NeMo reads the file itself, not what was converted"
    whisperx = all_of_it["options: --asr whisperx"].remedy.splitlines()
    assert whisperx[0] == "./setup.sh --with whisperx"
    assert "redaction.whisperx.align=FOLDER" in whisperx[1]
    python, aligner = tmp_path / "venv-whisperx" / "bin" / "python", tmp_path / "home" / "weights" / "whisperx-align"
    for path in (python, aligner / "config.json", aligner / "vocab.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    gone.clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: look("json") if name == "vosk" else look(name))
    all_of_it = found()
    assert all_of_it["options: --asr whisperx"].state == all_of_it["options: --asr vosk"].state == "ok"


@pytest.mark.usefixtures("everything")
def test_what_is_not_chosen_ends_nothing_and_what_is_chosen_and_missing_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discreet.cli.doctor.CORE", ())
    done = CliRunner().invoke(app, ["doctor", "--json"])
    states = {row["state"] for row in json.loads(done.stdout)}
    assert "option" in states
    assert "missing" not in states
    assert done.exit_code == 0
    assert CliRunner().invoke(app, ["doctor", "--set", "redaction.asr=whisperx"]).exit_code == ExitCode.MODELS


def test_an_option_in_use_that_lacks_something_is_not_called_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DISCREET_WHISPERX_PYTHON", str(tmp_path / "none"))
    rows = {row.name: row for row in examine(options=["redaction.asr=whisperx"])}
    assert rows["WhisperX"].state == "missing"
    assert rows["--asr whisperx"].state == "option"
    assert "WhisperX" in rows["--asr whisperx"].detail


def test_commands_are_shown_whole_and_to_be_copied() -> None:
    shown = CliRunner().invoke(app, ["doctor"]).stdout
    assert "      discreet weights fetch spacy-en-md\n" in shown
    assert "…" not in shown[shown.index("could be chosen") :]


def test_settings_that_cannot_be_are_no_finding() -> None:
    with pytest.raises(SettingsError):
        list(examine(options=["vision.nonsense=1"]))
    assert CliRunner().invoke(app, ["doctor", "--set", "vision.nonsense=1"]).exit_code == ExitCode.USAGE


@pytest.mark.parametrize("chosen", OPTIONS.values(), ids=list(OPTIONS))
def test_every_option_is_one_of_ours_and_everything_it_lacks_has_a_remedy(
    tmp_path: Path, chosen: tuple[str, ...]
) -> None:
    store = Store(tmp_path, local=[])
    settings = load(options=chosen)
    missing = lacking(store, settings)
    assert missing
    assert all(need.remedy for need in missing)
    assert all(line in remedies(store, missing) for need in missing for line in need.remedy.splitlines()[1:])
    assert {need.name for need in missing} <= {need.name for need in needs(store, settings)}


@pytest.mark.parametrize("here", [True, False])
def test_the_voice_lab_is_no_need_but_its_remedy_is_told(here: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *rest: (object() if here else None) if name == "torch" else known(name, *rest),
    )
    lab = found()["packages: voice lab"]
    assert lab.state == "ok"
    assert ("torch" in lab.detail) is not here
    if not here:
        assert lab.remedy == "./setup.sh --with lab"


def test_a_pack_of_insightface_is_there_or_how_to_get_it_is_said(tmp_path: Path, everything: None) -> None:
    def chosen(pack: str) -> tuple[str, str]:
        options = (f"vision.detect.detector={pack}+yunet", f"vision.recognise.recogniser={pack}")
        one = found(*options)["models: InsightFace's pack"]
        return one.state, one.remedy

    state, remedy = chosen(f"insightface:{tmp_path / 'none'}")
    assert state == "missing"
    assert "insightface:/path" in remedy
    for name in ("det_10g.onnx", "w600k_r50.onnx"):
        (tmp_path / name).write_bytes(name.encode())
    assert chosen(f"insightface:{tmp_path}") == ("ok", "")
    (name,) = [name for name in OPTIONS if "insightface:" in name]
    assert "insightface-cli model.download buffalo_l" in found()[f"options: {name}"].remedy
