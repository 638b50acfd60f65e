"""Creating detectors, recognisers and speaking scorers by name, from the weights store.

Other packages add more as plugins (:mod:`timeline.plugins`) of the kinds detector, recogniser and scorer; the ``id`` of
a recogniser is the plugin's name. Plugins get the room's settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from timeline import ModelError, capabilities, load_plugin
from vision.active_speaker.base import SpeakerScorer
from vision.active_speaker.ensemble import ScorerEnsemble, ScorerWithLips
from vision.active_speaker.lip_motion import CALIBRATION, LipMotion
from vision.active_speaker.talknet import TalkNet
from vision.detection.base import Detector
from vision.detection.centerface import CenterFace
from vision.detection.ensemble import DetectorEnsemble, RescaledDetector
from vision.detection.retinaface import RetinaFace
from vision.detection.scrfd import Scrfd
from vision.detection.yunet import YuNet
from vision.recognition.arcface import ArcFace
from vision.recognition.base import FaceRecogniser, SFace
from vision.recognition.face_threshold import LOOSER, RecogniseSettings
from vision.recognition.insightface_pack import FAMILY, PackModel, is_pack, pack_model
from vision.settings import SpeakerSettings, VisionSettings
from weights import Calibration

DETECTORS = ("yunet", "retinaface-mnet", "scrfd-500m", "centerface")
RECOGNISERS = ("sface", "arcface-mbf")
PACK_DETECTOR = "scrfd-500m"
"""The store's detector whose calibration also applies to a pack's: SCRFD of another size."""
NETWORKS = ("lr-asd", "light-asd", "talknet", "talknet-ava")
BOTH = ("lr-asd", "light-asd")
_BOTH = {"slope": 1.8, "bias": -0.8}
"""Calibration of both together: ``evaluation.runs.active_speaker.platt`` on dev_gallery2 and dev_gallery4."""


class ModelStore(Protocol):
    """The part of ``weights.Store`` that this room uses."""

    def has(self, id: str) -> bool:
        """Whether the model is available."""
        ...

    def require(self, ids: Iterable[str]) -> None:
        """Raise ModelError, naming all models of ``ids`` that are missing, unless all are available."""
        ...

    def path(self, id: str) -> Path:
        """The path of the model's file."""
        ...

    def session(self, id: str, threads: int = 1, *, resize: bool = False) -> Any:
        """The model's ONNX Runtime session; ``resize``: for pictures of any size."""
        ...

    def calibration(self, id: str) -> Calibration | None:
        """The settings that come with the model, if any."""
        ...


def make_detector(store: ModelStore, name: str, settings: VisionSettings | None = None) -> Detector:
    """The detector with this name, on the room's scale of scores; ``a+b`` finds whatever either of them finds.

    Raises ModelError if there is none or its weights are missing.
    """
    if "+" in name:
        return DetectorEnsemble([make_detector(store, part, settings) for part in name.split("+")])
    detector = bare_detector(store, name, settings)
    family = PACK_DETECTOR if is_pack(name) else name
    measured = store.calibration(family) if family in DETECTORS else None
    return RescaledDetector(detector, measured.settings) if measured is not None else detector


def bare_detector(store: ModelStore, name: str, settings: VisionSettings | None = None) -> Detector:
    """Like :func:`make_detector`, but a single detector with its own scores."""
    if name == "yunet":
        return YuNet(store.session(name, resize=True))
    if name == "retinaface-mnet":
        return RetinaFace(store.session(name, resize=True))
    if name == "scrfd-500m":
        return Scrfd(store.session(name))
    if name == "centerface":
        return CenterFace(store.session(name, resize=True))
    if is_pack(name):
        return Scrfd(pack_model(name, "detection").session())
    made: Detector | None = load_plugin("detector", name, Detector, store, settings or VisionSettings())
    if made is None:
        raise ModelError(f"no face detector is called {name}", f"use {', '.join(DETECTORS)} or insightface:PACK")
    return made


def make_recogniser(store: ModelStore, name: str, settings: VisionSettings | None = None) -> FaceRecogniser:
    """The recogniser with this name. Raises ModelError if there is none or its weights are missing."""
    if name == "sface":
        return SFace(store.path(name))
    if name == "arcface-mbf":
        return ArcFace(store.session(name), name)
    if is_pack(name):
        model = pack_model(name, "recognition")
        return ArcFace(model.session(), model.id)
    made: FaceRecogniser | None = load_plugin("recogniser", name, FaceRecogniser, store, settings or VisionSettings())
    if made is None:
        raise ModelError(f"no face recogniser is called {name}", f"use {', '.join(RECOGNISERS)} or insightface:PACK")
    if made.id != name:
        raise ModelError(
            f"the face recogniser {name} calls its templates {made.id}", "its plug-in must give both one name"
        )
    return made


def template_model(name: str) -> str:
    """The model id under which templates of the recogniser ``name`` are kept.

    Raises ModelError if the settings name a pack that does not exist.
    """
    return pack_model(name, "recognition").id if is_pack(name) else name


def detector_names(settings: VisionSettings) -> list[str]:
    """The detectors that ``settings`` name."""
    return settings.detect.detector.split("+")


