"""Takes tones and rumble out of the sound that is listened to, where they hide everything else.

A tone or the rumble of an engine can be fifty times as loud as somebody in the background. The sound then counts as
loud, and recognisers hear only the tone. People can hear past it, most loudspeakers do not play rumble below 60 Hz at
all, and any sound editor takes both out. Only the analysis gets this sound; it is never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from timeline import FloatArray

NO_SOUND = np.zeros(0, np.float32)
HUM_WINDOW = 0.25
"""Seconds of a window of the spectrum: 4 Hz a bin."""
HUM_CONTEXT = 1.0
"""Seconds of sound before and after a block that are judged with it, and least seconds to judge."""
RUMBLE = 60.0
"""Hz below which nobody speaks; the lowest voices begin at 75."""
STANDS_OUT = 10.0
"""Factor by which a bin's power exceeds that of its surroundings if it belongs to a tone (10 dB)."""
SURROUNDINGS = 41
"""Bins (160 Hz) whose median is the surroundings: harmonics of mains hum are 50 Hz apart."""
STEADY = 0.25
"""Least median power of a tone's bin over time, relative to its mean; a voice's harmonics move, and it pauses."""
SKIRT = 4
"""Bins on both sides of a tone that the window spreads it to."""
MOST_OF_IT = 0.5
"""Share of the power that tones and rumble must have to be taken out; with less, speech is not hidden."""


def with_neighbours(blocks: Iterable[FloatArray], edge: int) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
    """Each block with up to ``edge`` samples of the sound before and after it."""
    before, block = NO_SOUND, None
    for after in blocks:
        if block is not None:
            yield before, block, after[:edge]
            before = np.concatenate([before, block])[-edge:]
        block = after
    if block is not None:
        yield before, block, NO_SOUND


def without_hum(
    block: FloatArray, rate: int, before: FloatArray = NO_SOUND, after: FloatArray = NO_SOUND
) -> FloatArray:
    """The block ``[n]`` without tones and rumble if they are most of its power; otherwise the same array.

    Args:
        block: samples.
        rate: of them, Hz.
        before, after: the sound on both sides.
    """
    if not len(block) or len(before) + len(block) + len(after) < HUM_CONTEXT * rate:
        return block
    from scipy.ndimage import binary_dilation, median_filter  # slow to import
    from scipy.signal import istft, stft

    size = 2 ** round(np.log2(HUM_WINDOW * rate))
    whole = np.concatenate([before, block, after])
    frequencies, _, spectrum = stft(whole, rate, nperseg=size, noverlap=size * 3 // 4, boundary="even")
    power = np.abs(spectrum) ** 2
    mean, usual = power.mean(axis=1), np.median(power, axis=1)
    tones = (usual > STANDS_OUT * median_filter(usual, SURROUNDINGS)) & (usual >= STEADY * mean)
    hidden = binary_dilation(tones, iterations=SKIRT) | (frequencies < RUMBLE)
    if mean[hidden].sum() < MOST_OF_IT * mean.sum():
        return block
    spectrum[hidden] = 0
    _, clean = istft(spectrum, rate, nperseg=size, noverlap=size * 3 // 4)
    return np.asarray(clean[len(before) : len(before) + len(block)], np.float32)
