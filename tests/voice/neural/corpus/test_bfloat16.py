"""Speech made in bfloat16 is that made in 32 bits, but for what noise does."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("openvino", reason="corpora are made in bfloat16 with OpenVINO: pip install openvino")

from voice.neural.corpus.bfloat16 import kokoro_in_bfloat16
from voice.neural.features import bark_features
from voice.resynthesis import Kokoro, mixed_voice, names_for, tokens_of


@pytest.mark.slow
def test_its_features_are_nearly_those_of_32_bits(store, needs) -> None:
    needs(store, "kokoro")
    made = []
    for kokoro in (Kokoro.from_store(store), kokoro_in_bfloat16(store)):
        tokens = [0, *tokens_of("ðə bˈɔɪ"), 0]
        style = mixed_voice(bytes(16), "a", names_for(None, kokoro.styles)).style(kokoro.styles, len(tokens))
        frames = np.full(len(tokens), 4)
        made.append(bark_features(kokoro.sound(kokoro.utterance(tokens, style, frames)))[:, :18])
    assert np.abs(made[0] - made[1]).mean() < 0.4
