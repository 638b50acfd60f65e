"""The contract of plugins: the example plugin is installed and runs, and what breaks the contract is refused."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from diarization import DiarizationSettings, make_diarizer, make_voiceprint, models
from redaction.asr.factory import speech_recogniser, store_models
from redaction.operators import operator
from redaction.pii_finder import PiiFinder
from redaction.settings import RedactionSettings
from timeline import ArrayAudio, ModelError, Segment, capabilities, find_plugin, load_plugin, plugin
from timeline.plugins import GROUPS
from vision.factory import make_detector, make_recogniser, make_scorer
from voice import make_converter, voice_for
from weights import Store

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin"
NOISE = np.random.default_rng(1).normal(0, 0.1, 32000).astype(np.float32)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example as pip would leave it: the module and its dist-info on the path."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    monkeypatch.delitem(sys.modules, "discreet_example", raising=False)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("kind", GROUPS)
def test_the_example_declares_each_kind(kind: str) -> None:
    declared = capabilities(kind, "example")
    assert declared is not None
    assert declared.kind == kind


@pytest.mark.usefixtures("installed")
def test_the_example_runs_as_each_part_of_vision(tmp_path: Path) -> None:
    store, picture = Store(tmp_path, local=[]), np.full((80, 120, 3), 90, np.uint8)
    faces = make_detector(store, "example")(picture, 0.5)
    assert faces.boxes.tolist() == [[30, 20, 60, 40]]
    rows, quality = make_recogniser(store, "example")(picture, faces)
    assert quality.tolist() == [1.0]
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0])
    scorer = make_scorer(store, "example")
    assert scorer is not None
    assert len(scorer(np.zeros((25, 112, 112), np.uint8), NOISE[:16240])) == 25


@pytest.mark.usefixtures("installed")
def test_the_example_runs_as_each_part_of_diarization(tmp_path: Path) -> None:
    store = Store(tmp_path, local=[])
    settings = DiarizationSettings(diarizer="example", voiceprint="example")
    assert models(settings) == []
    found = make_diarizer(store, settings)(ArrayAudio(NOISE))
    assert [(turn.start, turn.end) for turn in found.turns] == [(0, 2)]
    assert np.linalg.norm(make_voiceprint(store, settings)(NOISE)) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.usefixtures("installed")
def test_the_example_runs_as_each_part_of_redaction(tmp_path: Path) -> None:
    store = Store(tmp_path, local=[])
    settings = RedactionSettings(asr="example", pii=("example",))
    assert store_models(store, settings) == []
    assert speech_recogniser(store, settings)(NOISE, None)[0][0].text == "hello"
    recognise = load_plugin("pii", "example", Protocol, store, settings)
    assert recognise is not None
    found = PiiFinder(settings, more=[recognise]).find("we call it bluebird now")  # type: ignore[list-item]
    assert [(f.entity, f.start, f.end) for f in found] == [("CODE_NAME", 11, 19)]
    hushed = operator("example", settings).apply(NOISE, 0.0, 16000, [Segment(0.5, 1.0)])
    assert not hushed[8000:16000].any()
    assert np.array_equal(hushed[:8000], NOISE[:8000])


@pytest.mark.usefixtures("installed")
def test_the_example_runs_as_a_converter() -> None:
    converter = make_converter(voice_for(bytes(32), "somebody"), 16000, "example")
    assert len(converter(NOISE)) == len(NOISE)
    assert np.abs(np.corrcoef(converter(NOISE), NOISE)[0, 1]) < 0.1


def test_a_name_that_nobody_has_is_no_plugin() -> None:
    assert find_plugin("detector", "nobodys") is None
    assert capabilities("detector", "nobodys") is None


class Part(Protocol):
    """What the plugins below are to make."""

    id: str

    def __call__(self) -> None: ...


@plugin("scorer")
def another_kind(store: object, settings: object) -> None: ...


@plugin("detector", contract=99)
def later_contract(store: object, settings: object) -> None: ...


@plugin("detector")
def too_few(store: object) -> None: ...


@plugin("detector")
def half_a_part(store: object, settings: object) -> object:
    return lambda: None


@plugin("detector")
def failing(store: object, settings: object) -> object:
    raise KeyError("Ann Okonkwo")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda store, settings: None, "does not declare what it is"),
        (another_kind, "declares that it is a scorer"),
        (later_contract, "version 99 of the contract, and this is version 1"),
        (too_few, r"does not take \(store, settings\)"),
        (half_a_part, "made a part without id"),
        (failing, "failed while it was made: KeyError$"),
        (7, "is not a callable"),
    ],
)
def test_what_breaks_the_contract_is_refused_and_the_error_says_how(
    monkeypatch: pytest.MonkeyPatch, make: Any, says: str
) -> None:
    point = EntryPoint("theirs", "somewhere:make", "discreet.detectors")
    monkeypatch.setattr("timeline.plugins.entry_points", lambda **wanted: EntryPoints([point]).select(**wanted))
    monkeypatch.setattr(EntryPoint, "load", lambda self: make)
    with pytest.raises(ModelError, match=says) as caught:
        load_plugin("detector", "theirs", Part, None, None)
    assert caught.value.remedy
    assert "Okonkwo" not in str(caught.value)


def test_a_plugin_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("theirs", "not_installed_anywhere:make", "discreet.detectors")
    monkeypatch.setattr("timeline.plugins.entry_points", lambda **wanted: EntryPoints([point]).select(**wanted))
    with pytest.raises(ModelError, match="'theirs' cannot be imported: ModuleNotFoundError"):
        find_plugin("detector", "theirs")


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind of plugin called 'camera'"):
        plugin("camera")
