"""What every voice converter promises."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from timeline import FloatArray


@runtime_checkable
class Converter(Protocol):
    """Turns a stream of sound into the same words in another voice, at a fixed delay.

    The output does not depend on how the stream is cut into blocks. Silence stays silence. Every sample that comes out
    is a finite number within full scale.
    """

    @property
    def latency(self) -> float:
        """Delay of the output behind the input, seconds: sample ``i`` comes out at ``i + latency * rate``."""
        ...

    @property
    def delay(self) -> int:
        """The latency in samples."""
        ...

    def __call__(self, block: FloatArray) -> FloatArray:
        """Take float32 ``[n]`` in -1..1, give float32 ``[n]``; the first ``delay`` samples of a stream are zeros."""
        ...

    def flush(self) -> FloatArray:
        """The last ``delay`` samples of the stream; after it the converter is as new."""
        ...
