"""What is asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from discreet.share.inclusion import Asked
from discreet.share.levels import LevelOptions
from sharing import Finding
from sharing.exports import ExportRecord
from timeline import UnsafeError, number_of


@dataclass(frozen=True)
class ExportRequest:
    """What is asked for.

    Attributes:
        folders: results of runs.
        asked: for whom, in which role, for which purpose.
        level: what kind of export.
        out: the folder to be made.
        options: of the level.
        listen: whether the gate listens for private words.
        look: whether the gate looks for bare faces, and listens for own voices.
        who: id in a timeline -> name of somebody enrolled, where the results do not tell.
    """

    folders: Sequence[Path]
    asked: Asked
    level: str
    out: Path
    options: LevelOptions = field(default_factory=LevelOptions)
    listen: bool = True
    look: bool = True
    who: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exported:
    """What was served: the ledger's record, and who was left out of which session, and why."""

    record: ExportRecord
    left_out: Mapping[str, Mapping[str, str]]
    notes: Sequence[str]


class UnsafeExportError(UnsafeError):
    """The gate refused an export; nothing of it was left."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            f"the export is not safe ({number_of(len(findings), 'finding')}), so nothing was written",
            f"{findings[0]}; discreet share gate looks at the results themselves",
        )
        self.findings = tuple(findings)
