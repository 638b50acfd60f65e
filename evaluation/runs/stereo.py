"""Recordings with several channels: does any combination of the written channels reveal a private word?

``python -m evaluation.runs.stereo [--count N] [--first K] [--channels 2 6] [--before]``. Two synthetic voices say
sentences with private details at the same time, mixed at random into the channels (:mod:`evaluation.data.mixes`).
``discreet redact`` works on the file as a user would run it. Whisper listens to the result twice: to all of it, and to
its speech. If the written channels are equal, any one of them is the best combination; otherwise the first two, their
sum and their difference are listened to as well. ``--before`` also counts what is understood in the single channels
before, which takes most of the time. A run can be made in parts: the number of a recording is its seed.
"""

from __future__ import annotations

import argparse
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from capture import AudioFile
from diarization import SpeechFinder
from discreet import Quiet, listen, write_safe
from discreet.config import Settings, load
from discreet.pipeline import Normalised, RunContext
from evaluation.data.media import MEDIA
from evaluation.data.mixes import RATE, random_mix
from evaluation.data.sentences import NOT_PRIVATE, Said, audible, secrets, sentences
from evaluation.data.synthetic import Voices
from redaction import Transcriber
from registered import Registry
from timeline import ArrayAudio, FloatArray, Segment, Word, total, union
from weights import Store


@dataclass
class Counts:
    """What is heard before and after."""

    recordings: int = 0
    secrets: int = 0
    understood: int = 0
    heard: int = 0
    unequal: int = 0
    redacted: float = 0.0
    new: float = 0.0
    seconds: float = 0.0
    missed: list[int] = field(default_factory=list)

    def line(self) -> str:
        """The figures in one line."""
        before = f", {self.understood} before in single channels" if self.understood else ""
        return (
            f"{self.recordings} recordings: {self.heard} of {self.secrets} private words audible after"
            f" ({self.heard / max(1, self.secrets):.3f}){before};"
            f" {self.redacted / max(1e-9, self.seconds):.2f} of the time taken out,"
            f" {self.new / max(1e-9, self.seconds):.2f} only where the result revealed new words;"
            f" channels written differ in {self.unequal}; recordings with a leak: {self.missed}"
        )


class Listener:
    """Recognises words in the whole sound, and with ``twice`` in its speech as well, as the product does."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._transcriber = Transcriber.from_store(store, settings.redaction)
        self._speech = SpeechFinder.from_store(store, settings.diarization)

    def __call__(self, samples: FloatArray, *, twice: bool = True) -> list[list[Word]]:
        """The words heard in ``[n]``, 16 kHz, each time it is listened to."""
        audio = Normalised(ArrayAudio(np.ascontiguousarray(samples - samples.mean(), np.float32)))
        return [self._transcriber(audio), *([self._transcriber(audio, self._speech(audio))] if twice else [])]


def combinations(channels: FloatArray) -> list[FloatArray]:
    """Combinations of channels ``[n, C]`` to listen to: one if all are equal, else each, the sum and the difference."""
    if all(np.array_equal(channels[:, 0], column) for column in channels.T):
        return [channels[:, 0]]
    return [*channels.T, channels[:, 0] + channels[:, 1], channels[:, 0] - channels[:, 1]]


def save(path: Path, samples: FloatArray) -> None:
    """Write ``[n, C]`` as a 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setparams((samples.shape[1], 2, RATE, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def recording(number: int, said: Sequence[Said], samples: FloatArray, listener: Listener, counts: Counts) -> None:
    """Redact one recording ``[n, C]`` and count how much of ``said`` is heard afterwards."""
    settings = load(None, ["redaction.language=en"])
    wanted = {secret for sentence in said for secret in secrets(sentence)}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.wav", Path(folder) / "out.wav"
        save(source, samples)
        registry = Registry.open(Path(folder) / "people", "file")
        found = listen(source, RunContext.of(settings, Store(), registry), Quiet())
        write_safe(found, target, settings, Quiet())
        written = np.concatenate(list(AudioFile(target, RATE, mono=False).blocks()))
    made = combinations(written)
    after = [words for sound in made for words in listener(sound)]
    left = {secret for secret in wanted if any(audible(secret, words) for words in after)}
    counts.recordings += 1
    counts.secrets += len(wanted)
    counts.heard += len(left)
    counts.unequal += len(made) > 1
    counts.seconds += len(samples) / RATE
    old = union(Segment(r.start, r.end) for r in found.plan.redactions if not r.id.startswith("new"))
    counts.new += total(union(Segment(r.start, r.end) for r in found.plan.redactions)) - total(old)
    counts.redacted += total(union(Segment(r.start, r.end) for r in found.plan.redactions))
    counts.missed += [number] if left else []


def understood(said: Sequence[Said], samples: FloatArray, listener: Listener) -> int:
    """How many private words of ``said`` are understood in the single channels of ``samples`` ``[n, C]``."""
    heard = [words for column in samples.T for words in listener(column, twice=False)]
    wanted = {secret for sentence in said for secret in secrets(sentence)}
    return sum(any(audible(secret, words) for words in heard) for secret in wanted)


def sentences_of(number: int) -> list[Said]:
    """The two sentences said in recording ``number``."""
    known = sentences(MEDIA / "text" / "generated_large.json", 400, NOT_PRIVATE, "report")
    return [known[2 * number % len(known)], known[(2 * number + 1) % len(known)]]


def main() -> None:
    """Print the figures after every recording."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="recordings of each number of channels")
    parser.add_argument("--first", type=int, default=0, help="the first recording's number, which is its seed")
    parser.add_argument("--channels", type=int, nargs="+", default=[2, 6], help="numbers of channels")
    parser.add_argument("--espeak", action="store_true", help="spoken by espeak-ng even where there is Kokoro")
    parser.add_argument("--before", action="store_true", help="count what is understood before as well")
    parser.add_argument("--kept", type=Path, help="folder in which speech is kept for another run")
    chosen = parser.parse_args()
    store = Store()
    voices = Voices(store, chosen.kept, espeak=chosen.espeak)
    listener = Listener(store, load(None, ["redaction.language=en"]))
    for channels in chosen.channels:
        counts = Counts()
        for number in range(chosen.first, chosen.first + chosen.count):
            said = sentences_of(number)
            spoken = [voices(s.aloud, voices.names[(number + i) % len(voices.names)]) for i, s in enumerate(said)]
            samples = random_mix(spoken, channels, number)
            recording(number, said, samples, listener, counts)
            counts.understood += understood(said, samples, listener) if chosen.before else 0
            print(f"{channels} channels, {counts.line()}", flush=True)


if __name__ == "__main__":
    main()
