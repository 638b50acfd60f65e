"""Speakers to attack: recorded ones of the media and of the store, and synthetic ones for an attacker to learn from.

Each recorded speaker has at least two takes of about 3 s, 4.5 s at most; of some there are only shorter ones, down to
1.2 s. If there is only one recording, it is cut into pieces, so microphone and room are the same in enrolment and
trial, which helps the attacker. Takes are cut where it is quietest, so that words stay whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import gcd
from pathlib import Path

import numpy as np
import soundfile

from timeline import FloatArray
from weights import Store

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
RATE = 16000
MOST_TAKES = 4
LONGEST, PIECE, SHORTEST = 4.5, 3.0, 1.2
"""Seconds of the longest take, of the pieces that a recording is cut into, and of the shortest that is used."""
_REACH = 0.75
"""Seconds from where a recording would be cut evenly, within which the quietest place is looked for."""
_QUIET = 0.06
"""Seconds over which it is quietest there."""
VOICES = "voices-31"
"""Id in the store."""


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A speaker.

    Attributes:
        name: unique.
        takes: samples ``[n]`` at 16 kHz.
        sex: "f", "m" or "" if unknown.
        accent: a word, or "".
    """

    name: str
    takes: list[FloatArray] = field(repr=False)
    sex: str = ""
    accent: str = ""


def recorded_speakers(store: Store) -> Iterator[Recorded]:
    """Everybody with two takes or more: of ``../shared/media`` and, if fetched, the 31 voices of the store."""
    for speaker in _recorded(store):
        if len(speaker.takes) > 1:
            yield speaker


def _recorded(store: Store) -> Iterator[Recorded]:
    for folder in sorted(path for path in MEDIA.glob("voices/*") if path.is_dir()):
        takes = [_cut(_trimmed(_read(path))) for path in sorted(folder.glob("*.flac"))]
        long = [take for take in takes if len(take) >= PIECE * RATE]
        yield Recorded(folder.name, long[:MOST_TAKES], accent="read")
    for path in [
        *sorted(MEDIA.glob("meetings/people/*/voice.wav")),
        *sorted(MEDIA.glob("validation/people/*/voice.wav")),
    ]:
        yield Recorded(f"vasp_{path.parent.name}", pieces(_read(path)), accent="spontaneous")
    if store.has(VOICES):
        root = store.path(VOICES)
        for path in sorted(root.glob("*/*/*.wav")):
            accent, sex = path.parts[-3], path.parts[-2]
            yield Recorded(f"{accent}_{sex}_{path.stem}", pieces(_read(path)), sex[0], accent)


def pieces(sound: FloatArray) -> list[FloatArray]:
    """A recording in two to four pieces, cut at pauses; none if they would be too short."""
    speech = _trimmed(sound)
    count = int(np.clip(len(speech) // round(PIECE * RATE), 2, MOST_TAKES))
    size = len(speech) / count
    reach = min(_REACH * RATE, (size - SHORTEST * RATE) / 2)
    if reach < 0:
        return []
    cuts = [_quietest(speech, i * size - reach, i * size + reach) for i in range(1, count)]
    return [_cut(part) for part in np.split(speech, cuts)]


def _quietest(sound: FloatArray, first: float, last: float) -> int:
    """The sample between two others around which it is quietest."""
    width = round(_QUIET * RATE)
    low, high = round(first), max(round(last), round(first) + 1)
    power = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    at = np.arange(low, high)
    left, right = np.maximum(at - width // 2, 0), np.minimum(at + width // 2, len(sound))
    return low + int(np.argmin(power[right] - power[left]))


def _read(path: Path) -> FloatArray:
    """Read at 16 kHz, channels averaged. Our own media need no decoder in its own process, which takes a second."""
    from scipy.signal import resample_poly  # slow to import

    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    shared = gcd(rate, RATE)
    return np.asarray(resample_poly(sound.mean(axis=1), RATE // shared, rate // shared), np.float32)


def _cut(sound: FloatArray) -> FloatArray:
    """Its beginning, cut at a pause if it is too long."""
    return sound if len(sound) <= LONGEST * RATE else sound[: _quietest(sound, PIECE * RATE, LONGEST * RATE)]


def _trimmed(sound: FloatArray) -> FloatArray:
    """Without the silence before and after; the loudest sample at half of full scale."""
    size = RATE // 50
    level = (sound[: len(sound) // size * size].reshape(-1, size) ** 2).mean(axis=1)
    loud = np.flatnonzero(level > 1e-4 * level.max(initial=0.0))
    if not len(loud):
        return sound
    speech = sound[loud[0] * size : (loud[-1] + 1) * size]
    return np.asarray(0.5 * speech / np.abs(speech).max(), np.float32)
