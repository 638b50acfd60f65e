"""The demo: the main job on a real clip, from the weights store.

The clip shows Barack Obama speaking and Joe Biden listening (a work of the US government). Obama is enrolled from
photos, with full consent, in a registry of the demo's own; Biden is a stranger and has to be masked.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from discreet.cli.running import run
from discreet.config.settings import Settings, load
from discreet.pipeline.context import RunContext
from discreet.pipeline.enrolment import EnrolmentFiles, enroll
from discreet.process import ProcessResult
from discreet.results.folder import CACHE
from registered import Answers, Consent, Registry
from timeline import share_files
from weights import Store

CLIP = "demo-clip"
PHOTOS = "demo-photos"
NAME = "Barack Obama"
FACES = ("obama.jpg", "obama2.jpg")


def run_demo(out: Path, *, overwrite: bool = False, quiet: bool = False) -> ProcessResult:
    """Fetch the clip if it is not there, enrol one of the two people, and run the main job.

    Raises:
        ModelError: the clip, the photos or a model cannot be had.
        OutputError: ``out`` holds results already, or cannot be written.
    """
    settings, store = load(options=["process.annotated=true"]), Store()
    share_files(settings.files.shared)
    missing = [id for id in (CLIP, PHOTOS) if not store.has(id)]
    if missing:
        store.fetch(missing)
    home = out.with_name(f"{out.name}-registered")
    with _removed_after_failure(home, out / CACHE):
        registry = Registry.open(home, "file", settings.registered)
        if registry.find(NAME) is None:
            _enrol(registry, store, settings)
        context = RunContext.of(settings, store, registry)
        return run(store.path(CLIP), out, context, overwrite=overwrite, quiet=quiet)


@contextmanager
def _removed_after_failure(home: Path, begun: Path) -> Iterator[None]:
    """Remove the registry ``home`` if the demo made it and fails, unless a run was ``begun`` that can go on with it."""
    new = not home.exists()
    try:
        yield
    except BaseException:
        if new and not begun.exists():
            shutil.rmtree(home, ignore_errors=True)
        raise


def _enrol(registry: Registry, store: Store, settings: Settings) -> None:
    photos = store.path(PHOTOS)
    consent = Consent.granting(Answers(True, True, True, True), purpose="demo")
    enroll(registry, store, settings, NAME, EnrolmentFiles([photos / name for name in FACES]), consent)
