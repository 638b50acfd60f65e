"""How often the language of a short recording is found: ``python -m evaluation.runs.languages``.

English from ``../shared/media/voices``, one utterance a person, cut to 2 to 8 s; other languages said by espeak-ng, if
it is installed. Each clean, under noise (5 dB), through a telephone and in a room. ``sound`` is what Whisper says of
the sound alone, ``words`` what :class:`redaction.Transcriber` makes of it. English that is taken for another language
is silenced; another language that is taken for English keeps its private words, which is far worse.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import soundfile

from evaluation.data.espeak import say
from evaluation.data.media import MEDIA, RATE
from redaction import RedactionSettings, Transcriber
from redaction.asr import speech_recogniser
from timeline import ArrayAudio, FloatArray
from weights import Store

SENTENCES = {
    "de": (
        "Gestern bin ich mit meiner Schwester in die Stadt gefahren und wir haben Kaffee getrunken.",
        "Ich weiß nicht genau, was er damit gemeint hat.",
    ),
    "fr": (
        "Hier je suis allée au marché avec ma sœur et nous avons acheté des légumes.",
        "Je ne sais pas vraiment ce qu'il voulait dire.",
    ),
    "es": (
        "Ayer fui al mercado con mi hermana y compramos verduras para la cena.",
        "No sé muy bien lo que quería decir con eso.",
    ),
    "nl": (
        "Gisteren ben ik met mijn zus naar de markt gegaan en we hebben groenten gekocht.",
        "Ik weet niet precies wat hij daarmee bedoelde.",
    ),
    "pl": ("Wczoraj poszłam z siostrą na targ i kupiłyśmy warzywa na kolację.",),
    "it": ("Ieri sono andata al mercato con mia sorella e abbiamo comprato le verdure.",),
    "cy": ("Es i i'r farchnad ddoe gyda fy chwaer a phrynon ni lysiau.",),
}
CONDITIONS = ("clean", "noise", "telephone", "room")
SECONDS = (2.0, 8.0)


def heard_in(samples: FloatArray, condition: str, rng: np.random.Generator) -> FloatArray:
    """Speech ``[n]``, 16 kHz, under a condition."""
    if condition == "noise":
        power = float(np.mean(samples**2))
        return (samples + rng.normal(0, np.sqrt(power / 10**0.5), len(samples))).astype(np.float32)
    if condition == "telephone":
        spectrum = np.fft.rfft(samples)
        hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
        spectrum[(hertz > 3400) | (hertz < 300)] = 0
        return np.asarray(np.fft.irfft(spectrum, len(samples)), np.float32)
    if condition == "room":
        echo = rng.normal(size=RATE // 2) * np.exp(-np.arange(RATE // 2) / 1800)
        echo[0] = 6.0
        wet = np.convolve(samples, echo)[: len(samples)]
        return np.asarray(wet / np.abs(wet).max() * 0.3, np.float32)
    return samples


def recordings(rng: np.random.Generator, each: int) -> Iterator[tuple[str, FloatArray]]:
    """Language and speech ``[n]``, 16 kHz."""
    for folder in sorted(path for path in MEDIA.glob("voices/*") if path.is_dir()):
        for path in rng.permutation(sorted(folder.glob("*.flac")))[:each]:
            yield "en", soundfile.read(path, dtype="float32")[0]
    try:
        for language, sentences in SENTENCES.items():
            for sentence in sentences:
                yield language, say(sentence, language).samples
    except FileNotFoundError:
        print("other languages: skipped, espeak-ng is not installed")


def table(results: Counter[tuple[str, bool, str]]) -> Iterator[str]:
    """Lines for results: (method, whether it is English, the language found) -> how often."""
    for who in ("sound", "words"):
        for english in (True, False):
            cells = {taken: n for (by, is_english, taken), n in results.items() if by == who and is_english == english}
            count = sum(cells.values())
            if count:
                said = ", ".join(f"{taken} {n}" for taken, n in sorted(cells.items()))
                yield f"{who:6} {'English' if english else 'other languages'} ({count}): {said}"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=1, help="utterances of each person")
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    settings, store = RedactionSettings(), Store()
    recogniser = speech_recogniser(store, settings)
    sound: Callable[[FloatArray], dict[str, float]] = recogniser.languages  # type: ignore[attr-defined]
    results: Counter[tuple[str, bool, str]] = Counter()
    for language, samples in recordings(rng, args.each):
        for condition in CONDITIONS:
            heard = heard_in(samples[: round(rng.uniform(*SECONDS) * RATE)], condition, rng)
            alone = sound(heard)
            transcript = Transcriber(recogniser, settings).transcribe(ArrayAudio(heard, RATE))
            taken = "doubtful" if transcript.doubtful else transcript.language
            first = max(alone, key=lambda name: alone[name])
            for who, name in (("sound", first), ("words", taken)):
                name = name if name in ("en", "doubtful") else "another"
                results["words" if who == "words" else "sound", language == "en", name] += 1
            print(
                f"{language} {condition:9} {len(heard) / RATE:3.1f} s  sound {first} {alone[first]:.2f}"
                f"  words {transcript.language or '-'} {transcript.probability:.2f}",
                flush=True,
            )
    print(*table(results), sep="\n")


if __name__ == "__main__":
    main()
