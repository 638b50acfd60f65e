"""The contract of operators, which replace the sound of private words.

An operator works on blocks of a stream and keeps no state: the result depends only on the absolute time of each
sample, so splitting the stream elsewhere gives the same samples. Inside a span nothing of the original is left; the
fades lie outside of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from timeline import FloatArray, Segment


@runtime_checkable
class Operator(Protocol):
    """Makes spans of a stream inaudible."""

    def apply(self, block: FloatArray, start: float, rate: int, spans: Sequence[Segment]) -> FloatArray:
        """The block with ``spans`` made inaudible.

        Args:
            block: float32 ``[n]`` or ``[n, channels]``; it is not changed.
            start: time of its first sample in seconds from the recording's start.
            rate: samples per second.
            spans: disjoint spans in seconds, in ascending order.
        """
        ...


def coverage(
    index: int, count: int, rate: int, spans: Sequence[Segment], fade: float
) -> npt.NDArray[np.float64] | None:
    """How much of each of ``count`` samples from sample ``index`` on is removed: 1 in a span, 0 outside its fades.

    The fades are halves of a raised cosine. Returns None if no sample is affected.
    """
    cover: npt.NDArray[np.float64] | None = None
    width = max(1, round(fade * rate))
    reach = (index - width - 1) / rate, (index + count + width + 1) / rate
    for span in spans:
        if span.end < reach[0] or span.start > reach[1]:
            continue  # true of most spans, and there can be thousands
        # floor and ceil: a sample that lies partly in the span is removed
        first, last = int(np.floor(span.start * rate)), int(np.ceil(span.end * rate))
        if last + width <= index or first - width >= index + count or last <= first:
            continue
        if cover is None:
            cover = np.zeros(count)
        at = np.arange(max(0, first - width - index), min(count, last + width - index))
        absolute = at + index
        distance = np.maximum(np.maximum(first - absolute, absolute - (last - 1)), 0) / width
        ramp = 0.5 * (1.0 + np.cos(np.pi * np.minimum(distance, 1.0)))
        cover[at] = np.maximum(cover[at], ramp)
    return cover


def fade(block: FloatArray, cover: npt.NDArray[np.float64], tone: npt.NDArray[np.float64] | None) -> FloatArray:
    """The block faded out by ``cover`` (see :func:`coverage`) and ``tone`` faded in; a tone of None is silence."""
    keep, put = 1.0 - cover, cover * tone if tone is not None else np.zeros_like(cover)
    if block.ndim == 2:
        keep, put = keep[:, None], put[:, None]
    # Not-a-number times zero is not zero: damaged samples in a span would survive.
    return np.where(keep > 0.0, np.nan_to_num(block) * keep, 0.0).astype(np.float32) + put.astype(np.float32)
