"""The unchanged sound: sealed beside the recording, and gone where the recording fails."""

from pathlib import Path

import numpy as np
import pytest

from capture.writing import SidecarSound
from discreet.config import load
from discreet.live.stages import OwnSound, voice_stage
from discreet.pipeline.context import RunContext
from registered import Registry
from weights import Store

RATE = 16000


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry.open(tmp_path / "people", "file")


def own(registry: Registry, folder: Path, *options: str) -> OwnSound:
    return OwnSound(RunContext.of(load(None, list(options)), Store(), registry), folder / "a.mp4", "00" * 16)


@pytest.mark.parametrize(
    ("spool", "diarize", "wanted"),
    [("encrypted", "false", True), ("off", "false", False), ("off", "true", True), ("encrypted", "true", True)],
)
def test_the_settings_say_whether_it_is_wanted(
    registry: Registry, tmp_path: Path, spool: str, diarize: str, wanted: bool
) -> None:
    assert own(registry, tmp_path, f"record.spool={spool}", f"record.diarize={diarize}").wanted == wanted


def test_it_is_sealed_beside_the_recording(registry: Registry, tmp_path: Path) -> None:
    block = np.linspace(-0.5, 0.5, RATE, dtype=np.float32)
    sound = own(registry, tmp_path)
    assert sound.path is None
    with sound:
        writer = sound.open(RATE)
        writer.write(block)
        writer.close()
    assert sound.path == tmp_path / "a.spool"
    kept = np.concatenate(list(SidecarSound(sound.path, registry.vault).blocks()))
    assert np.abs(kept[: len(block)] - block).max() < 1e-3
    assert sound.notes() == []


def test_a_recording_that_fails_leaves_none(registry: Registry, tmp_path: Path) -> None:
    sound = own(registry, tmp_path)

    def fail() -> None:
        with sound:
            sound.open(RATE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert sound.path is None
    assert not (tmp_path / "a.spool").exists()


def test_a_recording_of_nothing_leaves_none(registry: Registry, tmp_path: Path) -> None:
    with own(registry, tmp_path) as sound:
        sound.open(RATE).close()
    sound.discard()
    assert sound.path is None
    assert not (tmp_path / "a.spool").exists()


def test_all_voices_are_changed_in_the_same_way(registry: Registry, tmp_path: Path) -> None:
    context = RunContext.of(load(None, []), Store(), registry)
    block = np.sin(np.arange(RATE) / 10).astype(np.float32)
    assert np.array_equal(voice_stage(context, RATE)(block), voice_stage(context, RATE)(block))
