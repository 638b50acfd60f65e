"""Recordings with several channels: does any combination of the written channels reveal a private word?

``python -m evaluation.runs.multichannel_leaks [--count N] [--first K] [--together M] [--channels 2 6] [--before]``. Two
synthetic voices say sentences with private details at the same time, mixed at random into the channels
(:mod:`evaluation.data.multichannel_mixes`). ``--together`` mixes follow each other in one recording, as if the people
moved about: each keeps its own phases, delays, gains, noise and offset, and the models are loaded once for all of them.
``discreet redact`` works on the file as a user would run it. Whisper listens to the result twice: to all of it, and to
its speech. If the written channels are equal, any one of them is the best combination; otherwise the first two, their
sum and their difference are listened to as well. A private word counts where its mix is said. ``--before`` also counts
what is understood in the single channels before. A run can be made in parts: the number of a mix is its seed. With
``--results FILE``, each recording's figures are appended to a file, and mixes whose figures stand there are not made
again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import numpy as np

from capture import AudioFile
from diarization import SpeechFinder
from discreet import Quiet, listen, write_safe
from discreet.config import Settings, load
from discreet.pipeline import Normalised, RunContext
from evaluation.data.media import MEDIA
from evaluation.data.multichannel_mixes import RATE, random_mix
from evaluation.data.pii_sentences import NOT_PRIVATE, Said, audible, secrets, sentences
from evaluation.data.synthetic_voices import Voices
from redaction import Transcriber
from registered import Registry
from timeline import ArrayAudio, FloatArray, Segment, Word, total, union
from weights import Store

PAUSE = 1.0
"""Seconds between mixes that follow each other in one recording."""


@dataclass
class Counts:
    """What is heard before and after."""

    mixes: int = 0
    recordings: int = 0
    secrets: int = 0
    understood: int = 0
    heard: int = 0
    unequal: int = 0
    redacted: float = 0.0
    new: float = 0.0
    seconds: float = 0.0
    cpu: float = 0.0
    missed: list[int] = field(default_factory=list)

    def line(self) -> str:
        """The figures in one line."""
        before = f", {self.understood} before in single channels" if self.understood else ""
        return (
            f"{self.mixes} mixes: {self.heard} of {self.secrets} private words audible after"
            f" ({self.heard / max(1, self.secrets):.3f}){before};"
            f" {self.redacted / max(1e-9, self.seconds):.2f} of the time taken out,"
            f" {self.new / max(1e-9, self.seconds):.2f} only where the result revealed new words;"
            f" channels written differ in {self.unequal} of {self.recordings} recordings;"
            f" {self.cpu / max(1, self.mixes):.0f} CPU-s a mix; mixes with a leak: {self.missed}"
        )

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


class Results:
    """A file to which the figures of each recording are appended, so that a stopped run goes on.

    Args:
        path: the file; None: nothing is kept.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        lines = path.read_text("utf-8").splitlines() if path is not None and path.is_file() else []
        self._rows = [json.loads(line) for line in lines]

    def missing(self, channels: int, numbers: Sequence[int]) -> list[int]:
        """The mixes whose figures do not stand there."""
        done = {number for row in self._rows if row["channels"] == channels for number in row["numbers"]}
        return [number for number in numbers if number not in done]

    def add(self, channels: int, numbers: Sequence[int], counts: Counts) -> None:
        """Append the figures of one recording."""
        row = {"channels": channels, "numbers": list(numbers), "counts": asdict(counts)}
        self._rows.append(row)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")

    def counts(self, channels: int) -> Counts:
        """The sum of all figures for a number of channels."""
        return sum((Counts(**row["counts"]) for row in self._rows if row["channels"] == channels), Counts())


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


@dataclass(frozen=True)
class Mixed:
    """One random mix.

    Attributes:
        number: its seed.
        said: the sentences.
        samples: ``[n, C]``, 16 kHz.
    """

    number: int
    said: Sequence[Said]
    samples: FloatArray

    @property
    def secrets(self) -> set[str]:
        """The private words that reveal something."""
        return {secret for sentence in self.said for secret in secrets(sentence)}


def strung(mixes: Sequence[Mixed]) -> tuple[FloatArray, list[Segment]]:
    """The mixes one after another ``[n, C]``, with pauses, and where each is (s)."""
    pause = np.zeros((round(PAUSE * RATE), mixes[0].samples.shape[1]), np.float32)
    parts, places, at = [], [], 0
    for mixed in mixes:
        parts += [mixed.samples, pause]
        places.append(Segment(at / RATE, (at + len(mixed.samples)) / RATE))
        at += len(mixed.samples) + len(pause)
    return np.concatenate(parts[:-1]), places


