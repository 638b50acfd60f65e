"""Pictures in which a pixel that a mask leaves shows, and regions to mask, in and beyond them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

RNG = np.random.default_rng(5)
REGIONS = hnp.arrays(np.float32, st.tuples(st.integers(0, 4), st.just(4)), elements=st.floats(-50, 400, width=32))


def noise(height: int = 240, width: int = 320) -> np.ndarray:
    """A picture of noise, BGR."""
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)
