"""What forgetting somebody removed, and what no program can guarantee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from registered.people import Enrolled

LIMITS = (
    "On an SSD, or a copying file system, the drive may still hold the old encrypted blocks for a while; they "
    "cannot be read without the key of this registry.",
    "Backups of this folder, and recordings made earlier with what lies beside them, are not touched: delete those "
    "yourself.",
)
"""What a program cannot guarantee about forgetting."""
STAGES = (
    "What stopped runs had kept of anybody can no longer be read, wherever it lies: its key was destroyed. Such a run "
    "begins anew when it is repeated."
)


def leftovers(folder: Path, id: str) -> list[Path]:
    """Every file of the person ``id`` in the registry's folder, including partial ones."""
    return sorted(path for path in folder.iterdir() if id in path.name)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed.

    Attributes:
        id: the random id, now unused.
        name: to tell the user; None if the record could not be read.
        faces: model id -> number of face templates.
        voices: model id -> number of voice templates.
        kept: number of photos and clips that had been kept.
        consents: entries of the consent history.
        files: names of the files that were removed.
        overwritten: whether all were overwritten with random bytes first.
    """

    id: str
    name: str | None
    faces: dict[str, int]
    voices: dict[str, int]
    kept: int
    consents: int
    files: tuple[str, ...]
    overwritten: bool

    @classmethod
    def of(cls, id: str, person: Enrolled | None, files: Sequence[Path], overwritten: bool) -> Forgotten:
        """The report for ``person`` (None: the record was damaged) and the removed ``files``."""
        return cls(
            id=id,
            name=person.name if person else None,
            faces={model: len(rows) for model, rows in person.faces.items()} if person else {},
            voices={model: len(rows) for model, rows in person.voices.items()} if person else {},
            kept=sum(path.name.endswith(".kept") for path in files),
            consents=len(person.history) if person else 0,
            files=tuple(path.name for path in files),
            overwritten=overwritten,
        )

    def lines(self) -> list[str]:
        """The report for people, one sentence per line."""
        what = [
            _count(sum(self.faces.values()), "face template"),
            _count(sum(self.voices.values()), "voice template"),
            _count(self.consents, "entry of consent", "entries of consent"),
            _count(self.kept, "kept photo or clip", "kept photos and clips"),
        ]
        how = "overwritten and removed" if self.overwritten else "removed (not all could be overwritten first)"
        first = f"{self.name or self.id} is forgotten: " + (", ".join(what) if self.name else "the damaged record")
        return [first + ".", f"{_count(len(self.files), 'file')} {how}.", STAGES, *LIMITS]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
