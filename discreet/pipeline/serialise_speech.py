"""Synthesised speech as bytes and back, in 16-bit samples."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from discreet.pipeline.serialise import Serialiser, pack, unpack
from voice.resynthesis import SpokenPhrase

_FULL = 32767.0


def encode_spoken(spoken: Mapping[str, SpokenPhrase | None]) -> bytes:
    """Phrases by their keys as bytes."""
    arrays, rows = {}, []
    for number, (key, each) in enumerate(spoken.items()):
        rows.append([key, None if each is None else [each.start, each.followed]])
        if each is not None:
            arrays[f"samples{number}"] = np.rint(each.samples * _FULL).astype(np.int16)
    return pack(rows, arrays)


def decode_spoken(data: bytes) -> dict[str, SpokenPhrase | None]:
    """Decode the bytes of :func:`encode_spoken`. Raises ValueError or KeyError if they are not valid."""
    rows, arrays = unpack(data)
    out: dict[str, SpokenPhrase | None] = {}
    for number, (key, each) in enumerate(rows):
        out[key] = None
        if each is not None:
            start, followed = each
            out[key] = SpokenPhrase(start, np.asarray(arrays[f"samples{number}"] / _FULL, np.float32), followed)
    return out


SPOKEN: Serialiser[Mapping[str, SpokenPhrase | None]] = Serialiser(lambda spoken: encode_spoken(spoken), decode_spoken)
