"""Shows who is speaking now in the recorder's view, with a listener that can never delay the recording.

The recorder's sound thread puts each block into a short queue and goes on; a separate low-priority thread takes it from
there. If that falls behind, the oldest sound is dropped; if anything fails, it is switched off with a note. Its results
are written nowhere: `discreet process` finds the speakers again, and better.
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

from capture import StreamResampler
from timeline import DiscreetError, FloatArray, failure, log_error

if TYPE_CHECKING:
    from capture.live import SidecarWriter
    from diarization.live import LiveActivity, LiveDiarizer, LiveSortformer
    from discreet.config.settings import Settings
    from registered import Registry
    from weights import Store

RATE = 16000
BLOCKS = 250
"""Most blocks that may wait: 5 s of 20 ms blocks."""
_STALE = 2.0
"""Seconds after which the last result is no longer shown."""
_NICE = 10


class _Diarizer(Protocol):
    def push(self, block: FloatArray) -> list[LiveActivity]: ...


class LiveListener:
    """Takes the recording's sound and says who is speaking.

    Args:
        rate: samples per second of its input.
        make: makes the diarizer, in the listener's own thread, because loading models takes a moment.
    """

    def __init__(self, rate: int, make: Callable[[], _Diarizer]) -> None:
        self._make = make
        self._resample = StreamResampler(rate, RATE)
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
        """Hand in samples ``[n]``. Never waits, never raises; sound that is not taken in time is dropped."""
        if self._closed:
            return
        self.dropped += len(self._waiting) == BLOCKS
        self._waiting.append(block.copy())
        self._some.set()

    @property
    def speaking(self) -> str:
        """Who is speaking now, for people to read; empty if nobody is, or it is unknown."""
        if time.monotonic() - self._when > _STALE:
            return ""
        return ", ".join(label or "somebody" for label in self._now)

    def close(self, patience: float = 1.0) -> None:
        """Stop listening; waiting sound is discarded. May be called twice."""
        self._closed = True
        self._some.set()
        self.thread.join(patience)

    def _main(self) -> None:
        try:
            with contextlib.suppress(OSError, AttributeError):  # only for this thread, if the system allows it
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
    """A sidecar whose sound is also given to a listener; without a sidecar, only the listener gets it."""

    def __init__(self, sidecar: SidecarWriter | None, listener: LiveListener) -> None:
        self._sidecar, self._listener = sidecar, listener

    def write(self, samples: FloatArray) -> None:
        """Write to the sidecar first: what is stored matters more than what is shown."""
        if self._sidecar is not None:
            self._sidecar.write(samples)
        self._listener.put(samples)

    def sync(self) -> None:
        """As :class:`capture.live.protocols.SidecarWriter`."""
        if self._sidecar is not None:
            self._sidecar.sync()

    def close(self) -> None:
        """Close the sidecar and the listener."""
        try:
            if self._sidecar is not None:
                self._sidecar.close()
        finally:
            self._listener.close(0.0)


def not_as_chosen(settings: Settings, store: Store) -> str:
    """The note that another diarizer than the chosen one listens to the recording; empty if it is the chosen one."""
    from diarization.live import why_not_live

    chosen = settings.diarization.diarizer
    if chosen == "embedded":
        return ""
    why = why_not_live(store, settings.diarization) if chosen == "sortformer" else f"{chosen} cannot listen to a stream"
    return f"who was speaking was told by the embedded diarizer: {why}" if why else ""


def live_diarizer(settings: Settings, store: Store, registry: Registry) -> LiveDiarizer | LiveSortformer:
    """The diarizer, with the faster of the voiceprints that templates are made with.

    It is Sortformer if that was chosen and can stream, else the embedded one (:func:`not_as_chosen`).

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
        # Templates are unit vectors side by side: take the part of the model that listens.
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