def stored_models(settings: VisionSettings) -> list[str]:
    """Ids in the weights store of the detectors and the recogniser that ``settings`` name; packs have none."""
    own = {"detector": DETECTORS, "recogniser": RECOGNISERS}
    named = [*(("detector", name) for name in detector_names(settings)), ("recogniser", settings.recognise.recogniser)]
    ids: list[str] = []
    for kind, name in named:
        if name in own[kind]:
            ids.append(name)
        elif not is_pack(name) and (theirs := capabilities(kind, name)) is not None:
            ids += theirs.models
    return ids


def pack_models(settings: VisionSettings) -> list[PackModel]:
    """The files of InsightFace packs that ``settings`` name. Raises ModelError if one is missing."""
    detectors = [pack_model(name, "detection") for name in detector_names(settings) if is_pack(name)]
    recogniser = settings.recognise.recogniser
    return [*detectors, *([pack_model(recogniser, "recognition")] if is_pack(recogniser) else [])]


def calibrated(store: ModelStore, settings: VisionSettings) -> VisionSettings:
    """``settings``, completed with the calibration of the chosen recogniser and scorer wherever the user set nothing.

    Models without a calibration keep the room's defaults, those of SFace and LR-ASD. A detector's calibration is not a
    setting: see :func:`make_detector`.

    Raises:
        ModelError: the user's figure is looser than the model's, or for ``track`` by more than ``LOOSER``.
    """
    part, family = settings.recognise, _family(settings.recognise.recogniser)
    found = store.calibration(family) if family in RECOGNISERS else None
    brought = found.settings if found is not None else {}
    for name, value in brought.items():
        least, own = round(value - (LOOSER if name == "track" else 0.0), 3), getattr(part, name)
        if name in part.model_fields_set and own < least:
            raise ModelError(
                f"vision.recognise.{name} {own} is too low for {family}: strangers would be shown",
                f"use {least} or more",
            )
    left = {name: value for name, value in brought.items() if name not in part.model_fields_set}
    speaker = _speaker_calibrated(store, settings.speaker)
    return settings.model_copy(update={"recognise": part.model_copy(update=left), "speaker": speaker})


def least_likeness(store: ModelStore, name: str) -> float:
    """The least ``recognise.track`` that may be set for the recogniser called ``name``: see :func:`calibrated`."""
    family = _family(name)
    found = store.calibration(family) if family in RECOGNISERS else None
    measured = found.settings.get("track") if found is not None else None
    return round((RecogniseSettings().track if measured is None else measured) - LOOSER, 3)


def _speaker_calibrated(store: ModelStore, part: SpeakerSettings) -> SpeakerSettings:
    name = scorer_name(store, part.scorer)
    found = store.calibration(name) if name in NETWORKS else None
    own = {"lips": CALIBRATION, "both": _BOTH}
    brought = own.get(name, found.settings if found is not None else {})
    return part.model_copy(update={key: value for key, value in brought.items() if key not in part.model_fields_set})


def same_person(store: ModelStore, name: str) -> float | None:
    """Cosine from which the recogniser ``name`` takes two pictures for the same person; None if never measured."""
    family = _family(name)
    found = store.calibration(family) if family in RECOGNISERS else None
    return found.same if found is not None else None


def _family(recogniser: str) -> str:
    """The recogniser whose calibration applies."""
    return FAMILY if is_pack(recogniser) else recogniser


def make_scorer(
    store: ModelStore, name: str, lips: float = 0.0, settings: VisionSettings | None = None
) -> SpeakerScorer | None:
    """The speaking scorer with this name; ``auto`` is LR-ASD if its weights are available, else lips; ``none`` is None.

    ``lips``: share of the lips' log odds that is added to a model's.

    Raises:
        ModelError: there is none with this name, or its weights are missing.
    """
    name = scorer_name(store, name)
    if name in NETWORKS:
        return ScorerWithLips(TalkNet(store.session(name), name), lips)
    if name == "both":
        one, other = (TalkNet(store.session(id), id) for id in BOTH)
        return ScorerWithLips(ScorerEnsemble(one, other), lips)
    if name == "lips":
        return LipMotion()
    if name == "none":
        return None
    made: SpeakerScorer | None = load_plugin("scorer", name, SpeakerScorer, store, settings or VisionSettings())
    if made is not None:
        return ScorerWithLips(made, lips)
    raise ModelError(f"no speaking scorer is called {name}", f"use auto, {', '.join(NETWORKS)}, both, lips or none")


def scorer_models(store: ModelStore, name: str) -> list[str]:
    """Ids in the weights store of the networks that the scorer ``name`` runs."""
    name = scorer_name(store, name)
    if name == "both" or name in NETWORKS:
        return list(BOTH) if name == "both" else [name]
    theirs = capabilities("scorer", name) if name not in ("lips", "none") else None
    return list(theirs.models) if theirs is not None else []


def scorer_name(store: ModelStore, name: str) -> str:
    """Resolve ``auto`` to LR-ASD if its weights are available, else lips; other names are unchanged."""
    if name != "auto":
        return name
    return "lr-asd" if store.has("lr-asd") else "lips"
