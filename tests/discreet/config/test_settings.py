"""Settings come from four places; the later wins; what is not known is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from discreet.config.profiles import PROFILES
from discreet.config.settings import SettingsError, load
from vision import calibrated
from weights import Store


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))


def test_later_places_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().vision.mask.style == "mosaic"
    (tmp_path / "config.toml").write_text('[vision.mask]\nstyle = "solid"\ncells = 3\n')
    assert load().vision.mask.style == "solid"
    monkeypatch.setenv("DISCREET_VISION__MASK__STYLE", "blur")
    assert load().vision.mask.style == "blur"
    settings = load(options=["vision.mask.style=mosaic"])
    assert (settings.vision.mask.style, settings.vision.mask.cells) == ("mosaic", 3)


def test_a_given_file_takes_the_place_of_the_users(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[vision.mask]\ncells = 3\n")
    other = tmp_path / "other.toml"
    other.write_text("[process]\nwords = false\n")
    assert load(other).vision.mask.cells != 3
    assert not load(other).process.words


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["vision.mask.colour_of_the_sky=1"], "vision.mask.colour_of_the_sky"),
        (["nonsense=1"], "nonsense"),
        (["redaction.language=english"], "redaction.language"),
        (["vision.mask.cells=900"], "vision.mask.cells"),
        (["diarization.min_speakers=3", "diarization.max_speakers=2"], r"max_speakers \(2\) is less than"),
        (["diarization.num_speakers=3", "diarization.max_speakers=2"], r"num_speakers \(3\) lies outside"),
        (["diarization.num_speakers=0"], "diarization.num_speakers"),
        (["vision"], "not key=value"),
        (["=1"], "not key=value"),
    ],
)
def test_what_cannot_be_is_named(options: list[str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load(options=options)


@pytest.mark.parametrize("name", ["DISCREET_VISON__MASK__STYLE", "DISCREET_VISION__MASK__STILE", "DISCREET_VISION"])
def test_a_slip_in_the_environment_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "solid")
    with pytest.raises(SettingsError, match=r"there is no such setting|cannot be read"):
        load()


def test_a_value_that_cannot_be_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as refused:
        load(options=["redaction.deny={ name = 'Whittaker' }"])
    assert "Whittaker" not in f"{refused.value!r} {refused.value.__cause__!r}"


def test_a_bad_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no settings file .*absent"):
        load(tmp_path / "absent.toml")
    (tmp_path / "config.toml").write_text("[vision\n")
    with pytest.raises(SettingsError, match="is not TOML"):
        load()


def test_values_are_toml_else_text() -> None:
    settings = load(options=["redaction.deny=['Rose Hill']", "redaction.language=en", "redaction.beam=3"])
    assert settings.redaction.deny == ("Rose Hill",)
    assert settings.redaction.language == "en"
    assert settings.redaction.beam == 3


def test_config_show_prints_toml_that_reads_back(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "discreet", "config", "show", "--set", "vision.mask.cells=5"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    file = tmp_path / "shown.toml"
    file.write_text(shown, encoding="utf-8")
    given = load(options=["vision.mask.cells=5"])
    assert load(file) == given.model_copy(update={"vision": calibrated(Store(), given.vision)})  # what decides is shown


def test_a_profile_is_a_set_of_defaults_that_everything_else_stands_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = load(options=["profile=reference"]).vision
    assert (chosen.detect.detector, chosen.recognise.recogniser, chosen.speaker.scorer) == (
        "retinaface-mnet+yunet",
        "arcface-mbf",
        "talknet",
    )
    assert load(options=["profile=embedded"]) == load()
    (tmp_path / "config.toml").write_text('profile = "reference"\n[vision.detect]\ndetector = "centerface"\n')
    monkeypatch.setenv("DISCREET_VISION__RECOGNISE__RECOGNISER", "sface")
    mixed = load(options=["vision.speaker.scorer=lips"])
    assert mixed.profile == "reference"
    assert (mixed.vision.detect.detector, mixed.vision.recognise.recogniser) == ("centerface", "sface")
    assert mixed.vision.speaker.scorer == "lips"


@pytest.mark.parametrize("name", ["profile=nonsense", "profile=1", "profile={ a = 1 }"])
def test_a_profile_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="profile"):
        load(options=[name])


def test_every_profile_can_be_loaded() -> None:
    for name in PROFILES:
        assert load(options=[f"profile={name}"]).profile == name
