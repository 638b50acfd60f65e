"""Kokoro whose sound is computed in bfloat16 by OpenVINO (Apache-2.0), for making corpora in half of the time.

The sine waves of the voice stay in ONNX Runtime and 32 bits, for in 16 bits their phase drifts. Cepstra of what is made
differ by .03 to .1 on average, less than two noises do. The product never uses this, and OpenVINO is not among the
requirements: ``pip install openvino`` where a corpus is made, on a processor that multiplies bfloat16.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from timeline import FloatArray
from voice.resynthesis import (
    SYNTHESISER,
    SYNTHESISER_FILE,
    SYNTHESISER_PITCH,
    SYNTHESISER_SOUND,
    Kokoro,
    decoder_inputs,
)
from weights import FLOAT, Tensor, open_part, part_of

if TYPE_CHECKING:
    from weights import Store

WAVES = "/decoder/decoder/generator/Concat_3_output_0"
"""Spectrum of the voice's sine waves and noise."""


class _Decoder:
    """As :class:`voice.resynthesis.Kokoro` runs ONNX Runtime's."""

    def __init__(self, source: Any, rest: Any) -> None:
        self._source, self._rest = source, rest

    def run(self, wanted: Any, given: dict[str, FloatArray]) -> list[FloatArray]:
        """Sound of what is given."""
        (waves,) = self._source.run(None, {SYNTHESISER_PITCH: given[SYNTHESISER_PITCH]})
        return [np.array(self._rest.infer({**given, WAVES: waves})[0])]


def kokoro_in_bfloat16(store: Store, threads: int = 1) -> Kokoro:
    """Load it.

    Raises:
        ModelError: the model is missing or damaged.
        ModuleNotFoundError: OpenVINO is not installed.
    """
    import openvino

    model, given = (Path(store.path(SYNTHESISER)) / SYNTHESISER_FILE).read_bytes(), decoder_inputs()
    source = open_part(model, {SYNTHESISER_PITCH: given[SYNTHESISER_PITCH]}, [WAVES], threads)
    waves = Tensor(FLOAT, ("one", "waves", "steps"))
    core = openvino.Core()
    rest = core.compile_model(
        core.read_model(part_of(model, {**given, WAVES: waves}, [SYNTHESISER_SOUND])),
        "CPU",
        {"INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1},
    )
    whole = Kokoro.from_store(store, threads)
    return Kokoro(whole.front, _Decoder(source, rest.create_infer_request()), whole.styles)
