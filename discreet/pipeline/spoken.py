"""Made speech as bytes and back: 16 bits a sample, as it is heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from discreet.pipeline.codec import Codec, pack, unpack
from voice.resynthesis import Spoken

_FULL = 32767.0


def encode_spoken(spoken: Sequence[Spoken]) -> bytes:
    """Phrases as bytes."""
    arrays = {f"samples{i}": np.rint(each.samples * _FULL).astype(np.int16) for i, each in enumerate(spoken)}
    return pack([[each.start, each.followed] for each in spoken], arrays)


def decode_spoken(data: bytes) -> list[Spoken]:
    """What :func:`encode_spoken` was given. Raises ValueError or KeyError if the bytes are not that."""
    meta, arrays = unpack(data)
    return [
        Spoken(start, np.asarray(arrays[f"samples{i}"] / _FULL, np.float32), followed)
        for i, (start, followed) in enumerate(meta)
    ]


SPOKEN: Codec[list[Spoken]] = Codec(lambda spoken: encode_spoken(spoken), decode_spoken)
