"""Features of a corpus, made once: what already exists is kept, so that a run that was stopped goes on."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from timeline import FloatArray, InputError, make_folder, write_file
from voice.neural.corpus.manifest import Utterance
from voice.neural.features.bark import bark_features

RATE, SAMPLES = 16000, 320
"""Hz, and samples of a frame of content."""
SHORTEST, LONGEST = 0.5, 20.0
"""Seconds; shorter utterances are left out, longer ones are cut."""
Read = Callable[[Utterance], FloatArray]
"""Sound ``[n]`` at 16 kHz of an utterance."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Of an utterance of ``n`` frames of 20 ms.

    Attributes:
        sound: ``[320 n]``, at 16 kHz.
        bark: ``[2 n, 20]``, see :func:`voice.neural.features.bark_features`.
        content: ``[n, 512]``, see :class:`voice.neural.features.ContentEncoder`.
    """

    sound: FloatArray
    bark: FloatArray
    content: FloatArray


def features_of(sound: FloatArray, content: Callable[[FloatArray], FloatArray]) -> Features:
    """Features of ``sound`` ``[n]``, cut to whole frames of 20 ms."""
    count = len(sound) // SAMPLES
    cut = np.asarray(sound[: count * SAMPLES], np.float32)
    return Features(cut, bark_features(cut), np.asarray(content(cut), np.float32))


def prepare(
    utterances: Iterable[Utterance],
    folder: Path,
    read: Read,
    content: Callable[[FloatArray], FloatArray],
    progress: Callable[[int], None] = lambda done: None,
) -> list[Utterance]:
    """Write the features of ``utterances`` into ``folder/features``; gives those that are long enough.

    Args:
        utterances: of any corpora.
        folder: the lab's corpus.
        read: gives the sound.
        content: gives what is said, see :class:`voice.neural.features.ContentEncoder`.
        progress: told how many are done.

    Raises:
        OutputError: the folder cannot be written.
        InputError: a recording cannot be read.
    """
    make_folder(folder / "features")
    kept = []
    for number, utterance in enumerate(utterances, 1):
        place = features_path(folder, utterance)
        if not place.is_file():
            sound = read(utterance)[: round(LONGEST * RATE)]
            if len(sound) < SHORTEST * RATE:
                continue
            save(place, features_of(sound, content))
        with np.load(place, allow_pickle=False) as arrays:
            kept.append(replace(utterance, seconds=round(len(arrays["content"]) * SAMPLES / RATE, 2)))
        progress(number)
    return kept


def features_path(folder: Path, utterance: Utterance) -> Path:
    """Where the features of an utterance lie."""
    if any(sign in utterance.id for sign in ("/", "\\", "\0")) or utterance.id.startswith("."):
        raise InputError(f"an utterance cannot be called {utterance.id!r}", "use letters, digits, - and _")
    return folder / "features" / f"{utterance.id}.npz"


def save(path: Path, features: Features) -> None:
    """Write them, whole or not at all."""
    out = io.BytesIO()
    sound = np.asarray(np.rint(np.clip(features.sound, -1.0, 1.0) * 32767), np.int16)
    np.savez(out, sound=sound, bark=features.bark, content=features.content.astype(np.float16))
    write_file(path, out.getvalue())


def load(path: Path) -> Features:
    """Read them. Raises InputError if they are missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            sound = np.asarray(arrays["sound"] / 32767, np.float32)
            return Features(sound, np.asarray(arrays["bark"], np.float32), np.asarray(arrays["content"], np.float32))
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise InputError(f"{path} cannot be read", "remove it and run discreet lab data again") from error
