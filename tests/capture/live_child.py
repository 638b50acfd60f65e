"""A recording to be killed: ``python live_child.py FOLDER``.

Says, again and again, what a crash would leave: s of film, and of own sound.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from live_fakes import FAST, SMALL, DelayStage, mark

from capture.clock import RealClock
from capture.devices.synthetic import SyntheticPictures, SyntheticSound
from capture.live.pipeline import PipelineParts
from capture.live.recorder import Recorder
from capture.writing.encrypted_sidecar import EncryptedSidecar, sidecar_name
from registered import Vault

RATE = 16000


def planted() -> np.ndarray:
    """A minute of noise that stands for the voice."""
    return np.random.default_rng(99).uniform(-0.5, 0.5, 60 * RATE).astype(np.float32)


class Noise(SyntheticSound):
    """The planted noise, at the speed of a microphone."""

    def read(self) -> tuple[float, np.ndarray] | None:
        """See :class:`capture.sources.SoundSource`."""
        at = self._at
        item = super().read()
        return None if item is None else (item[0], planted()[at : at + len(item[1])])


class Counted(EncryptedSidecar):
    """A sidecar that knows how much it was given, s."""

    seconds = 0.0

    def write(self, samples: np.ndarray) -> None:
        """See :class:`EncryptedSidecar`."""
        super().write(samples)
        self.seconds += len(samples) / RATE


class Mute:
    """A converter that leaves nothing of the voice."""

    delay = 0

    def __call__(self, block: np.ndarray) -> np.ndarray:
        """Silence."""
        return np.zeros_like(block)

    def flush(self) -> np.ndarray:
        """Nothing."""
        return np.zeros(0, np.float32)


def main(folder: Path) -> None:
    """Record until killed."""
    clock = RealClock()
    target = folder / "a.mp4"
    sidecars: list[Counted] = []

    def sidecar(rate: int) -> Counted:
        sidecars.append(Counted(sidecar_name(target), Vault(b"k" * 32), rate))
        return sidecars[0]

    parts = PipelineParts(
        FAST.model_copy(update={"sound": "voice"}),
        SyntheticPictures(clock, SMALL, draw=mark),
        Noise(clock, RATE, block=320),
        lambda picture: DelayStage(clock, 0.4),
        convert=lambda rate: Mute(),
        sidecar=sidecar,
    )
    record = Recorder(target, parts, clock=clock)
    record.run(lambda now: print(now.safe, sidecars[0].seconds, flush=True), every=0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
