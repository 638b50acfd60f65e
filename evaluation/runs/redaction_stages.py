"""Run the words room on sound in memory, as ``discreet redact`` does, and measure each stage."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from diarization import Fusion, SpeechFinder
from discreet.config import Settings
from discreet.pipeline import Normalised, RedactionPlan, find_private
from evaluation.metrics.audible_leaks import redacted
from redaction import PiiFinder, RedactedWords, Transcriber, Transcript, Verification, verify
from timeline import ArrayAudio, Audio, Progress, Redaction, Segment, Word, silent


class Kept:
    """A transcriber that stores its results in a folder, so that a second run need not listen again.

    Args:
        transcriber: does the work.
        name: distinguishes its results from those of another transcriber, or of other settings.
        folder: where they are stored; None: nowhere.
    """

    def __init__(self, transcriber: Transcriber, name: str, folder: Path | None) -> None:
        self._transcriber, self._name, self._folder = transcriber, name, folder

    def __call__(
        self, audio: Audio, speech: Sequence[Segment] | None = None, progress: Progress = silent
    ) -> list[Word]:
        """Only the words."""
        return self.transcribe(audio, speech, progress).words

    def transcribe(
        self, audio: Audio, speech: Sequence[Segment] | None = None, progress: Progress = silent
    ) -> Transcript:
        """See :meth:`redaction.Transcriber.transcribe`."""
        if self._folder is None:
            return self._transcriber.transcribe(audio, speech, progress)
        spans = [(s.start, s.end) for s in speech] if speech is not None else None
        digest = hashlib.sha256(f"{self._name}\0{spans}".encode())
        for block in audio.blocks():
            digest.update(np.ascontiguousarray(block).tobytes())
        path = self._folder / f"{digest.hexdigest()[:24]}.json"
        if not path.is_file():
            heard = self._transcriber.transcribe(audio, speech, progress)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(
                json.dumps(
                    {
                        "words": [w.model_dump() for w in heard.words],
                        "language": heard.language,
                        "probability": heard.probability,
                        "unheard": [(s.start, s.end) for s in heard.unheard],
                    }
                )
            )
        kept: dict[str, Any] = json.loads(path.read_text("utf-8"))
        words = [Word.model_validate(w) for w in kept["words"]]
        unheard = [Segment(*s) for s in kept["unheard"]]
        return Transcript(words, kept["language"], kept["probability"], unheard)


@dataclass(frozen=True)
class Worked:
    """What the room did with a recording.

    Attributes:
        transcript: what it heard.
        private: what it found; the redactions are those before the check by ear.
        proof: result of the check by ear; not needed if nothing is private.
        safe: the sound as it would be written.
        seconds: stage -> CPU seconds.
    """

    transcript: Transcript
    private: RedactionPlan = field(repr=False)
    proof: Verification
    safe: ArrayAudio = field(repr=False)
    seconds: dict[str, float]

    @property
    def gone(self) -> set[tuple[float, float, str]]:
        """The words that were found private, by start, end (s) and text."""
        return {(w.start, w.end, w.text) for words in self.private.said.values() for w in words}

    @property
    def redactions(self) -> list[Redaction]:
        """The final redactions."""
        return self.proof.redactions


def work(
    audio: ArrayAudio,
    speech_finder: SpeechFinder,
    listen: Kept,
    finder: PiiFinder,
    settings: Settings,
    again: Kept | None = None,
) -> Worked:
    """Everything between a recording and its safe sound: speech, words, private words, check by ear, sound.

    ``again`` listens for the check; None: the transcriber that heard the words.
    """
    spent: dict[str, float] = {}
    marks = [("start", time.process_time())]

    def mark(name: str) -> None:
        now = time.process_time()
        spent[name] = now - marks[-1][1]
        marks.append((name, now))

    speech = list(speech_finder(Normalised(audio)))
    mark("speech")
    transcript = listen.transcribe(Normalised(audio), speech)
    mark("words")
    private = find_private(lambda: finder, settings, transcript, speech, Fusion([], [], {}))
    mark("private")
    proof = Verification(private.redactions)
    if private.said and settings.redaction.proof:
        done = RedactedWords(private.words, private.redactions, private.said)
        proof = verify(again or listen, Normalised(audio), done, settings.redaction)
    mark("proof")
    safe = redacted(audio, proof.redactions, settings.redaction)
    mark("sound")
    return Worked(transcript, private, proof, safe, spent)
