"""Whether made speech is recognised as made, and people's is not: ``python -m evaluation.runs.watermark``.

* *detection*: share of two-second windows, and of whole takes, of marked speech that are found after each attack. A
  take alone is a recording here, of 2 to 8 s, and windows that hold no speech count as well;
* *false alarms*: such windows on natural speech of the media (and of the store's voices), one about every second, with
  the upper end of the 95 % interval, as if all were independent;
* *cost*: how far the mark lies below the speech (SNR), and what DNSMOS says of speech with and without it;
* *place*: by how much the found part is longer or shorter than the marked one.

``--made FOLDER`` holds WAV files of made speech without a mark; else the synthesiser says twelve sentences.
"""

from __future__ import annotations

import argparse
import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile
from scipy.signal import resample_poly
from scipy.stats import beta

from capture import AudioFile
from evaluation.data.media import MEDIA
from evaluation.data.reading_passages import TEXTS
from evaluation.data.recordings import recordings
from evaluation.data.voices import recorded_speakers
from timeline import FloatArray, Segment, Word
from voice.quality import Dnsmos
from voice.resynthesis import PhraseSynthesiser, PhraseToSay, mixed_voice, names_for, phrases_of
from voice.watermark import RATE, THRESHOLD, marked, marked_parts, scan
from weights import Store

WINDOW = 2.0
Attack = Callable[[FloatArray], FloatArray]


