"""A model brings its own thresholds along; what the user set stands."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from timeline import ModelError, plugin
from vision.active_speaker.ensemble import ScorerEnsemble
from vision.active_speaker.lip_motion import CALIBRATION
from vision.detection.ensemble import COMMON
from vision.factory import (
    DETECTORS,
    RECOGNISERS,
    calibrated,
    make_recogniser,
    same_person,
    scorer_models,
    stored_models,
    template_model,
)
from vision.recognition.insightface_pack import pack_model
from vision.settings import DetectSettings, RecogniseSettings, SpeakerSettings, VisionSettings
from weights import Calibration, Store, default_manifest


class Listed:
    """A store that only knows calibrations."""

    def __init__(self, **models: Calibration) -> None:
        self._models = {name.replace("_", "-"): calibration for name, calibration in models.items()}

    def has(self, id: str) -> bool:
        return id in self._models

    def calibration(self, id: str) -> Calibration | None:
        return self._models.get(id)


def test_the_room_s_defaults_are_those_kept_with_sface() -> None:
    kept = default_manifest()["sface"].calibration
    assert kept is not None
    room = RecogniseSettings()
    assert kept.settings == {name: getattr(room, name) for name in kept.settings}
    assert calibrated(Store(), VisionSettings()).recognise == VisionSettings().recognise


def test_every_figure_kept_with_a_face_model_is_one_of_its_settings() -> None:
    rooms = {
        "face recognition": RecogniseSettings,
        "face detection": DetectSettings,
        "active speaker": SpeakerSettings,
    }
    for model in default_manifest().models:
        if model.calibration is not None and model.job in rooms:
            known = rooms[model.job].model_fields
            assert set(model.calibration.settings) <= set(known)
            rooms[model.job](**model.calibration.settings)  # and in its range


def test_the_scale_of_scores_is_that_of_the_room_s_defaults() -> None:
    room = DetectSettings()
    assert {name: getattr(room, name) for name in COMMON} == COMMON
    assert default_manifest()["yunet"].calibration is None
    for id in DETECTORS[1:]:
        kept = default_manifest()[id].calibration
        assert kept is not None
        assert set(kept.settings) == set(COMMON)


def test_every_recogniser_that_can_be_chosen_is_calibrated() -> None:
    for id in RECOGNISERS:
        kept = default_manifest()[id].calibration
        assert kept is not None
        assert kept.same is not None
        assert {"track", "single", "margin", "crop", "reject", "doubt"} <= set(kept.settings)


def test_a_model_s_figures_replace_defaults_but_nothing_that_was_set() -> None:
    store = Listed(arcface_mbf=Calibration(settings={"track": 0.36, "crop": 0.2}, same=0.3, measured="here"))
    mine = VisionSettings(recognise=RecogniseSettings(recogniser="arcface-mbf", crop=0.5))
    done = calibrated(store, mine).recognise
    assert (done.track, done.crop, done.margin) == (0.36, 0.5, RecogniseSettings().margin)
    assert calibrated(store, calibrated(store, mine)).recognise == done
    assert same_person(store, "arcface-mbf") == 0.3


@pytest.mark.parametrize(
    ("name", "lowest", "refused"), [("track", 0.32, 0.31), ("crop", 0.25, 0.24), ("margin", 0.12, 0.11)]
)
def test_what_would_show_strangers_is_refused_and_what_is_stricter_is_not(
    name: str, lowest: float, refused: float
) -> None:
    kept = Calibration(settings={"track": 0.36, "crop": 0.25, "margin": 0.12}, same=0.3, measured="here")
    store = Listed(arcface_mbf=kept)

    def chosen(value: float) -> VisionSettings:
        return VisionSettings(recognise=RecogniseSettings(recogniser="arcface-mbf", **{name: value}))

    with pytest.raises(ModelError, match=f"{name} {refused} is too low") as caught:
        calibrated(store, chosen(refused))
    assert str(lowest) in caught.value.remedy
    for value in (lowest, 0.6):
        assert getattr(calibrated(store, chosen(value)).recognise, name) == value


@pytest.mark.parametrize(
    "setting",
    ["detect.every=0.2", "detect.birth=0.61", "detect.keep=0.31", "recognise.agree=2", "recognise.slack=0.05"],
)
def test_settings_under_which_faces_would_be_missed_cannot_be_made(setting: str) -> None:
    path, _, value = setting.partition("=")
    part, name = path.split(".")
    with pytest.raises(ValidationError):
        VisionSettings.model_validate({part: {name: float(value)}})


def test_a_model_nobody_calibrated_keeps_the_room_s() -> None:
    settings = VisionSettings(
        recognise=RecogniseSettings(recogniser="theirs"),
        detect=DetectSettings(detector="theirs"),
        speaker=SpeakerSettings(scorer="none"),
    )
    assert calibrated(Listed(), settings) == settings
    assert same_person(Listed(), "theirs") is None
    assert stored_models(settings) == []


def test_several_detectors_need_all_their_models() -> None:
    settings = VisionSettings(detect=DetectSettings(detector="centerface+yunet+theirs"))
    assert stored_models(settings) == ["centerface", "yunet", "sface"]


# -- packs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pack(store, needs, tmp_path: Path) -> Path:
    """A folder as insightface-cli leaves it, with the one recognition file the store has as well."""
    needs(store, "arcface-mbf", "scrfd-500m")
    (tmp_path / "w600k_mbf.onnx").symlink_to(store.path("arcface-mbf"))
    (tmp_path / "det_500m.onnx").symlink_to(store.path("scrfd-500m"))
    (tmp_path / "genderage.onnx").write_bytes(b"")
    return tmp_path


def test_a_pack_s_file_that_the_manifest_knows_has_its_id_and_its_templates(pack: Path) -> None:
    model = pack_model(f"insightface:{pack}", "recognition")
    assert (model.id, model.known) == ("arcface-mbf", True)
    assert template_model(f"insightface:{pack}") == "arcface-mbf"


def test_a_pack_s_file_that_nobody_knows_is_named_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "w600k_r50.onnx").write_bytes(b"some")
    first = template_model(f"insightface:{tmp_path}")
    (tmp_path / "w600k_r50.onnx").write_bytes(b"others")
    second = template_model(f"insightface:{tmp_path}")
    assert first.startswith("w600k_r50-")
    assert first != second


def test_a_pack_gives_the_store_s_own_embeddings(pack: Path, store) -> None:
    from vision.detection.base import Detections
    from vision.recognition.base import TEMPLATE

    picture = np.random.default_rng(0).integers(0, 256, (112, 112, 3), np.uint8)
    face = Detections(np.array([[0, 0, 112, 112]], np.float32), TEMPLATE[None], np.ones(1, np.float32))
    theirs = make_recogniser(store, f"insightface:{pack}")
    assert np.array_equal(theirs(picture, face)[0], make_recogniser(store, "arcface-mbf")(picture, face)[0])


def test_a_pack_s_recogniser_is_read_with_the_family_s_figures() -> None:
    store = Listed(arcface_mbf=Calibration(settings={"track": 0.36}, same=0.3, measured="here"))
    settings = VisionSettings(recognise=RecogniseSettings(recogniser="insightface:buffalo_l"))
    assert calibrated(store, settings).recognise.track == 0.36


def test_a_pack_that_is_not_there_is_one_line_with_the_command(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("vision.recognition.insightface_pack.HOME", tmp_path)
    with pytest.raises(ModelError) as caught:
        template_model("insightface:buffalo_l")
    assert "insightface-cli model.download buffalo_l" in caught.value.remedy
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="none"):
        template_model("insightface:empty")
    with pytest.raises(ModelError):
        template_model("insightface:")


def test_a_plug_in_s_templates_bear_its_name(store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Theirs:
        id = "other"

        def __call__(self, picture, faces):
            raise NotImplementedError

    class Point:
        @staticmethod
        def load():
            return plugin("recogniser")(lambda store, settings: Theirs())

    monkeypatch.setattr("timeline.plugins.entry_points", lambda *, group, name: [Point])
    assert make_recogniser(store, "other").id == "other"
    with pytest.raises(ModelError, match="theirs"):
        make_recogniser(store, "theirs")


def test_a_scorer_s_probabilities_are_read_as_it_was_calibrated() -> None:
    light = Calibration(settings={"slope": 1.5, "bias": -1.0}, measured="here")
    for scorer, slope in (("light-asd", 1.5), ("lips", CALIBRATION["slope"]), ("lr-asd", SpeakerSettings().slope)):
        mine = VisionSettings(speaker=SpeakerSettings(scorer=scorer, bias=-3.0))
        done = calibrated(Listed(light_asd=light), mine).speaker
        assert (done.slope, done.bias) == (slope, -3.0)
    alone = calibrated(Listed(), VisionSettings()).speaker
    assert alone.bias == CALIBRATION["bias"], "without LR-ASD, auto is the lips"


def test_both_networks_are_needed_for_both() -> None:
    assert scorer_models(Listed(), "both") == ["lr-asd", "light-asd"]
    assert scorer_models(Listed(), "auto") == scorer_models(Listed(), "lips") == scorer_models(Listed(), "none") == []
    made = ScorerEnsemble(lambda crops, sound: np.full(len(crops), 0.9), lambda crops, sound: np.full(len(crops), 0.1))
    assert np.allclose(made(np.zeros((4, 112, 112), np.uint8), np.zeros(3000, np.float32)), 0.5)
