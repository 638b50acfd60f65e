"""The interface of every voice converter."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from timeline import FloatArray


@runtime_checkable
class Converter(Protocol):
    """Converts a stream of sound into the same words in another voice, with a fixed delay.

    The output does not depend on how the stream is split into blocks. Silence stays silence. Every output sample is a
    finite number within full scale.
    """

    @property
    def latency(self) -> float:
        """Delay of the output in seconds: input sample ``i`` is output sample ``i + latency * rate``."""
        ...

    @property
    def delay(self) -> int:
        """The latency in samples."""
        ...

    def __call__(self, block: FloatArray) -> FloatArray:
        """Convert float32 ``[n]`` in -1..1 to float32 ``[n]``; the first ``delay`` samples of a stream are zeros."""
        ...

    def flush(self) -> FloatArray:
        """The last ``delay`` samples of the stream. Afterwards the converter is reset."""
        ...
