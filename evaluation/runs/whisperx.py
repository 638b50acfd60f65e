"""WhisperX beside Whisper as Discreet runs it, on the same clips: ``python -m evaluation.runs.whisperx``.

Both run the same Whisper model, so their word errors should be alike; WhisperX then places the words with a wav2vec2
model. ``--python`` names the Python that ``setup.sh --with whisperx`` made, ``--align`` the folder of a wav2vec2 model.
Without ``--align``, one of random weights is made: it shows that the path works, and says nothing about times.

Prints, for each, the word error rate, the real-time factor (CPU seconds of both processes), and the share of words
whose times lie inside the clip and in order.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from capture import AudioFile
from discreet.config import load
from evaluation.runs.redaction import commands, read_aloud, word_errors
from redaction import Transcriber
from timeline import Word
from weights import Store

RANDOM = """
import json, sys
from pathlib import Path
import torch
from transformers import (Wav2Vec2Config, Wav2Vec2CTCTokenizer, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC,
                          Wav2Vec2Processor)
torch.manual_seed(0)
folder = Path(sys.argv[1])
letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ'"]
(folder / "vocab.json").write_text(json.dumps({letter: n for n, letter in enumerate(letters)}))
Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), Wav2Vec2CTCTokenizer(folder / "vocab.json")).save_pretrained(folder)
size = dict(hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128)
Wav2Vec2ForCTC(Wav2Vec2Config(vocab_size=len(letters), **size)).save_pretrained(folder)
"""


def random_aligner(python: Path, folder: Path) -> Path:
    """Write a small wav2vec2 model of random weights into ``folder``, with the ``python`` of WhisperX."""
    subprocess.run([str(python), "-c", RANDOM, str(folder)], check=True, capture_output=True)
    return folder


def placed(words: Sequence[Word], duration: float) -> float:
    """The share of words that lie inside a clip of ``duration`` s and begin no earlier than the word before."""
    if not words:
        return 1.0
    begun = [0.0, *(word.start for word in words)]
    good = [a <= word.start <= word.end <= duration + 0.1 for a, word in zip(begun, words, strict=False)]
    return sum(good) / len(words)


def measure(name: str, options: Iterable[str], read: int) -> None:
    """Print the figures of one recogniser."""
    settings = load(options=["redaction.language=en", *options]).redaction
    transcriber = Transcriber.from_store(Store(), settings)
    print(name)
    word_errors("read aloud (VCTK)", transcriber, read_aloud(read))
    word_errors("short commands with letters (GRID)", transcriber, commands())
    shares = []
    for path, _ in read_aloud(3):
        audio = AudioFile(path, 16000)
        shares.append(placed(transcriber(audio), audio.duration))
    print(f"words inside the clip and in order: {100 * min(shares, default=1.0):.0f} % at least")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.runs.whisperx", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--python", type=Path, required=True, help="the Python that has WhisperX")
    parser.add_argument("--align", type=Path, help="folder of a wav2vec2 model; default: random weights")
    parser.add_argument("--read", type=int, default=12, help="clips that are read aloud")
    given = parser.parse_args(arguments)
    measure("Whisper (whisper-base)", [], given.read)
    with tempfile.TemporaryDirectory() as folder:
        align = given.align or random_aligner(given.python, Path(folder))
        own = [f"python={given.python.absolute()}", f"align={align.absolute()}"]
        options = ["redaction.asr=whisperx", *(f"redaction.whisperx.{option}" for option in own)]
        weights = "" if given.align else ", aligner of random weights"
        measure(f"WhisperX (whisper-base{weights})", options, given.read)


if __name__ == "__main__":
    main()
