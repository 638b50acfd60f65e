"""The child's side of :mod:`redaction.asr.whisperx`: runs WhisperX in the environment made for it.

WhisperX needs another version of torch than the rest of the project, so it has its own Python, which runs only this
file: it imports the standard library, NumPy and WhisperX. Requests come on standard input, answers go to standard
output, one JSON document per line; the samples of a request follow its line as raw float32. What the libraries print
is discarded, because it quotes what was said.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}


WINDOW = 30
"""Seconds of speech that Whisper takes at once; this program cannot import the settings of the other environment."""


class RefusedError(OSError):
    """A library tried to use the network."""


def no_network() -> None:
    """Refuse every connection except Unix sockets."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX:
            raise RefusedError("no network here")
        return connect(self, address)

    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, refuse)


def find_sentence_splitter(folder: str | None, scratch: str) -> None:
    """Point NLTK to a data folder with a sentence splitter: ``folder``, or else one without abbreviations in
    ``scratch``.

    WhisperX splits its text into sentences before it aligns them; words and their times do not depend on it.
    """
    if folder is None:
        for language in LANGUAGES:
            empty = Path(scratch, "tokenizers", "punkt_tab", language)
            empty.mkdir(parents=True)
            for name in ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab"):
                (empty / name).touch()
        folder = scratch
    import nltk

    nltk.data.path[:] = [str(folder)]
    nltk.download = lambda *_, **__: False


LANGUAGES = [
    *("czech", "danish", "dutch", "english", "estonian", "finnish", "french", "german", "greek", "italian"),
    *("norwegian", "polish", "portuguese", "russian", "slovene", "spanish", "swedish", "turkish"),
]
"""The languages that NLTK splits into sentences."""


class Engine:
    """WhisperX's Whisper and aligner with local folders."""

    def __init__(self, request: dict[str, Any], scratch: str) -> None:
        find_sentence_splitter(request["punkt"], scratch)
        import whisperx
        from whisperx.vads import Vad

        class Whole(Vad):  # type: ignore[misc]
            """Skips voice activity detection, which was done already: all of the sound is one piece."""

            def __init__(self) -> None:
                super().__init__(0.5)

            def __call__(self, audio: dict[str, Any], **_: Any) -> float:
                return len(audio["waveform"]) / 16000

            @staticmethod
            def preprocess_audio(audio: Any) -> Any:
                return audio

            @staticmethod
            def merge_chunks(length: float, *_: Any, **__: Any) -> list[dict[str, Any]]:
                return [{"start": 0.0, "end": length, "segments": []}]

        self.whisperx = whisperx
        self.pipe = whisperx.load_model(
            request["model"],
            "cpu",
            compute_type="int8",
            vad_model=Whole(),
            asr_options={"beam_size": request["beam"]},
            local_files_only=True,
            threads=request["threads"],
        )
        self.align = request["align"]
        self.aligners: dict[str, Any] = {}

    def __call__(self, samples: Any, language: str | None) -> tuple[list[list[Any]], dict[str, float], float]:
        """Words of ``samples``, ``[text, start or None, end or None, probability]``; language -> probability; log
        probability.
        """
        languages: dict[str, float] = {}
        if language is None:
            language, _, every = self.pipe.model.detect_language(samples)
            languages = {name: float(p) for name, p in every}
        said = self.pipe.transcribe(samples, batch_size=1, language=language, chunk_size=WINDOW)
        segments = [s for s in said["segments"] if s["text"].strip()]
        if not segments:
            return [], languages, 0.0
        if language not in self.aligners:
            self.aligners[language] = self.whisperx.load_align_model(
                language, "cpu", model_name=self.align, model_cache_only=True
            )
        model, meta = self.aligners[language]
        aligned = self.whisperx.align(segments, model, meta, samples, "cpu")
        words = [
            [w["word"], number(w.get("start")), number(w.get("end")), number(w.get("score"))]
            for segment in aligned["segments"]
            for w in segment["words"]
        ]
        if not words:  # alignment failed completely: keep the words, without times
            words = [[word, None, None, None] for s in segments for word in s["text"].split()]
        return words, languages, float(segments[0].get("avg_logprob") or 0.0)


def number(value: Any) -> float | None:
    """The value as a float; None if it is None or NaN."""
    return float(value) if value is not None and value == value else None


def main() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.environ.update(OFFLINE)
    no_network()

    def answer(**what: Any) -> None:
        answers.write(json.dumps(what) + "\n")
        answers.flush()

    requests = sys.stdin.buffer
    try:
        from importlib.metadata import version

        import numpy as np

        found = version("whisperx")
        with tempfile.TemporaryDirectory() as scratch:
            engine = Engine(json.loads(requests.readline()), scratch)
            answer(ready=found)
            for line in requests:
                request = json.loads(line)
                samples = np.frombuffer(requests.read(4 * request["samples"]), np.float32)
                words, languages, sure = engine(samples.copy(), request["language"])
                answer(words=words, languages=languages, sure=sure)
    except Exception as error:
        # Report only where, never what: a message may quote what was said.
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
        answer(error=type(error).__name__, where=where)


if __name__ == "__main__":
    main()
