"""WhisperX as a recogniser: it runs in its own environment, as a child process, with local folders only.

Whisper transcribes, and a wav2vec2 model for the language aligns the words. Parent and child exchange JSON over pipes
(:mod:`redaction.asr.whisperx_worker`); the child cannot open connections. A word that could not be aligned gets the
time between its neighbours.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from redaction.asr.base import RATE, RecognisedWord
from redaction.asr.whisper import invented
from redaction.asr.word_timing import interpolated
from redaction.settings import RedactionSettings, WhisperXSettings
from timeline import FloatArray, ModelError, tolerated
from weights import Store

SETUP = "./setup.sh --with whisperx"
LEAST = (3, 8)
"""Earlier versions have another interface; resolvers silently fall back to them where torch is pinned."""
ALIGNER = "whisperx-align"
PUNKT = "nltk-data"
"""Folders of the store that are used if the settings name none."""
_CHILD = Path(__file__).with_name("whisperx_worker.py")


class WhisperX:
    """The parent's side, a :class:`~redaction.asr.base.SpeechRecogniser`. The child ends with this object.

    Args:
        child: the process, ready.
        patience: seconds that one answer may take.
    """

    def __init__(self, child: subprocess.Popen[bytes], patience: float) -> None:
        self._child, self._patience, self._left = child, patience, b""
        self.version = ""

    @classmethod
    def start(cls, model: Path, store: Store, settings: RedactionSettings) -> WhisperX:
        """Start the child and wait until its models are loaded.

        Raises:
            ModelError: the environment, a folder or a library is missing or too old, or it does not start.
        """
        own = settings.whisperx
        request = {
            "model": str(model),
            "align": str(aligner(store, own)),
            "punkt": _punkt(store, own),
            "beam": settings.beam,
            "threads": settings.cpu_threads or min(4, os.cpu_count() or 1),
        }
        child = subprocess.Popen(
            [str(environment(own)), "-I", "-B", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        made = cls(child, own.patience)
        try:
            made._send(request)
            made.version = str(made._answer().get("ready", ""))
            if tuple(int(n) for n in re.findall(r"\d+", made.version)[:2]) < LEAST:
                raise ModelError(f"whisperx {made.version} is too old; 3.8 or later is needed", SETUP)
        except BaseException:
            made.close()
            raise
        return made

    def __call__(self, samples: FloatArray, language: str | None) -> tuple[list[RecognisedWord], dict[str, float]]:
        """See :meth:`redaction.asr.base.SpeechRecogniser.__call__`.

        Raises:
            ModelError: the child failed, or did not answer in time.
        """
        sound = np.ascontiguousarray(samples, np.float32)
        self._send({"samples": len(sound), "language": language}, sound.tobytes())
        answer = self._answer()
        words = interpolated(answer["words"], len(sound) / RATE)
        if invented(" ".join(w.text for w in words), 0.0, float(answer["sure"])):
            words = []
        return words, {str(name): float(p) for name, p in answer["languages"].items()}

    def close(self) -> None:
        """End the child. May be called twice."""
        if self._child.poll() is None:
            self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._child.wait()

    def __del__(self) -> None:
        with tolerated("the WhisperX process could not be ended"):
            self.close()

    def _send(self, request: dict[str, Any], sound: bytes = b"") -> None:
        pipe = self._child.stdin
        assert pipe is not None
        try:
            pipe.write(json.dumps(request).encode() + b"\n" + sound)
            pipe.flush()
        except OSError:
            raise self._failed("its process ended") from None

    def _answer(self) -> dict[str, Any]:
        pipe = self._child.stdout
        assert pipe is not None
        until = time.monotonic() + self._patience
        while b"\n" not in self._left:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise self._failed(f"no answer within {self._patience:.0f} s")
            piece = os.read(pipe.fileno(), 1 << 16)
            if not piece:
                raise self._failed("its process ended")
            self._left += piece
        line, _, self._left = self._left.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise self._failed(f"{answer['error']} in {answer.get('where') or 'its environment'}")
        return answer

    def _failed(self, why: str) -> ModelError:
        self.close()
        return ModelError(f"WhisperX failed: {why}", f"check its models, and install it again with {SETUP}")


def default_python() -> Path:
    """The Python that ``setup.sh --with whisperx`` installs beside this environment, or DISCREET_WHISPERX_PYTHON."""
    given = os.environ.get("DISCREET_WHISPERX_PYTHON")
    return Path(given) if given else Path(f"{sys.prefix}-whisperx") / "bin" / "python"


def environment(own: WhisperXSettings) -> Path:
    """The Python that has WhisperX. Raises ModelError if it does not exist."""
    python = own.python or default_python()
    if not python.is_file():
        raise ModelError("WhisperX is not installed: its environment is missing", SETUP)
    return python


def aligner(store: Store, own: WhisperXSettings) -> Path:
    """The folder of the alignment model. Raises ModelError if there is none."""
    folder = own.align or store.root / ALIGNER
    for needed in ("config.json", "vocab.json"):
        if not (folder / needed).is_file():
            raise ModelError(
                f"WhisperX needs a wav2vec2 model to place words, and {folder} holds none: {needed} is missing",
                "download one for the language, e.g. facebook/wav2vec2-base-960h, and name its folder with "
                "--set redaction.whisperx.align=FOLDER",
            )
    return folder


def _punkt(store: Store, own: WhisperXSettings) -> str | None:
    """NLTK's data folder; None: the child makes do without a list of abbreviations."""
    if own.punkt is not None and not (own.punkt / "tokenizers" / "punkt_tab").is_dir():
        raise ModelError(f"{own.punkt} holds no tokenizers/punkt_tab", "leave redaction.whisperx.punkt out")
    folder = own.punkt or store.root / PUNKT
    return str(folder) if (folder / "tokenizers" / "punkt_tab").is_dir() else None
