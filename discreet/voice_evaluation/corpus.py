"""Folders of recordings as a corpus: ``ORIGINALS/SPEAKER/TAKE.wav`` and ``CONVERTED/[KEY/]SPEAKER/TAKE.wav``."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from timeline import InputError

SUFFIXES = frozenset((".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus"))
LABELS = "speakers.csv"
"""Beside the originals: columns ``speaker``, ``sex`` and ``accent``; may be missing."""
_LAYOUT = "lay them out as ORIGINALS/SPEAKER/TAKE.wav and CONVERTED/SPEAKER/TAKE.wav, or CONVERTED/KEY/SPEAKER/TAKE.wav"


@dataclass(frozen=True, slots=True)
class Take:
    """An utterance: of whom, which one, under which key (0 for originals), and its file."""

    speaker: str
    number: int
    key: int
    path: Path


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is attacked.

    Attributes:
        originals: own voices.
        converted: the same utterances, converted.
        training: more converted utterances, for an attacker to learn from.
        undone: the converted ones after an attempt to turn them back.
        labels: kind of label ("sex", "accent") -> speaker -> label.
        missing: how many originals have no converted counterpart; they are left out.
    """

    originals: tuple[Take, ...] = field(repr=False)
    converted: tuple[Take, ...] = field(repr=False)
    training: tuple[Take, ...] = field(default=(), repr=False)
    undone: tuple[Take, ...] = field(default=(), repr=False)
    labels: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    missing: int = 0

    @property
    def speakers(self) -> list[str]:
        """Names, in order."""
        return sorted({take.speaker for take in self.originals})

    @property
    def keys(self) -> list[int]:
        """Under which the utterances were converted."""
        return sorted({take.key for take in self.converted})


def read_corpus(originals: Path, converted: Path, training: Path | None = None, undone: Path | None = None) -> Corpus:
    """Find the recordings; takes are matched by the names of their files, without the suffix.

    Raises:
        InputError: a folder is missing or laid out in another way, or holds less than two speakers with two takes each.
    """
    own = _files(originals)
    if not own:
        raise InputError(f"{originals} holds no recordings of speakers", _LAYOUT)
    numbers = {(speaker, stem): number for speaker, stems in own.items() for number, stem in enumerate(sorted(stems))}
    made = _by_key(converted, numbers)
    present = {(take.speaker, take.number) for take in made}
    kept = [
        Take(speaker, number, 0, own[speaker][stem])
        for (speaker, stem), number in sorted(numbers.items())
        if (speaker, number) in present
    ]
    takes = [take.speaker for take in kept]
    if len({name for name in takes if takes.count(name) > 1}) < 2:
        raise InputError(
            f"{converted} holds less than two speakers with two takes each that {originals} has, too", _LAYOUT
        )
    return Corpus(
        tuple(kept),
        tuple(made),
        tuple(_by_key(training, None)) if training else (),
        tuple(_by_key(undone, numbers)) if undone else (),
        _labels(originals / LABELS),
        len(numbers) - len(kept),
    )


def read_originals(folder: Path) -> list[Take]:
    """The takes in ``folder/SPEAKER/TAKE.wav``. Raises InputError if there are none."""
    takes = [
        Take(speaker, number, 0, stems[stem])
        for speaker, stems in _files(folder).items()
        for number, stem in enumerate(sorted(stems))
    ]
    if not takes:
        raise InputError(f"{folder} holds no recordings of speakers", _LAYOUT)
    return takes


def _files(folder: Path) -> dict[str, dict[str, Path]]:
    """Speaker -> name of the take -> file."""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", _LAYOUT)
    found: dict[str, dict[str, Path]] = {}
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        takes = {path.stem: path for path in sorted(inner.iterdir()) if path.suffix.lower() in SUFFIXES}
        if takes:
            found[inner.name] = takes
    return found


def _by_key(folder: Path, numbers: dict[tuple[str, str], int] | None) -> list[Take]:
    flat = _files(folder)
    by_key = {"": flat} if flat else {path.name: _files(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    out: list[Take] = []
    for key, speakers in enumerate(by_key.values(), 1):
        for speaker, takes in speakers.items():
            out += _numbered(speaker, key, takes, numbers)
    if not out:
        raise InputError(f"{folder} holds no recordings of these speakers", _LAYOUT)
    return out


def _numbered(
    speaker: str, key: int, takes: dict[str, Path], numbers: dict[tuple[str, str], int] | None
) -> Iterable[Take]:
    for place, (stem, path) in enumerate(sorted(takes.items())):
        number = place if numbers is None else numbers.get((speaker, stem))
        if number is not None:
            yield Take(speaker, number, key, path)


def _labels(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {kind: {row["speaker"]: row[kind] for row in rows if row.get(kind)} for kind in ("sex", "accent")}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise InputError(f"{path} cannot be read: {error}", "columns are speaker, sex and accent, in UTF-8") from error
