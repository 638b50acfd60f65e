"""The steps of a run that need no model. Whole runs: ``test_process.py``."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from diarization import Fusion
from discreet.config.settings import Settings
from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.serialise import Faces
from discreet.process_run import Findings, ProcessRun, _keep_for_sharing
from discreet.progress import Quiet
from registered import Registry
from timeline import Provenance, Recording, Timeline


class Sidecars:
    """A live recording's sealed sound."""

    def __init__(self) -> None:
        self.dropped = 0

    def drop_sound(self) -> None:
        self.dropped += 1


def run_of(sidecars: Sidecars | None, *, keep: bool = False) -> ProcessRun:
    settings = Settings()
    settings = settings.model_copy(update={"process": settings.process.model_copy(update={"keep_spool": keep})})
    parts: dict[str, Any] = dict.fromkeys(("ui", "folder", "stages", "runner", "kept"))
    source, context = SimpleNamespace(sidecars=sidecars), SimpleNamespace(settings=settings)
    return ProcessRun(cast(Any, source), cast(Any, context), decisions=None, models={}, key="", **parts)


@pytest.mark.parametrize(("keep", "dropped"), [(False, 1), (True, 0)])
def test_the_sealed_sound_of_a_live_recording_is_removed_unless_it_is_to_be_kept(keep: bool, dropped: int) -> None:
    sidecars = Sidecars()
    run = run_of(sidecars, keep=keep)
    assert run.is_last == (not keep)
    run.drop_sound()
    assert sidecars.dropped == dropped


def test_a_file_can_be_processed_again() -> None:
    assert not run_of(None).is_last


def test_without_decisions_the_findings_stay_as_they_are() -> None:
    found = Findings(Faces([], np.zeros(0)), cast(Fusion, None), cast(RedactionPlan, None))
    assert run_of(None).corrected(found) is found


def test_what_could_not_be_kept_with_the_registry_is_said_however_quiet_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    registry = Registry.open(tmp_path / "people")
    for name in ("sharing", "results"):
        (registry.folder / name).write_text("in the way")
    timeline = Timeline(recording=Recording(duration=1), provenance=Provenance(created="2026-01-01", source="ab"))
    context, found = SimpleNamespace(registry=registry), SimpleNamespace(people=SimpleNamespace(enrolled={}))
    _keep_for_sharing(cast(Any, context), timeline, cast(Any, found), Quiet())
    lines = capfd.readouterr().err.splitlines()
    assert [line.partition(" could")[0] for line in lines] == [
        "discreet: who is who",
        "discreet: the details of the result",
    ]
