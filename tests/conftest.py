"""Fixtures of every room's tests: models and labelled media where this machine has them, else a skip saying why."""

from __future__ import annotations

import gc
import hashlib
import importlib.util
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from redaction import RedactionSettings
from timeline import FloatArray
from weights import Store

# How long an example takes says something about the machine, not about the code.
settings.register_profile("discreet", deadline=None)
settings.load_profile("discreet")

_HELPERS = Path(__file__).with_name("written_files.py")
if _HELPERS.stem not in sys.modules:
    spec = importlib.util.spec_from_file_location(_HELPERS.stem, _HELPERS)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[_HELPERS.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[_HELPERS.stem])

MEDIA = Path(__file__).parents[2] / "shared" / "media"
CHECKPOINTS = Path(__file__).parents[2] / "shared" / "weights"

FIRST = (
    "discreet/test_channels.py",
    "discreet/test_process.py",
    "capture/live/test_recorder.py",
    "redaction/asr/test_transcriber.py",
    "discreet/live/test_record_leaks.py",
    "discreet/pipeline/test_resynthesis.py",
    "weights/test_conversion.py",
    "discreet/cli/test_app.py",
    "discreet/live/test_record.py",
    "discreet/test_written_files.py",
    "diarization/live/test_sortformer.py",
    "registered/test_real_models.py",
    "discreet/cli/test_ci_example.py",
    "discreet/test_redact.py",
    "weights/test_converted.py",
    "discreet/aavid/test_speakers.py",
    "discreet/voice_evaluation/test_evaluate.py",
    "discreet/pipeline/test_render.py",
    "discreet/share/checks/test_recordings.py",
)
"""The files that take longest, longest first: they begin first, so that the workers end together."""

LARGE = 64 << 20
"""Larger models are not kept: their memory is what tests of memory see."""
Needs = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, too")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests stay until the end: the garbage collector looks at them neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(10_000, 20, 20)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    place = {Path(__file__).parent / name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.path, len(FIRST)))
    if not config.getoption("--slow"):
        skip = pytest.mark.skip(reason="slow: run with --slow (make test-slow)")
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def _usual_signals() -> Iterator[None]:
    """Signals as in a terminal: what is started in the background ignores some, and children inherit that."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL, signal.SIGTERM: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session", autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Registries, their counters and settings lie in folders of the tests: the user's are neither read nor written.

    The models are the user's, in the cache.
    """
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("STATE", "DATA", "CONFIG"):
            patch.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        yield


@pytest.fixture(scope="session", autouse=True)
def _models_once() -> Iterator[None]:
    """The files of a model are read once a worker, and the same sound is listened to once: both take seconds.

    Only what was loaded is kept, so a folder that lacks something is still refused, and a changed file is read again.
    """
    import weights.store
    from redaction.asr.whisper import Whisper
    from redaction.recognizers import presidio

    load, engine, opened, hear = Whisper.load, presidio._engine, weights.store.open_session, Whisper.__call__
    models: dict[object, Whisper] = {}
    heard: dict[object, Any] = {}
    sessions: dict[object, Any] = {}
    engines: dict[Path, object] = {}

    def whisper(cls: type[Whisper], folder: Path, settings: RedactionSettings) -> Whisper:
        key = folder.resolve(), settings.cpu_threads, settings.beam
        if key not in models:
            models[key] = load(folder, settings)
        else:
            import ctranslate2

            ctranslate2.set_random_seed(0)  # as loading does: the same words again
        return models[key]

    def listen(self: Whisper, samples: FloatArray, language: str | None) -> Any:
        """The same sound gives the same words: it is listened to once."""
        kept = next((key for key, model in models.items() if model is self), None)
        if kept is None:
            return hear(self, samples, language)
        key = kept, language, samples.shape, hashlib.sha256(np.ascontiguousarray(samples).tobytes()).digest()
        if key not in heard:
            heard[key] = hear(self, samples, language)
        words, languages = heard[key]
        return list(words), dict(languages)

    def spacy(model: Path) -> object:
        if model.resolve() not in engines:
            engines[model.resolve()] = engine(model)
        return engines[model.resolve()]

    def session(path: Path, threads: int = 1, *, resize: bool = False) -> Any:
        file = path.stat()
        if file.st_size > LARGE:
            return opened(path, threads, resize=resize)
        key = path.resolve(), file.st_mtime_ns, file.st_size, file.st_ino, threads, resize
        if key not in sessions:
            sessions[key] = opened(path, threads, resize=resize)
        return sessions[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weights.store, "open_session", session)
        patch.setattr(Whisper, "load", classmethod(whisper))
        patch.setattr(Whisper, "__call__", listen)
        patch.setattr(presidio, "_engine", spacy)
        yield


@pytest.fixture(scope="session")
def store() -> Store:
    """The store of this machine, at its usual place; call ``needs(store, ...)`` for the models a test uses."""
    return Store()


@pytest.fixture(scope="session")
def needs() -> Needs:
    """``needs(store, "yunet", "sface")`` skips the calling test unless all of these models are in the store."""

    def check(store: Store, *ids: str) -> None:
        missing = [id for id in ids if not store.has(id)]
        if missing:
            names = " ".join(missing)
            pytest.skip(f"models not in the store: {names} (discreet weights fetch {names})")

    return check


@pytest.fixture(scope="session")
def media() -> Path:
    """The labelled test media beside the repository."""
    if not MEDIA.is_dir():
        pytest.skip("the labelled test media (../shared/media) are not on this machine")
    return MEDIA


@pytest.fixture(scope="session")
def checkpoints() -> Path:
    """Checkpoints that have no registry mirror, beside the repository."""
    if not CHECKPOINTS.is_dir():
        pytest.skip("the checkpoints (../shared/weights) are not on this machine")
    return CHECKPOINTS
