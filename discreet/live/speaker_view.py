"""Who is speaking now, for the recorder's view: a listener beside the recording that can never hold it up.

The recorder's sound thread drops a block into a short queue and goes on; a thread of its own, of low priority, takes
it from there. If it falls behind, the oldest sound is forgotten; if anything fails, it is switched off with a note.
Nothing it finds is written anywhere: `discreet process` finds out anew, and better.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np

from timeline import DiscreetError, FloatArray, failure, log_error

if TYPE_CHECKING:
    from capture.live import SpoolWriter
    from diarization.live import LiveActivity, LiveDiarizer, LiveSortformer
    from discreet.config.settings import Settings
    from registered import Registry
    from weights import Store

RATE = 16000
BLOCKS = 250
"""Blocks that may wait, 5 s of 20 ms ones."""
_STALE = 2.0
"""Seconds after which what was heard last is no longer shown."""
_MARGIN = 0.02
"""Seconds of sound beside a piece that the resampler's filter looks at."""
_NICE = 10


class _Diarizer(Protocol):
    def push(self, block: FloatArray) -> list[LiveActivity]: ...


class Resampler:
    """A stream at any rate to 16 kHz: in pieces of a fifth of a second, each with what lies beside it."""

    def __init__(self, rate: int) -> None:
        common = int(np.gcd(rate, RATE))
        self._up, self._down = RATE // common, rate // common
        self._piece = -(-rate // (5 * self._down)) * self._down
        self._margin = -(-round(_MARGIN * rate) // self._down) * self._down
        self._held = np.zeros(self._margin, np.float32)

    def __call__(self, block: FloatArray) -> FloatArray:
        """Samples ``[n]`` at the stream's rate to those at 16 kHz that they complete; the rest comes later."""
        from scipy.signal import resample_poly  # takes a moment to import: in the listener's thread

        self._held = np.concatenate([self._held, np.asarray(block, np.float32)])
        out: list[FloatArray] = []
        while len(self._held) >= self._piece + 2 * self._margin:
            part = self._held[: self._piece + 2 * self._margin]
            skip = self._margin * self._up // self._down
            found = np.asarray(resample_poly(part, self._up, self._down), np.float32)
            out.append(found[skip : skip + self._piece * self._up // self._down])
            self._held = self._held[self._piece :]
        return np.concatenate(out) if out else np.zeros(0, np.float32)


class LiveListener:
    """Takes the recording's sound and tells who is speaking.

    Args:
        rate: samples a second of what it is given.
        make: makes the diarizer, in the listener's own thread: loading models takes a moment.
    """

    def __init__(self, rate: int, make: Callable[[], _Diarizer]) -> None:
        self._make = make
        self._resample = Resampler(rate)
        self._waiting: deque[FloatArray] = deque(maxlen=BLOCKS)
        self._some = threading.Event()
        self._closed = False
        self._now: tuple[str, ...] = ()
        self._when = 0.0
        self.dropped = 0
        self.cpu = 0.0
        self.notes: list[str] = []
        self.thread = threading.Thread(target=self._main, name="record-listen", daemon=True)
        self.thread.start()

    def put(self, block: FloatArray) -> None:
        """Hand in samples ``[n]``. Never waits, never raises; what nobody took in time is forgotten."""
        if self._closed:
            return
        self.dropped += len(self._waiting) == BLOCKS
        self._waiting.append(block.copy())
        self._some.set()

    @property
    def speaking(self) -> str:
        """Who is speaking now, for people to read; empty where nobody is, or it is not known."""
        if time.monotonic() - self._when > _STALE:
            return ""
        return ", ".join(label or "somebody" for label in self._now)

    def close(self, patience: float = 1.0) -> None:
        """End; what still waits is not listened to. May be called twice."""
        self._closed = True
        self._some.set()
        self.thread.join(patience)

    def _main(self) -> None:
        try:
            with contextlib.suppress(OSError, AttributeError):  # of this thread alone, where the system can
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
            diarizer = self._make()
            while not self._closed:
                self._some.wait()
                self._some.clear()
                while self._waiting and not self._closed:
                    for now in diarizer.push(self._resample(self._waiting.popleft())):
                        self._now, self._when = now.speakers, time.monotonic()
                    self.cpu = time.thread_time()
        except Exception as error:
            log_error("live speaker labels ended", error)
            self.notes.append(_why(error))
        finally:
            self._closed = True
            self._now = ()
            self._waiting.clear()


def _why(error: Exception) -> str:
    if isinstance(error, DiscreetError):
        return f"who speaks was not shown while recording: {error}"
    return failure("showing who speaks", error)


class AudioTap:
    """A spool whose sound is listened to on its way; without a spool, only listened to."""

    def __init__(self, spool: SpoolWriter | None, listener: LiveListener) -> None:
        self._spool, self._listener = spool, listener

    def write(self, samples: FloatArray) -> None:
        """Spool first: what is kept matters more than what is shown."""
        if self._spool is not None:
            self._spool.write(samples)
        self._listener.put(samples)

    def sync(self) -> None:
        """As :class:`capture.live.protocols.SpoolWriter`."""
        if self._spool is not None:
            self._spool.sync()

    def close(self) -> None:
        """The sound is over."""
        try:
            if self._spool is not None:
                self._spool.close()
        finally:
            self._listener.close(0.0)


def not_as_chosen(settings: Settings, store: Store) -> str:
    """What to say where another diarizer than the chosen one listens beside the recording; "" where it is that one."""
    from diarization.live import unfit

    chosen = settings.diarization.diarizer
    if chosen == "embedded":
        return ""
    why = unfit(store, settings.diarization) if chosen == "sortformer" else f"{chosen} cannot listen to a stream"
    return f"who was speaking was told by the embedded diarizer: {why}" if why else ""


def live_diarizer(settings: Settings, store: Store, registry: Registry) -> LiveDiarizer | LiveSortformer:
    """The diarizer with the faster one of the voiceprints that templates are made with.

    That is Sortformer where it was chosen and can stream, else the embedded one (:func:`not_as_chosen`).

    Raises:
        ModelError: a model is not in the store.
    """
    from dataclasses import replace

    from diarization import EnrolledPerson, VoiceEmbedder
    from diarization.clustering import Segmenter
    from diarization.live import LiveDiarizer, LiveSortformer
    from registered import Gallery

    name = settings.diarization.voiceprint
    parts = name.split("+")
    fast = "campplus" if "campplus" in parts else parts[0]
    gallery = Gallery.for_voices(registry, name)
    if fast != name and len(gallery):
        # Of templates that are unit vectors side by side, the one of the model that listens.
        rows = np.split(gallery.matrix, len(parts), axis=1)[parts.index(fast)]
        rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        gallery = replace(gallery, matrix=rows.astype(np.float32))
    answers = registry.consents()
    people = {person.id: EnrolledPerson(person.name, answers[person.id]) for person in registry.people()}
    own = settings.diarization.model_copy(update={"voiceprint": fast, "threads": 1})
    embedder = VoiceEmbedder.from_store(store, own)
    if own.diarizer == "sortformer" and not not_as_chosen(settings, store):
        return LiveSortformer.from_store(store, own, embedder, gallery, people)
    return LiveDiarizer(Segmenter(store.session("segmentation-3.0", 1)), embedder, gallery, people, own.fusion)
