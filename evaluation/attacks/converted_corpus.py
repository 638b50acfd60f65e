"""Writes folders of converted speakers, as ``discreet evaluate voice`` reads them; existing files are kept."""

from __future__ import annotations

import csv
import json
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile

from evaluation.attacks.converter_systems import System
from evaluation.data.voices import RATE, Recorded
from timeline import FloatArray

SPEEDS = (0.75, 0.8, 0.86, 0.93, 1.07, 1.15, 1.24, 1.33)
"""To an attacker who learns, a voice played faster or slower is another speaker (Yamamoto et al., 2019)."""
TRAINING_KEYS, TRAINING_TAKES = 8, 2
"""Number of keys that an attacker converts under, and of takes of each speaker, each under another key."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Cost of a conversion: CPU seconds, seconds of sound, and peak resident memory in MiB."""

    cpu: float
    sound: float
    peak_mib: float

    @property
    def rtf(self) -> float:
        """CPU seconds per second of sound."""
        return self.cpu / max(self.sound, 1e-9)


def secret(number: int) -> bytes:
    """Key ``number`` of a benchmark."""
    return number.to_bytes(2, "big") * 16


def write_originals(speakers: Sequence[Recorded], folder: Path) -> None:
    """Write ``folder/SPEAKER/TAKE.wav`` and ``speakers.csv``."""
    for speaker in speakers:
        for number, take in enumerate(speaker.takes):
            _write(folder / speaker.name / f"{number}.wav", take)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "speakers.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("speaker", "sex", "accent"))
        rows.writerows((speaker.name, speaker.sex, speaker.accent) for speaker in speakers)


def write_converted(system: System, speakers: Sequence[Recorded], keys: Iterable[int], folder: Path) -> Spent:
    """Write ``folder/converted/KEY/SPEAKER/TAKE.wav`` and ``folder/undone/...``; returns the cost of all runs on it."""
    cpu = sound = 0.0
    for key in keys:
        for speaker in speakers:
            for number, take in enumerate(speaker.takes):
                place = Path(f"{key:02d}") / speaker.name / f"{number}.wav"
                made = folder / "converted" / place
                if not made.exists():
                    begun = time.process_time()
                    _write(made, system.convert(take, secret(key), speaker.name))
                    cpu, sound = cpu + time.process_time() - begun, sound + len(take) / RATE
                if not (folder / "undone" / place).exists():
                    converted, _ = soundfile.read(made, dtype="float32")
                    _write(folder / "undone" / place, system.undo(converted, take, secret(key), speaker.name))
    return _add(folder / "spent.json", cpu, sound)


def write_training(system: System, speakers: Iterable[Recorded], folder: Path) -> None:
    """Write ``folder/training/KEY/SPEAKER/TAKE.wav``: two takes of each speaker, under different keys of the eight."""
    for index, speaker in enumerate(speakers):
        for number, take in enumerate(speaker.takes[:TRAINING_TAKES]):
            key = 101 + (index + number) % TRAINING_KEYS
            made = folder / "training" / f"{key}" / speaker.name / f"{number}.wav"
            if not made.exists():
                _write(made, system.convert(take, secret(key), speaker.name))


def at_other_speeds(speakers: Iterable[Recorded]) -> Iterator[Recorded]:
    """Each speaker at :data:`SPEEDS`, as a separate speaker called ``NAME~SPEED``."""
    from scipy.signal import resample_poly

    for speaker in speakers:
        for speed in SPEEDS:
            takes = [
                np.asarray(resample_poly(take, 100, round(100 * speed)), np.float32)
                for take in speaker.takes[:TRAINING_TAKES]
            ]
            yield Recorded(f"{speaker.name}~{speed}", takes, speaker.sex, speaker.accent)


def _add(path: Path, cpu: float, sound: float) -> Spent:
    before = json.loads(path.read_text("utf-8")) if path.exists() else {"cpu": 0.0, "sound": 0.0, "peak_mib": 0.0}
    peak = max(before["peak_mib"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    spent = Spent(before["cpu"] + cpu, before["sound"] + sound, peak)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(spent)), "utf-8")
    return spent


def _write(path: Path, samples: FloatArray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    soundfile.write(partial, np.clip(samples, -1.0, 1.0), RATE, format="WAV", subtype="PCM_16")
    partial.replace(path)