def coded(sound: FloatArray, codec: str, bit_rate: int) -> FloatArray:
    """``sound`` ``[n]`` at 16 kHz after a codec."""
    file = io.BytesIO()
    rate = 48000 if codec == "libopus" else RATE
    with av.open(file, "w", format="matroska") as out:
        stream: Any = out.add_stream(codec, rate=rate)
        stream.bit_rate, stream.layout = bit_rate, "mono"
        given = np.asarray(resample_poly(sound, rate // RATE, 1), np.float32)[None]
        frame = av.AudioFrame.from_ndarray(given, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = rate, 0
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as back:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        frames = [each for frame in back.decode(audio=0) for each in resampler.resample(frame)]
    return np.asarray(np.concatenate([frame.to_ndarray()[0] for frame in frames]), np.float32)


def through(rate: int) -> Attack:
    """Resampled to ``rate`` and back."""
    shared = int(np.gcd(rate, RATE))
    return lambda x: np.asarray(
        resample_poly(resample_poly(x, rate // shared, RATE // shared), RATE // shared, rate // shared), np.float32
    )


def noisy(decibels: float) -> Attack:
    """With white noise so far below."""

    def attack(sound: FloatArray) -> FloatArray:
        noise = np.random.default_rng(len(sound)).standard_normal(len(sound))
        return np.asarray(sound + sound.std() * 10 ** (-decibels / 20) * noise, np.float32)

    return attack


def cut(sound: FloatArray) -> FloatArray:
    """Two seconds from the middle, cut at no round time."""
    first = max(0, (len(sound) - round(WINDOW * RATE)) // 2) + 123
    return sound[first : first + round(WINDOW * RATE) + 640]


def faster(sound: FloatArray) -> FloatArray:
    """Played 1 % faster."""
    return np.asarray(resample_poly(sound, 100, 101), np.float32)


ATTACKS: Mapping[str, Attack] = {
    "none": lambda x: x,
    "cut to 2 s": cut,
    "AAC 64 kb/s": lambda x: coded(x, "aac", 64000),
    "AAC 64 kb/s, cut to 2 s": lambda x: cut(coded(x, "aac", 64000)),
    "AAC 24 kb/s": lambda x: coded(x, "aac", 24000),
    "Opus 24 kb/s": lambda x: coded(x, "libopus", 24000),
    "through 8 kHz": through(8000),
    "through 44.1 kHz": through(44100),
    "noise 20 dB": noisy(20),
    "noise 20 dB, cut to 2 s": lambda x: cut(noisy(20)(x)),
    "noise 10 dB": noisy(10),
    "1 % faster": faster,
}


def natural(store: Store) -> Iterator[FloatArray]:
    """Recordings of people."""
    for path in sorted(MEDIA.glob("voices/*/*.flac")):
        yield soundfile.read(path, dtype="float32")[0]
    for recording in recordings(store):
        yield np.concatenate([*recording.audio().blocks(), np.zeros(1, np.float32)])
    for path in sorted(MEDIA.glob("validation/*.mp4")):
        yield np.concatenate([*AudioFile(path).blocks(), np.zeros(1, np.float32)])
    for speaker in recorded_speakers(store):
        if not (MEDIA / "voices" / speaker.name).is_dir():
            yield np.concatenate(speaker.takes)


def made(store: Store) -> Iterator[FloatArray]:
    """Twelve sentences of as many voices."""
    speaker = PhraseSynthesiser.from_store(store, "words", RATE)
    for number, text in TEXTS.items():
        voice = mixed_voice(bytes(32), f"{number}", names_for(bool(number % 2), speaker.styles))
        words = text.split()
        times = np.linspace(0.0, 0.38 * len(words), len(words) + 1)
        said = [Word(start=a, end=b, text=w) for (a, b), w in zip(itertools.pairwise(times), words, strict=True)]
        parts = [speaker.unmarked(PhraseToSay(phrase, voice, 0.05)) for phrase in phrases_of(said)]
        yield np.concatenate([part.samples for part in parts if part is not None])


def windows(sound: FloatArray) -> list[float]:
    """The scores of windows of two seconds that hold anything, at most half of each in the one before."""
    out, free = [], 0.0
    for each in sorted(scan([sound], (WINDOW,)), key=lambda each: each.start):
        if each.start >= free - 0.05 and each.score > 0:
            out.append(each.score)
            free = each.start + WINDOW / 2
    return out


def upper(found: int, count: int) -> float:
    """Upper end of the exact 95 % interval of a rate (Clopper, Pearson, 1934; one-sided where nothing was found)."""
    return float(beta.ppf(0.975 if found else 0.95, found + 1, max(count - found, 1)))


def detected(takes: list[FloatArray], attack: Attack) -> str:
    """A row: windows and takes that are found."""
    scores, whole = [], 0
    for number, take in enumerate(takes):
        sound = attack(marked(take, RATE, 7919 * number))
        scores += [each.score for each in scan([sound], (WINDOW,))]
        whole += bool(marked_parts([sound]))
    share = float(np.mean(np.array(scores) >= THRESHOLD))
    return f"{100 * share:5.1f} % of {len(scores)} windows, {100 * whole / len(takes):5.1f} % of {len(takes)} takes"


def cost(takes: list[FloatArray], store: Store) -> list[str]:
    """Lines: SNR and naturalness."""
    pairs = [(take, marked(take, RATE)) for take in takes]
    below = [10 * np.log10((a**2).sum() / ((a - b) ** 2).sum()) for a, b in pairs]
    lines = [f"SNR {np.mean(below):.1f} dB (least {np.min(below):.1f})"]
    if store.has("dnsmos"):
        judge = Dnsmos.from_store(store)
        before, after = (np.array([judge(pair[i]) for pair in pairs[:60]]) for i in (0, 1))
        lines.append(f"DNSMOS {before.mean():.3f} without, {after.mean():.3f} with, {len(before)} takes")
    return lines


def places(takes: list[FloatArray], rng: np.random.Generator) -> str:
    """By how much the found parts differ from the marked ones, in natural speech around them."""
    around = np.concatenate(list(itertools.islice(natural(Store()), 12)))[: 12 * RATE]
    late, size = [], len(around)
    for take in (take for take in takes if len(take) >= 3 * RATE):
        at = int(rng.integers(3 * RATE, 5 * RATE))
        sound = np.concatenate([around[:at], marked(take, RATE, at), around[at : size // 2 + at]])
        span = Segment(at / RATE, (at + len(take)) / RATE)
        parts = marked_parts([sound])
        if parts:
            late += [parts[0].start - span.start, parts[-1].end - span.end]
    if not late:
        return "place: nothing of 3 s was found"
    return f"place: edges off by {np.mean(np.abs(late)):.2f} s on the mean, {np.max(np.abs(late)):.2f} at most"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--made", type=Path, help="folder with WAV files of made speech at 16 kHz, without a mark")
    parser.add_argument("--only", choices=("detection", "false-alarms", "cost", "place"), action="append")
    options = parser.parse_args()
    store, only = Store(), options.only or ("detection", "false-alarms", "cost", "place")
    if {"detection", "cost", "place"} & set(only):
        files = sorted(options.made.rglob("*.wav")) if options.made else []
        takes = [soundfile.read(path, dtype="float32")[0] for path in files] or list(made(store))
        takes = [take for take in takes if len(take) >= WINDOW * RATE + 800]
        print(f"made speech: {len(takes)} takes, {sum(map(len, takes)) / RATE:.0f} s", flush=True)
        for name, attack in ATTACKS.items() if "detection" in only else ():
            print(f"{name:24} {detected(takes, attack)}", flush=True)
        for line in cost(takes, store) if "cost" in only else ():
            print(line, flush=True)
        if "place" in only:
            print(places(takes, np.random.default_rng(0)), flush=True)
    if "false-alarms" in only:
        scores = np.array([score for sound in natural(store) for score in windows(sound)])
        found = int((scores >= THRESHOLD).sum())
        print(
            f"natural speech: {found} of {len(scores)} windows taken for made (rate at most"
            f" {100 * upper(found, len(scores)):.2f} %); highest score {scores.max():.2f}, threshold {THRESHOLD}"
        )


if __name__ == "__main__":
    main()
