"""What a run leaves for its review, sealed with the registry: its stages, its settings, where its recording is.

With the stages, the results are made again in a fraction of the time. They hold private words, so they are sealed with
the key of kept stages, which is destroyed when somebody is forgotten, and removed when the results are published.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from discreet.config.settings import Settings
from discreet.pipeline import SUFFIX, Faces, RenderTarget, RunContext, Source
from registered import Registry, SealError, private_subfolder, shred, write_private
from timeline import Document, Folder, Timeline, create_file, open_file, read_file

_PURPOSE = "reviews"
_RECORD = ".review"


class RerunRecord(Document):
    """What a result needs to be made again.

    Attributes:
        run: key of the run, see :func:`discreet.pipeline.run_key`.
        recording: path of the recording.
        settings: the settings of the run that somebody chose, lists of private words included.
        leads: track -> how far its likeness lies above the threshold, of shown faces.
        decisions: which decisions it was made with, see :func:`discreet.review.digest_of`.
        safe_sha256: of the safe recording.
        mark: of its pictures and sound.
        again: whether they can be made again: not without the sealed sound of a live recording.
    """

    run: str = Field(pattern=r"^[0-9a-f]{64}$")
    recording: str
    settings: dict[str, Any] = Field(repr=False)
    leads: dict[str, float] = Field(default_factory=dict)
    decisions: str = ""
    safe_sha256: str = ""
    mark: str = ""
    again: bool = True

    @classmethod
    def of(cls, run: str, source: Source, context: RunContext, leads: Mapping[str, float]) -> RerunRecord:
        """The record of a run."""
        kept = kept_settings(context.settings)
        return cls(run=run, recording=str(source.path.absolute()), settings=kept, leads=dict(leads))


def kept_settings(settings: Settings) -> dict[str, Any]:
    """The settings that somebody chose. What nobody did is left out: there a model brings its own thresholds."""
    return settings.model_dump(mode="json", exclude_unset=True)


def shown_leads(context: RunContext, faces: Faces) -> dict[str, float]:
    """How far the likeness of each shown face lies above the threshold, by track."""
    from vision import calibrated

    bar = calibrated(context.store, context.settings.vision).recognise.track
    return {track.id: round(track.similarity - bar, 4) for track in faces.tracks if track.ever_shown}


def record_of(registry: Registry, timeline: Timeline) -> RerunRecord | None:
    """What is kept of the result with that timeline; None: nothing, or it cannot be opened any more."""
    path = _record_path(registry, timeline)
    try:
        return RerunRecord.model_validate_json(registry.stages().open_sealed(read_file(path), _aad(path)))
    except (OSError, SealError, ValidationError):
        return None


def leads_of(registry: Registry, timeline: Timeline) -> Mapping[str, float]:
    """How far shown faces lie above the threshold, by track; empty where nothing is kept: all count as thin."""
    record = record_of(registry, timeline)
    return record.leads if record is not None else {}


def keep_record(registry: Registry, timeline: Timeline, record: RerunRecord, replaced: Timeline | None = None) -> None:
    """Keep what a result needs to be made again.

    Args:
        registry: with which it is sealed.
        timeline: of the result.
        record: what is kept.
        replaced: of the result in whose place it stands: what was kept of that is removed.

    Raises:
        OutputError: it cannot be written.
    """
    if replaced is not None:
        before = record_of(registry, replaced)
        if before is not None and before.run != record.run:
            drop(registry, replaced)
        elif (old := _record_path(registry, replaced)).exists():
            shred(old)
    path = _record_path(registry, timeline)
    private_subfolder(registry.folder, path.parent.name)
    write_private(path, registry.stages().seal(record.model_dump_json().encode(), _aad(path)))


def earlier_recording(
    registry: Registry, run: str, timeline: Timeline | None, path: Path, target: Path
) -> RenderTarget:
    """Where a recording is written, with a copy of the one that the same run made before, if nobody changed that.

    Args:
        registry: holds what it was.
        run: key of the run.
        timeline: of the results that it belongs to; None: there are none.
        path: of the earlier recording.
        target: where the new one goes, in a folder of ours. The copy lies beside it: what is looked at is what is used.
    """
    record = record_of(registry, timeline) if timeline is not None else None
    if record is None or record.run != run or not (record.safe_sha256 and record.mark):
        return RenderTarget(target)
    copy, digest = target.with_name(f".{target.stem}-earlier{target.suffix}"), hashlib.sha256()
    try:
        with os.fdopen(open_file(path), "rb") as source, os.fdopen(create_file(copy, private=True), "wb") as out:
            while block := source.read(1 << 20):
                digest.update(block)
                out.write(block)
    except OSError:
        digest.update(b"could not be read")
    if digest.hexdigest() != record.safe_sha256:
        copy.unlink(missing_ok=True)
        return RenderTarget(target)
    return RenderTarget(target, copy, record.mark)


class KeptStages:
    """The sealed stages of one run beside the registry.

    Args:
        registry: whose folder they lie in.
        run: key of the run.
    """

    def __init__(self, registry: Registry, run: str) -> None:
        self.registry = registry
        self.folder = _folder(registry) / _token(registry, run)

    def lay_out(self, cache: Path) -> None:
        """Copy them into the folder of kept stages of a run that begins; what lies there already stays."""
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            with contextlib.suppress(OSError):
                if not (cache / path.name).exists():
                    with Folder(cache.parent) as above, above.subfolder(cache.name, private=True) as folder:
                        folder.write(path.name, read_file(path), private=True)

    def take_in(self, cache: Path) -> None:
        """Take over what a run kept in ``cache``. Raises OutputError if it cannot be written."""
        private_subfolder(private_subfolder(self.registry.folder, _folder(self.registry).name), self.folder.name)
        found = sorted(cache.glob(f"*{SUFFIX}"))
        for path in found:
            write_private(self.folder / path.name, read_file(path))
        for path in self.folder.glob(f"*{SUFFIX}"):
            if path.name not in {each.name for each in found}:
                shred(path)


def drop(registry: Registry, timeline: Timeline) -> bool:
    """Remove what is kept of a result; whether there was anything. Raises OutputError if it cannot be removed."""
    record = record_of(registry, timeline)
    path = _record_path(registry, timeline)
    if path.exists():
        shred(path)
    if record is None:
        return False
    folder = KeptStages(registry, record.run).folder
    for each in folder.glob("*"):
        shred(each)
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)
    return True


def _folder(registry: Registry) -> Path:
    return registry.folder / _PURPOSE


def _token(registry: Registry, text: str) -> str:
    return hmac.new(registry.secret(_PURPOSE), text.encode(), hashlib.sha256).hexdigest()[:32]


def _record_path(registry: Registry, timeline: Timeline) -> Path:
    facts = f"result {timeline.provenance.origin}\n{timeline.provenance.created}"
    return _folder(registry) / f"{_token(registry, facts)}{_RECORD}"


def _aad(path: Path) -> bytes:
    return f"discreet/review/1/{path.name}".encode()
