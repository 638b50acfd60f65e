"""What live voices keep: ``python -m evaluation.runs.live_quality --takes 3``.

Whole utterances of the media's voices, none of which any converter has learned from, go through each live converter.
Words are those that Whisper base hears, against those in the original; ``vocoder`` is FARGAN alone, on the features of
the original: what a student without errors would lose. Attackers are another command's:
``python -m evaluation.runs.voice_attacks --system student --system warp``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from evaluation.data.media import MEDIA
from redaction import RedactionSettings
from redaction.asr import speech_recogniser
from timeline import FloatArray
from voice import make_converter, voice_for
from voice.live.student import shipped_converter, ships
from voice.neural.features import bark_features
from voice.quality import Dnsmos, likeness, plain_words, word_errors
from voice.resynthesis import Fargan
from weights import Store

RATE = 16000
LONGEST = 12.0
"""Seconds of a take; longer ones are left out."""
NAMES = ("original", "vocoder", "warp", "student")
Say = Callable[[FloatArray, str], FloatArray]
Hear = Callable[[FloatArray], list[str]]


@dataclass(slots=True)
class Kept:
    """Of one converter: words, errors in them, correlations of the pitch, DNSMOS, CPU seconds and seconds of sound."""

    words: int = 0
    errors: int = 0
    pitch: list[float] = field(default_factory=list)
    dnsmos: list[float] = field(default_factory=list)
    cpu: float = 0.0
    seconds: float = 0.0

    def line(self, name: str) -> str:
        """A line of the table."""
        return (
            f"{name}: words lost {100 * self.errors / max(1, self.words):.1f} % of {self.words},"
            f" F0 {np.nanmean(self.pitch):.2f}, DNSMOS {np.mean(self.dnsmos):.2f}, RTF {self.cpu / self.seconds:.3f}"
        )


def takes(each: int) -> Iterator[tuple[str, FloatArray]]:
    """Speaker and sound ``[n]`` at 16 kHz: the first utterances of each that are not too long."""
    for folder in sorted(path for path in MEDIA.glob("voices/*") if path.is_dir()):
        found = 0
        for path in sorted(folder.glob("*.flac")):
            sound, rate = soundfile.read(path, dtype="float32")
            if rate == RATE and len(sound) <= LONGEST * RATE and found < each:
                found += 1
                yield folder.name, np.asarray(sound, np.float32)


def converted(name: str, student: Path | None = None) -> Say:
    """By the live converter of that name, without its delay, each speaker in a voice of their own.

    ``student``: the folder of a student that does not ship.
    """

    def say(sound: FloatArray, speaker: str) -> FloatArray:
        voice = voice_for(bytes(32), speaker)
        converter = shipped_converter(voice, RATE, Store(), student) if student else make_converter(voice, RATE, name)
        return np.concatenate([converter(sound), converter.flush()])[converter.delay :]

    return say


def vocoder(store: Store) -> Say:
    """FARGAN on the features of the own voice."""

    def say(sound: FloatArray, speaker: str) -> FloatArray:
        fargan = Fargan.from_store(store)
        return np.concatenate([fargan(bark_features(sound)), fargan.flush()])[fargan.delay :]

    return say


def measured(says: dict[str, Say], spoken: list[tuple[str, FloatArray]], hear: Hear, store: Store) -> dict[str, Kept]:
    """What each keeps of all that is spoken."""
    mos, out = Dnsmos.from_store(store), {name: Kept() for name in says}
    for speaker, sound in spoken:
        wanted = hear(sound)
        for name, say in says.items():
            kept, begun = out[name], time.process_time()
            made = say(sound, speaker)
            kept.cpu, kept.seconds = kept.cpu + time.process_time() - begun, kept.seconds + len(sound) / RATE
            kept.words, kept.errors = kept.words + len(wanted), kept.errors + word_errors(wanted, hear(made))
            kept.pitch.append(likeness(sound, made).pitch)
            kept.dnsmos.append(mos(made))
    return out


def listener(store: Store) -> Hear:
    """The words that Whisper base hears in English."""
    recogniser = speech_recogniser(store, RedactionSettings(asr="whisper-base"))

    def hear(sound: FloatArray) -> list[str]:
        words, _ = recogniser(np.pad(sound, (0, 4000)), "en")
        return plain_words("".join(word.text for word in words))

    return hear


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--takes", type=int, default=3, help="of each of the nine speakers (default: 3)")
    parser.add_argument("--only", action="append", choices=NAMES, help="only these; default: all")
    parser.add_argument("--student", type=Path, help="measure the student trained in this folder")
    parser.add_argument("--write", type=Path, help="keep what was made in this folder")
    options = parser.parse_args()
    store = Store()
    known: dict[str, Say] = {"original": lambda sound, speaker: sound, "vocoder": vocoder(store)}
    known["warp"] = converted("warp")
    if options.student is not None or ships():
        known["student"] = converted("student", options.student)
    spoken = list(takes(options.takes))
    says = {name: known[name] for name in options.only or known}
    for name, kept in measured(says, spoken, listener(store), store).items():
        print(kept.line(name), flush=True)
    if options.write is not None:
        options.write.mkdir(parents=True, exist_ok=True)
        for number, (speaker, sound) in enumerate(spoken[:6]):
            for name, say in says.items():
                soundfile.write(options.write / f"{number}-{speaker}-{name}.wav", say(sound, speaker), RATE)


if __name__ == "__main__":
    main()
