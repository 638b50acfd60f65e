"""Converters that have learned, as systems to attack: the live student, and exported models of the voice lab.

Nothing of the waveform goes through them, so whoever knows the key can only move the pitch back to the original's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from evaluation.attacks.converter_systems import Convert, System
from evaluation.attacks.undo_conversion import undo_range
from timeline import FloatArray, InputError
from voice import make_converter, voice_for
from voice.live.student import ships
from weights import Store

RATE = 16000
STUDENT = "student"


def studied(sound: FloatArray, key: bytes, speaker: str) -> FloatArray:
    """``sound`` ``[n]`` at 16 kHz by the live student, without its delay."""
    converter = make_converter(voice_for(key, speaker), RATE, STUDENT)
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


def taught_systems(store: Store, models: Mapping[str, Path]) -> dict[str, System]:
    """The student, where one is installed, and each exported model by its name.

    Raises:
        InputError: a folder holds no exported model.
        ModelError: the store lacks Whisper or FARGAN.
    """
    systems: dict[str, Convert] = {STUDENT: studied} if ships() else {}
    for name, folder in models.items():
        from voice.neural import LabConverter

        systems[name] = LabConverter.open(folder, store)
    return {
        name: System(name, convert, lambda made, own, key, who: undo_range(made, own))
        for name, convert in systems.items()
    }


def models_of(given: list[str]) -> dict[str, Path]:
    """``NAME=FOLDER`` of a command line. Raises InputError."""
    found = {}
    for each in given:
        name, sign, folder = each.partition("=")
        if not (name and sign and folder) or Path(name).name != name:
            raise InputError(f"--model {each} names no folder", "write --model NAME=FOLDER")
        found[name] = Path(folder)
    return found
