"""The recorder's threads for sound: ``sound`` reads the microphone and fills the sidecar, ``voice`` changes the voice.

They are separate so that a slow converter on a busy machine never delays the encrypted sidecar of the original sound.
"""

from __future__ import annotations

import math

import numpy as np

from capture.live.drift import DriftCorrector
from capture.live.protocols import SidecarWriter, SoundStage
from capture.live.queues import End, Mailbox
from capture.live.settings import AT_ONCE
from capture.live.worker import SharedState, Worker, Written
from capture.sources import SoundSource
from timeline import FloatArray


class SoundReader(Worker):
    """Reads the microphone into the sidecar and, if the recording has sound, on to ``out`` (converter or encoder)."""

    def __init__(
        self,
        shared: SharedState,
        source: SoundSource,
        drift: DriftCorrector,
        out: Mailbox[Written],
        sidecar: SidecarWriter | None,
    ) -> None:
        super().__init__(shared, "sound")
        self.source, self.drift, self.out, self.sidecar = source, drift, out, sidecar
        self.delay = 0.0
        """Seconds by which the microphone's sound is known to come late."""
        self.written = True
        """Whether the recording has sound."""
        self.level = 0.0
        self.samples = 0  # samples of the recording

    @property
    def seconds(self) -> float:
        """Seconds of the recording that have been heard."""
        return self.samples / self.drift.rate

    def work(self) -> None:
        """See :class:`Worker`."""
        while True:
            self.at("reading")
            item = self.source.read()
            if item is None or item[0] >= self.shared.stop_at:
                break
            self.shared.arrived(self.name)
            self.at("sound")
            self.taken += 1
            self._take(self.drift(item[0] - self.delay, item[1]))
        self._take(self.drift.flush())

    def _take(self, block: FloatArray) -> None:
        """Pass on the recorded part of the block; its samples lie on one continuous grid of the clock."""
        rate, first = self.drift.rate, self._grid
        self._grid += len(block)
        if not len(block):
            return
        origin = self.drift.origin
        for start, end, second in self.shared.ledger.parts(origin + first / rate, origin + self._grid / rate):
            left, right = (math.ceil((t - origin) * rate - 1e-3) - first for t in (start, end))
            part = block[max(0, left) : max(0, right)]
            missing = round(second * rate) - self.samples
            if missing > 1:  # the microphone began late, or a pause fell between two samples
                self._give(np.zeros(missing, np.float32))
            self._give(part)

    _grid = 0  # samples of the drift-corrected stream

    def _give(self, block: FloatArray) -> None:
        self.samples += len(block)
        self.level = max(0.9 * self.level, float(np.abs(block).max(initial=0.0)))
        if self.sidecar is not None:
            self.sidecar.write(block)
        if self.written and len(block):
            self.out.put(block)

    def leave(self) -> None:
        """See :class:`Worker`."""
        try:
            if self.sidecar is not None:
                self.sidecar.close()
        finally:
            self.out.end()
            self.source.close()


class VoiceChanger(Worker):
    """Converts the voice and removes the converter's delay, so that the sound stays in step."""

    def __init__(
        self, shared: SharedState, convert: SoundStage, inbox: Mailbox[Written], out: Mailbox[Written]
    ) -> None:
        super().__init__(shared, "voice")
        self.convert, self.inbox, self.out = convert, inbox, out
        self._skip = convert.delay

    def work(self) -> None:
        """See :class:`Worker`."""
        over = False
        while not over:
            blocks, over = self._waiting()
            if blocks:
                self.taken += 1
                self.at("converting")
                self._put(self.convert(np.concatenate(blocks)))
                self.idle()
        self._put(self.convert.flush())

    def _waiting(self) -> tuple[list[FloatArray], bool]:
        """The waiting blocks, at least one, and whether they are the last.

        A converter that is behind catches up with large blocks, which cost little more than small ones.
        """
        blocks: list[FloatArray] = []
        item = self.inbox.get()
        while isinstance(item, np.ndarray):
            blocks.append(item)
            item = self.inbox.get(0.0) if len(blocks) < AT_ONCE else None
        return blocks, isinstance(item, End)

    def _put(self, block: FloatArray) -> None:
        skip = min(self._skip, len(block))
        self._skip -= skip
        if skip < len(block):
            self.out.put(block[skip:])

    def leave(self) -> None:
        """See :class:`Worker`."""
        self.out.end()