def left_in(mixed: Mixed, place: Segment, heard: Sequence[Sequence[Word]]) -> set[str]:
    """The private words of a mix that are heard where it is said."""
    around = place.grown(PAUSE / 2)
    near = [[w for w in words if w.end > around.start and w.start < around.end] for words in heard]
    return {secret for secret in mixed.secrets if any(audible(secret, words) for words in near)}


def recording(mixes: Sequence[Mixed], listener: Listener, counts: Counts) -> None:
    """Redact the mixes as one recording and count which of their private words are heard afterwards."""
    settings = load(None, ["redaction.language=en"])
    samples, places = strung(mixes)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.wav", Path(folder) / "out.wav"
        save(source, samples)
        registry = Registry.open(Path(folder) / "people", "file")
        found = listen(source, RunContext.of(settings, Store(), registry), Quiet())
        write_safe(found, target, settings, Quiet())
        written = np.concatenate(list(AudioFile(target, RATE, mono=False).blocks()))
    made = combinations(written)
    heard = [words for sound in made for words in listener(sound)]
    counts.recordings += 1
    counts.unequal += len(made) > 1
    counts.seconds += len(samples) / RATE
    for mixed, place in zip(mixes, places, strict=True):
        left = left_in(mixed, place, heard)
        counts.mixes += 1
        counts.secrets += len(mixed.secrets)
        counts.heard += len(left)
        counts.missed += [mixed.number] if left else []
    old = union(Segment(r.start, r.end) for r in found.plan.redactions if not r.id.startswith("new"))
    gone = total(union(Segment(r.start, r.end) for r in found.plan.redactions))
    counts.new += gone - total(old)
    counts.redacted += gone


def understood(mixed: Mixed, listener: Listener) -> int:
    """How many private words are understood in the single channels of a mix."""
    heard = [words for column in mixed.samples.T for words in listener(column, twice=False)]
    return sum(any(audible(secret, words) for words in heard) for secret in mixed.secrets)


POOL = 48
"""Sentences that the mixes are made of. Each is spoken once; which two are said, and how they mix, is random."""


def sentences_of(number: int, longest: int) -> dict[int, Said]:
    """The two sentences said in mix ``number``, of at most ``longest`` words, by their places in the pool."""
    known = sentences(MEDIA / "text" / "generated_large.json", 400, NOT_PRIVATE, "report")
    known = [each for each in known if len(each.words) <= longest][:POOL]
    chosen = np.random.default_rng([number, POOL]).choice(len(known), 2, replace=False)
    return {int(at): known[at] for at in chosen}


def mixed(number: int, channels: int, longest: int, voices: Voices) -> Mixed:
    """The random mix ``number``, of sentences of at most ``longest`` words."""
    said = sentences_of(number, longest)
    spoken = [voices(each.aloud, voices.names[at % len(voices.names)]) for at, each in said.items()]
    return Mixed(number, list(said.values()), random_mix(spoken, channels, number))


def main() -> None:
    """Print the figures after every recording."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="mixes of each number of channels")
    parser.add_argument("--first", type=int, default=0, help="the first mix's number, which is its seed")
    parser.add_argument("--together", type=int, default=5, help="mixes in one recording")
    parser.add_argument("--longest", type=int, default=12, help="most words of a sentence")
    parser.add_argument("--channels", type=int, nargs="+", default=[2, 6], help="numbers of channels")
    parser.add_argument("--espeak", action="store_true", help="spoken by espeak-ng even where there is Kokoro")
    parser.add_argument("--before", action="store_true", help="count what is understood before as well")
    parser.add_argument("--kept", type=Path, help="folder in which speech is kept for another run")
    parser.add_argument("--results", type=Path, help="file to which figures are appended; what stands there is kept")
    chosen = parser.parse_args()
    store = Store()
    voices = Voices(store, chosen.kept, espeak=chosen.espeak)
    listener = Listener(store, load(None, ["redaction.language=en"]))
    results = Results(chosen.results)

    for channels in chosen.channels:
        todo = results.missing(channels, range(chosen.first, chosen.first + chosen.count))
        for first in range(0, len(todo), chosen.together):
            numbers, counts = todo[first : first + chosen.together], Counts()
            mixes = [mixed(number, channels, chosen.longest, voices) for number in numbers]
            began = time.process_time()
            recording(mixes, listener, counts)
            counts.cpu += time.process_time() - began
            counts.understood += sum(understood(each, listener) for each in mixes) if chosen.before else 0
            results.add(channels, numbers, counts)
            print(f"{channels} channels, {results.counts(channels).line()}", flush=True)


if __name__ == "__main__":
    main()
