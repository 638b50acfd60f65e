"""Own voices of people who did not agree to be heard, in a recording that is about to leave.

Speech is cut into overlapping windows, and each is compared with the templates of everybody enrolled. A voice is
somebody's own if successive windows are more like their template than anybody else's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from capture import CaptureSettings, mono_sound, probe
from discreet.pipeline.amplify import Normalised
from registered import Gallery, SpeechFinder
from sharing import Finding
from timeline import Audio, FloatArray, Segment, Timeline, windows

WINDOW = 2.0
"""Seconds of a window: three seconds of a voice hold two of them, and half a second more on both sides."""
HOP = 0.5
"""Seconds from one window to the next."""
SHORTEST = 1.0
"""Seconds of speech below which an embedding tells too little."""
WINDOWS = 2
"""Successive windows that make a finding."""
BATCH = 16
"""Windows that are embedded at once."""
LIKE = {"ecapa": 0.40, "campplus": 0.43, "ecapa+campplus": 0.40}
"""Cosine of a window with the template of somebody from which on it is taken for their own voice. Of windows of three
composed meetings, the nearest of eleven other people reached .36, .39 and .38; half of the own ones lie above .5."""
OTHERS = 0.5
"""The same where a model was not measured here."""
MORE_LIKE = 0.05
"""By how much more (cosine) a window has to be like them than like anybody who may be heard."""
REMEDY = "process the recording again, so that they speak in another voice"


class Embedder(Protocol):
    """Turns pieces of speech ``[n_i]`` (16 kHz) into unit embeddings ``[N, D]``."""

    @property
    def model(self) -> str:
        """The name under which templates are kept."""
        ...

    def pieces(self, pieces: Sequence[FloatArray]) -> FloatArray:
        """The embeddings."""
        ...


@dataclass(frozen=True)
class OwnVoices:
    """Listens for own voices; a :class:`sharing.Checker`.

    Attributes:
        embedder: another model than the run's, if one is here.
        speech: finds speech.
        gallery: templates of the same model.
        hidden: ids in it of people who may not be heard.
        settings: how recordings are read.
    """

    embedder: Embedder
    speech: SpeechFinder
    gallery: Gallery
    hidden: frozenset[str]
    settings: CaptureSettings = field(default_factory=CaptureSettings)

    def __call__(self, path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        """One finding for each stretch. Raises InputError or ModelError if it could not be listened to."""
        if path.suffix not in (".mp4", ".m4a", ".wav") or not self.hidden & {*self.gallery.ids}:
            return []
        info = probe(path, self.settings)
        if not info.has_audio:
            return []
        sound = Normalised(mono_sound(path, info, self.settings))
        spans = self.speech(sound)
        like = [(t, score) for part in _batches(_spoken(sound, spans)) for t, score in self._likeness(part)]
        return [
            Finding(
                kind="voice",
                file=name,
                place=f"{start:.1f} to {end:.1f} s",
                score=score,
                reason="the own voice of somebody who did not agree to be heard",
                remedy=REMEDY,
            )
            for start, end, score in runs(like)
        ]

    def _likeness(self, part: Sequence[tuple[float, FloatArray]]) -> Iterator[tuple[float, float]]:
        """Time of each window, and how like it is to somebody who may not be heard; 0 where it is not."""
        likeness = self.gallery.similarity(self.embedder.pieces([piece for _, piece in part]))
        mine = np.array([id in self.hidden for id in self.gallery.ids])
        hidden = likeness[:, mine].max(axis=1, initial=-1.0)
        allowed = likeness[:, ~mine].max(axis=1, initial=-1.0)
        told = (hidden >= LIKE.get(self.embedder.model, OTHERS)) & (hidden >= allowed + MORE_LIKE)
        return zip((t for t, _ in part), np.where(told, hidden, 0.0).tolist(), strict=True)


def _spoken(sound: Audio, spans: Sequence[Segment]) -> Iterator[tuple[float, FloatArray]]:
    """Start (s) and speech of each window that holds enough of it."""
    for start, samples in windows(sound, WINDOW, HOP):
        parts = [
            samples[
                max(0, round((span.start - start) * sound.sample_rate)) : max(
                    0, round((span.end - start) * sound.sample_rate)
                )
            ]
            for span in spans
            if span.end > start and span.start < start + WINDOW
        ]
        speech = np.concatenate([np.zeros(0, np.float32), *parts])
        if len(speech) >= SHORTEST * sound.sample_rate:
            yield start, speech


def _batches(pieces: Iterator[tuple[float, FloatArray]]) -> Iterator[list[tuple[float, FloatArray]]]:
    while part := list(islice(pieces, BATCH)):
        yield part


def runs(like: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float, float]]:
    """Start and end (s) and best score of each run of at least :data:`WINDOWS` successive windows that are told."""
    run: list[tuple[float, float]] = []
    for t, score in [*like, (float("inf"), 0.0)]:
        if score > 0 and (not run or t - run[-1][0] <= 1.5 * HOP):
            run.append((t, score))
            continue
        if len(run) >= WINDOWS:
            yield run[0][0], run[-1][0] + WINDOW, min(1.0, max(score for _, score in run))
        run = [(t, score)] if score > 0 else []
