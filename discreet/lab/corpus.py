"""A corpus for the lab: from corpora on disk, from folders of recordings, and from a synthesiser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from capture import AudioFile
from timeline import FloatArray, InputError, make_folder
from voice.neural.corpus import (
    MANIFEST,
    CorpusPlan,
    SyntheticReader,
    Utterance,
    augmented,
    features_path,
    load,
    of_split,
    planned_utterances,
    prepare,
    read_corpus,
    read_manifest,
    write_manifest,
)
from voice.neural.features import ContentEncoder, learn_centres, save_centres
from weights import Store

RATE = 16000
UNITS = "units.npz"
_CENTRED = 400
"""Utterances that units of content are learned from, at most."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus on disk: how it is laid out, where it lies, and how many utterances of each speaker are taken."""

    layout: str
    root: Path
    most: int | None = None


def make_corpus(
    folder: Path,
    sources: Sequence[Source],
    plan: CorpusPlan | None,
    store: Store,
    progress: Progress = lambda line: None,
    noisy: bool = False,
) -> list[Utterance]:
    """Add utterances to the corpus in ``folder``, which is made if it is not there; gives all of them.

    What has features is not worked on again, so a run that was stopped goes on.

    Args:
        folder: of the corpus.
        sources: corpora on disk.
        plan: synthetic speakers, or None.
        store: has the models.
        progress: told a line now and then.
        noisy: add a second take of everything that is learned from, with noise, a room, a telephone or a microphone.

    Raises:
        InputError: a corpus or a recording cannot be read, or there is too little speech to learn units from.
        ModelError: a model is missing.
        OutputError: the folder cannot be written.
    """
    make_folder(folder)
    before = read_manifest(folder) if (folder / MANIFEST).is_file() else []
    roots: dict[str, Path] = {}
    found: list[Utterance] = []
    for source in sources:
        rows = _most(read_corpus(source.layout, source.root), source.most)
        roots |= {row.id: source.root / row.sound for row in rows}
        found += rows
    found += list(planned_utterances(plan)) if plan else []
    if noisy:
        found += [replace(row, id=f"{row.id}~noisy") for row in found if row.split == "train"]
    encoder, sayer = ContentEncoder.from_store(store), None
    if plan:
        sayer = SyntheticReader.from_store(store)

    def read(row: Utterance) -> FloatArray:
        name, _, changed = row.id.partition("~")
        path = roots.get(name)
        sound = np.concatenate([np.zeros(0, np.float32), *AudioFile(path, RATE).blocks()]) if path else _said(row)
        return augmented(sound, len(row.id) + sum(row.id.encode())) if changed else sound

    def _said(row: Utterance) -> FloatArray:
        assert sayer is not None
        return sayer(replace(row, id=row.id.partition("~")[0]))

    def told(done: int) -> None:
        if done % 25 == 0 or done == len(found):
            progress(f"{done} of {len(found)} utterances")

    kept = prepare(found, folder, read, encoder, told)
    every = {row.id: row for row in [*before, *kept]}
    if not every:
        raise InputError("there is nothing to make a corpus of", "name a corpus with --from, or --synthetic speakers")
    write_manifest(folder, every.values())
    if not (folder / UNITS).is_file():
        progress("units of content")
        learned = (of_split(list(every.values()), "train") or list(every.values()))[:_CENTRED]
        content = np.concatenate([load(features_path(folder, row)).content for row in learned])
        save_centres(folder / UNITS, learn_centres(content))
    return read_manifest(folder)


def _most(rows: Sequence[Utterance], most: int | None) -> list[Utterance]:
    """At most so many of each speaker."""
    counts: dict[str, int] = {}
    out = []
    for row in rows:
        counts[row.speaker] = counts.get(row.speaker, 0) + 1
        if most is None or counts[row.speaker] <= most:
            out.append(row)
    return out
