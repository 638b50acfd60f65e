"""A corpus as the lab keeps it: a line for each utterance in ``manifest.jsonl``, and its features beside it.

Which split a speaker belongs to follows from a hash of the name, so that no speaker is in two splits and a corpus that
grows keeps them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from timeline import InputError, parse_json, write_file

Split = Literal["train", "validation", "test"]
MANIFEST = "manifest.jsonl"
SYNTHETIC = "kokoro"
"""The source of utterances that nobody has spoken."""
VALIDATION, TEST = 0.1, 0.1
"""Shares of the speakers."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One recording of one speaker.

    Attributes:
        id: unique in the corpus; names its features, too.
        speaker: whose voice.
        sound: its file, relative to the corpus' folder where it lies in it.
        seconds: how long it is; 0: not yet known.
        text: what is said; "" where nothing says it.
        sex: "f", "m" or "".
        accent, age, language: as the corpus labels them, or "".
        source: which corpus.
        aligned: utterances with the same name here have the same words at the same times; "": none has.
    """

    id: str
    speaker: str
    sound: str
    seconds: float = 0.0
    text: str = ""
    sex: str = ""
    accent: str = ""
    age: str = ""
    language: str = ""
    source: str = ""
    aligned: str = ""

    @property
    def split(self) -> Split:
        """That of its speaker."""
        return split_of(self.speaker)


def split_of(speaker: str) -> Split:
    """Which split a speaker belongs to: about one in ten to validation, one in ten to test."""
    place = int.from_bytes(hashlib.sha256(speaker.encode()).digest()[:4], "big") / 2**32
    return "validation" if place < VALIDATION else "test" if place < VALIDATION + TEST else "train"


def read_manifest(folder: Path) -> list[Utterance]:
    """The utterances of a corpus. Raises InputError if there is no corpus, or a line is not one."""
    path = folder / MANIFEST
    remedy = "make the corpus with: discreet lab data"
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{folder} holds no corpus: {MANIFEST} cannot be read", remedy) from error
    known = {field.name for field in fields(Utterance)}
    out = []
    for number, line in enumerate(lines, 1):
        try:
            row = parse_json(line)
            out.append(Utterance(**{name: value for name, value in row.items() if name in known}))
        except (ValueError, TypeError, AttributeError) as error:
            raise InputError(f"{path}, line {number}: not an utterance", remedy) from error
    if not out:
        raise InputError(f"{path} names no utterances", remedy)
    return out


def write_manifest(folder: Path, utterances: Iterable[Utterance]) -> None:
    """Write them, sorted by id, whole or not at all. Raises OutputError."""
    rows = sorted(utterances, key=lambda each: each.id)
    text = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
    write_file(folder / MANIFEST, text)


def of_split(utterances: Sequence[Utterance], split: Split) -> list[Utterance]:
    """Those of one split."""
    return [each for each in utterances if each.split == split]
