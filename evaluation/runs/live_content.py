"""Whether Whisper's encoder can hear content live: ``python -m evaluation.runs.live_content --model EXPORTED``.

Content comes from short windows of sound that end a little after what is to be said, as a live converter would have it,
and goes through an exported model of the voice lab. For each window: words lost against those of the original, how like
the states are to those of the whole utterance, and CPU seconds of the encoder alone for each second of sound. The last
line is the whole utterance at once.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from evaluation.data.voices import recorded_speakers
from evaluation.runs.live_quality import listener
from timeline import FloatArray
from voice.neural import ExportedModel, LabConverter
from voice.neural.features import ContentEncoder
from voice.quality import word_errors
from voice.resynthesis import Fargan
from weights import Store

RATE, STATE = 16000, 320
"""Hz, and samples of a state."""
Content = Callable[[FloatArray], FloatArray]
WINDOWS = ((0.5, 0.04, 0.04), (1.0, 0.04, 0.04), (1.0, 0.06, 0.08))
"""Seconds of a window, of what it hears ahead, and from one to the next."""


def windowed(content: Content, window: float, ahead: float, step: float) -> Content:
    """``content`` heard window by window; each gives the states of ``step`` seconds, which end ``ahead`` before it."""
    wide, late, stride = (round(each * RATE / STATE) for each in (window, ahead, step))

    def heard(sound: FloatArray) -> FloatArray:
        count = len(sound) // STATE
        held = np.pad(sound[: count * STATE], ((wide - stride) * STATE, (late + stride) * STATE))
        out = []
        for at in range(0, count, stride):
            # Ends so that the last step's states lie ``late`` before the end of the window.
            piece = held[(at + late) * STATE : (at + late + wide) * STATE]
            out.append(content(piece)[wide - late - stride : wide - late])
        return np.concatenate(out)[:count]

    return heard


def main() -> None:
    """Print the lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="an exported model of the lab")
    parser.add_argument("--takes", type=int, default=10, help="one of each of so many speakers (default: 10)")
    options = parser.parse_args()
    store = Store()
    encoder, hear, bundle = ContentEncoder.from_store(store), listener(store), ExportedModel(options.model)
    every = [(speaker.name, speaker.takes[-1]) for speaker in recorded_speakers(store)]
    spoken = every[:: max(1, len(every) // options.takes)][: options.takes]
    wanted, whole = [hear(sound) for _, sound in spoken], [encoder(sound) for _, sound in spoken]
    ways = {f"window {w} s, ahead {a} s, every {s} s": windowed(encoder, w, a, s) for w, a, s in WINDOWS}
    ways["whole utterances"] = encoder
    for name, content in ways.items():
        converter = LabConverter(bundle, content, Fargan.from_store(store))
        errors, alike = 0, []
        begun = time.process_time()
        states = [content(sound) for _, sound in spoken]
        cpu = time.process_time() - begun
        for (speaker, sound), words, own, other in zip(spoken, wanted, whole, states, strict=True):
            errors += word_errors(words, hear(converter(sound, bytes(32), speaker)))
            size = min(len(own), len(other))
            norms = np.linalg.norm(own[:size], axis=1) * np.linalg.norm(other[:size], axis=1)
            alike.append(float(((own[:size] * other[:size]).sum(axis=1) / norms).mean()))
        seconds = sum(len(sound) for _, sound in spoken) / RATE
        lost = 100 * errors / max(1, sum(map(len, wanted)))
        print(
            f"{name}: words lost {lost:.1f} % of {sum(map(len, wanted))}, states alike {np.mean(alike):.2f},"
            f" encoder {cpu / seconds:.2f} CPU s a second",
            flush=True,
        )


if __name__ == "__main__":
    main()
