"""Made speech is kept as it is heard."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from discreet.pipeline.serialise_speech import SPOKEN, decode_spoken
from voice.resynthesis import SpokenPhrase
from voice.resynthesis.track import rounded

SOUNDS = arrays(np.float32, st.integers(0, 50), elements=st.floats(-1.0, 1.0, width=32))


@given(st.lists(st.tuples(st.floats(0, 1e5), SOUNDS, st.floats(0, 1)) | st.none(), max_size=4))
def test_what_was_kept_is_what_was_made(made: list) -> None:
    phrases = {str(at): None if row is None else rounded(SpokenPhrase(*row)) for at, row in enumerate(made)}
    again = SPOKEN.decode(SPOKEN.encode(phrases))
    assert list(again) == list(phrases)
    for key, one in phrases.items():
        other = again[key]
        if one is None or other is None:
            assert one is other
            continue
        assert (one.start, one.followed) == (other.start, other.followed)
        assert np.array_equal(one.samples, other.samples)


def test_what_is_not_that_is_refused() -> None:
    with pytest.raises((ValueError, KeyError)):
        decode_spoken(b"junk")
