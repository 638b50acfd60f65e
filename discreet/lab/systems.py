"""What is compared: exported models, converters without learning, and folders that something else has converted."""

from __future__ import annotations

import io
import resource
import time
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from discreet.voice_evaluation import Take
from timeline import FloatArray, make_folder, write_file
from voice import WarpConverter, make_converter, voice_for
from voice.attacks import mcadams, power_for
from voice.live.student import ships
from voice.neural import LabConverter
from weights import Store

RATE = 16000
Convert = Callable[[FloatArray, bytes, str], FloatArray]
"""``(sound [n] at 16 kHz, key, speaker)`` to sound ``[n]``."""
_RAPL = Path("/sys/class/powercap/intel-rapl:0/energy_uj")


@dataclass(frozen=True, slots=True)
class Spent:
    """What converting cost.

    Attributes:
        rtf: CPU seconds per second of sound.
        peak_mib: of resident memory, everything included.
        joules: per second of sound, of the whole processor; None where that cannot be read.
        latency: seconds of sound that must be there before the first can come out; None: the whole utterance.
    """

    rtf: float
    peak_mib: float
    joules: float | None
    latency: float | None


def warped(sound: FloatArray, secret: bytes, person: str) -> FloatArray:
    """By the built-in converter, in step."""
    converter = WarpConverter(voice_for(secret, person), RATE)
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


def studied(sound: FloatArray, secret: bytes, person: str) -> FloatArray:
    """By the live student, in step."""
    converter = make_converter(voice_for(secret, person), RATE, "student")
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


def built_in() -> dict[str, Convert]:
    """Converters that need no training; the live student among them where one is installed."""
    return ({"student": studied} if ships() else {}) | {
        "original": lambda sound, secret, person: sound,
        "mcadams": lambda sound, secret, person: mcadams(sound, power_for(voice_for(secret, person))),
        "warp": warped,
    }


def of_bundle(folder: Path, store: Store) -> Convert:
    """An exported model. Raises InputError, ModelError."""
    return LabConverter.open(folder, store)


def secret_of(key: int) -> bytes:
    """Key ``key`` of a comparison."""
    return key.to_bytes(2, "big") * 16


def convert_all(
    convert: Convert, takes: Sequence[Take], sounds: Mapping[Path, FloatArray], keys: Sequence[int], folder: Path
) -> Spent:
    """Write ``folder/KEY/SPEAKER/TAKE.wav``; what is there already is kept, and costs nothing."""
    cpu = seconds = 0.0
    joules = _joules()
    for key in keys:
        for take in takes:
            place = folder / f"{key:02d}" / take.speaker / f"{take.path.stem}.wav"
            if place.is_file():
                continue
            begun = time.process_time()
            made = convert(sounds[take.path], secret_of(key), take.speaker)
            cpu, seconds = cpu + time.process_time() - begun, seconds + len(made) / RATE
            write_take(place, made)
    used = None if joules is None or not seconds else (_joules() or joules) - joules
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Spent(cpu / seconds if seconds else float("nan"), peak, used and used / seconds, None)


def wav_of(sound: FloatArray) -> bytes:
    """Sound ``[n]`` at 16 kHz as a WAV file of 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.rint(np.clip(np.nan_to_num(sound), -1.0, 1.0) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def write_take(path: Path, sound: FloatArray) -> None:
    """Write sound ``[n]`` at 16 kHz, whole or not at all."""
    make_folder(path.parent)
    write_file(path, wav_of(sound))


def _joules() -> float | None:
    try:
        return int(_RAPL.read_text()) / 1e6
    except (OSError, ValueError):
        return None
