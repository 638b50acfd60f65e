"""FARGAN, the neural vocoder of Opus 1.5, as a stream in NumPy: from features to sound, 10 ms at a time.

Valin, Mustafa, Buthe: "Very Low Complexity Speech Synthesis Using Framewise Autoregressive GAN (FARGAN) with Pitch
Prediction" (2024); the layers and their names are those of Opus' ``dnn/fargan.c``. A network for each frame of 10 ms
conditions another that makes four pieces of 2.5 ms, each from the pieces before it and from the sound one pitch period
ago.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

if TYPE_CHECKING:
    from weights import Store

RATE = 16000
"""Hz."""
FRAME = 160
"""Samples of a frame."""
FEATURES = 20
"""Of a frame: 18 cepstral coefficients of Bark bands, the pitch, the voicing."""
PERIODS = 32, 255
"""Shortest and longest pitch period, samples: 500 and 63 Hz."""
PIECE = 40
"""Samples made at once."""
PREEMPHASIS = 0.85
"""Of the sound that the network makes; it is taken back at the end."""

_PIECES = FRAME // PIECE
_PAST = 256
_CONDITION = 80
_PERIOD_CODES, _PERIOD_CODE = 224, 12
_STEADY = 1e-5
_INT8 = 127.0
_BLOCK_ROWS, _BLOCK_COLUMNS = 8, 4
"""Opus keeps int8 weights in blocks of so many outputs and inputs, as its processors multiply them."""
_INPUTS = {
    "cond_net_fdense1": FEATURES + _PERIOD_CODE, "cond_net_fconv1": 192, "cond_net_fdense2": 128,
    "sig_net_cond_gain_dense": _CONDITION, "sig_net_fwc0_conv": 328, "sig_net_fwc0_glu_gate": 192,
    "sig_net_gru1_input": 272, "sig_net_gru1_recurrent": 160, "sig_net_gru1_glu_gate": 160,
    "sig_net_gru2_input": 240, "sig_net_gru2_recurrent": 128, "sig_net_gru2_glu_gate": 128,
    "sig_net_gru3_input": 208, "sig_net_gru3_recurrent": 128, "sig_net_gru3_glu_gate": 128,
    "sig_net_skip_dense": 688, "sig_net_skip_glu_gate": 128, "sig_net_sig_dense_out": 128,
    "sig_net_gain_dense_out": 192,
}  # fmt: skip
"""Layer -> how many inputs it has."""

Arrays = Mapping[str, npt.NDArray[Any]]


class Fargan:
    """Features in, sound out; the output is one frame late.

    The samples do not depend on how the features are cut into calls.

    Args:
        arrays: Opus' weights by name, flat, see :func:`weights.weights_in_script`.

    Raises:
        KeyError, ValueError: they are not FARGAN's.
    """

    delay = FRAME
    """Samples by which the output is late."""

    def __init__(self, arrays: Arrays) -> None:
        self._layers = {name: _layer(arrays, name, inputs) for name, inputs in _INPUTS.items()}
        codes = np.asarray(arrays["cond_net_pembed_weights_float"], np.float32)
        self._codes = codes.reshape(_PERIOD_CODES, _PERIOD_CODE)
        self.reset()

    @classmethod
    def from_store(cls, store: Store) -> Fargan:
        """With the weights of the store. Raises ModelError when they are not there, or damaged."""
        from weights import weights_in_script

        return cls(weights_in_script(store.path("fargan"), "cond_net_pembed_bias"))

    def reset(self) -> None:
        """Forget the stream."""
        self._period: int | None = None
        self._last = np.zeros(FEATURES, np.float32)
        self._frames = np.zeros((3, 64), np.float32)
        self._past = np.zeros(_PAST, np.float32)
        self._inputs = np.zeros(_INPUTS["sig_net_fwc0_conv"] // 2, np.float32)
        self._states = [np.zeros(size, np.float32) for size in (160, 128, 128)]
        self._deemphasis = 0.0

    def __call__(self, features: FloatArray) -> FloatArray:
        """Take frames ``[T, 20]``, give ``[160 * T]`` samples (160 fewer at the beginning of a stream) in -1..1."""
        out = [np.zeros(0, np.float32)]
        for frame in np.asarray(features, np.float32).reshape(-1, FEATURES):
            out += self._next(frame)
        return self._without_emphasis(np.concatenate(out))

    def flush(self) -> FloatArray:
        """The last frame; after it the stream is as new."""
        last = self(self._last[None]) if self._period is not None else np.zeros(0, np.float32)
        self.reset()
        return last

    def _next(self, frame: FloatArray) -> list[FloatArray]:
        """The sound of the frame before ``frame``: its pieces, or none for the first."""
        before, self._period, self._last = self._period, period_of(float(frame[18])), frame
        code = self._codes[min(self._period - PERIODS[0], _PERIOD_CODES - 1)]
        self._frames = np.roll(self._frames, -1, axis=0)
        self._frames[-1] = np.tanh(self._linear("cond_net_fdense1", np.concatenate([frame, code])))
        hidden = np.tanh(self._linear("cond_net_fconv1", self._frames.ravel()))
        condition = np.tanh(self._linear("cond_net_fdense2", hidden)).reshape(_PIECES, _CONDITION)
        return [] if before is None else [self._piece(part, before) for part in condition]

    def _piece(self, condition: FloatArray, period: int) -> FloatArray:
        gain = np.exp(self._linear("sig_net_cond_gain_dense", condition))
        scaled = np.clip(self._past / (_STEADY + gain), -1.0, 1.0)
        repeated, recent = scaled[_taps(period)], scaled[-PIECE:]
        inner, within = np.concatenate([condition, repeated, recent]), repeated[2 : 2 + PIECE]
        wide = np.tanh(self._linear("sig_net_fwc0_conv", np.concatenate([self._inputs, inner])))
        self._inputs = inner
        first = self._gated("sig_net_fwc0_glu_gate", wide)
        shares = _sigmoid(self._linear("sig_net_gain_dense_out", first))
        value, outs = first, []
        for number, share in enumerate(shares[:3], 1):
            given = np.concatenate([value, share * within, recent])
            self._states[number - 1] = self._gru(f"sig_net_gru{number}", given, self._states[number - 1])
            value = self._gated(f"sig_net_gru{number}_glu_gate", self._states[number - 1])
            outs.append(value)
        given = np.concatenate([*outs, first, shares[3] * within, recent])
        skipped = self._gated("sig_net_skip_glu_gate", np.tanh(self._linear("sig_net_skip_dense", given)))
        made = np.asarray(np.tanh(self._linear("sig_net_sig_dense_out", skipped)) * gain, np.float32)
        self._past = np.concatenate([self._past[PIECE:], made])
        return made

    def _linear(self, name: str, values: FloatArray) -> FloatArray:
        weights, bias = self._layers[name]
        return np.asarray(weights @ values + bias, np.float32)

    def _gated(self, name: str, values: FloatArray) -> FloatArray:
        return values * _sigmoid(self._linear(name, values))

    def _gru(self, name: str, values: FloatArray, state: FloatArray) -> FloatArray:
        given, kept = self._linear(f"{name}_input", values), self._linear(f"{name}_recurrent", state)
        size = len(state)
        update, reset = _sigmoid(given[:size] + kept[:size]), _sigmoid(given[size:-size] + kept[size:-size])
        new = np.tanh(given[-size:] + kept[-size:] * reset)
        return np.asarray(update * state + (1.0 - update) * new, np.float32)

    def _without_emphasis(self, samples: FloatArray) -> FloatArray:
        from scipy.signal import lfilter

        if not len(samples):
            return samples
        out, state = lfilter([1.0], [1.0, -PREEMPHASIS], samples, zi=[self._deemphasis])
        self._deemphasis = float(state[0])
        return np.asarray(np.clip(out, -1.0, 1.0), np.float32)


def period_of(pitch: float) -> int:
    """The pitch period in samples of the pitch feature, ``log2(256 / period) - 1.5``."""
    return int(np.clip(np.floor(0.5 + 256.0 / 2.0 ** (pitch + 1.5)), *PERIODS))


def _taps(period: int) -> npt.NDArray[np.intp]:
    """Where in the past the samples ``[44]`` stand that come one period ago, repeated where a period is shorter."""
    at = np.arange(_PAST - period - 2, _PAST - period - 2 + PIECE + 4)
    for _ in range(2):
        at = np.where(at >= _PAST, at - period, at)
    return np.clip(at, 0, _PAST - 1)


def _sigmoid(values: FloatArray) -> FloatArray:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values), np.float32)


def _layer(arrays: Arrays, name: str, inputs: int) -> tuple[FloatArray, FloatArray]:
    """``(weights [outputs, inputs], bias [outputs])`` of a layer."""
    packed = arrays.get(f"{name}_weights_int8")
    weights: npt.NDArray[Any]
    if packed is None:
        weights = np.asarray(arrays[f"{name}_weights_float"], np.float32).reshape(inputs, -1).T
    else:
        rows = len(packed) // inputs
        blocks = packed.reshape(rows // _BLOCK_ROWS, inputs // _BLOCK_COLUMNS, _BLOCK_ROWS, _BLOCK_COLUMNS)
        weights = blocks.transpose(0, 2, 1, 3).reshape(rows, inputs) * (arrays[f"{name}_scale"][:, None] * _INT8)
    bias = arrays.get(f"{name}_bias")
    if bias is None:
        bias = np.zeros(len(weights), np.float32)
    return np.ascontiguousarray(weights, np.float32), np.asarray(bias, np.float32)
