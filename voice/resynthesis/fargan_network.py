"""The layers of FARGAN, one frame at a time, in NumPy with preallocated memory, for a single stream.

Most of the time goes into products of matrices and vectors. The rest of a plain implementation (new arrays, joining
them, clipping) costs as much again, so every layer here writes into its own array, and the input of each layer is one
array, filled part by part. The arithmetic and its order are those of the plain form; see ``tests/voice/resynthesis``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

FRAME = 160
"""Samples per frame."""
FEATURES = 20
"""Features per frame: 18 cepstral coefficients of Bark bands, the pitch, the voicing."""
PERIODS = 32, 255
"""Shortest and longest pitch period, samples: 500 and 63 Hz."""
PIECE = 40
"""Samples made at once."""

_PIECES = FRAME // PIECE
_PAST = 256
_CONDITION = 80
_CONTEXT = 2
"""Samples of the last period that the network sees before and after those of the piece."""
_REPEATED = PIECE + 2 * _CONTEXT
_FRAME_CODE = 64
_PERIOD_CODES, _PERIOD_CODE = 224, 12
_STATES = 160, 128, 128
"""Sizes of the three recurrent layers."""
_STEADY = np.float32(1e-5)
_HALF, _ONE = np.float32(0.5), np.float32(1.0)
_INT8 = 127.0
_BLOCK_ROWS, _BLOCK_COLUMNS = 8, 4
"""Opus stores int8 weights in blocks of this many outputs and inputs, as its processors multiply them."""
_INPUTS = {
    "cond_net_fdense1": FEATURES + _PERIOD_CODE, "cond_net_fconv1": 192, "cond_net_fdense2": 128,
    "sig_net_cond_gain_dense": _CONDITION, "sig_net_fwc0_conv": 328, "sig_net_fwc0_glu_gate": 192,
    "sig_net_gru1_input": 272, "sig_net_gru1_recurrent": 160, "sig_net_gru1_glu_gate": 160,
    "sig_net_gru2_input": 240, "sig_net_gru2_recurrent": 128, "sig_net_gru2_glu_gate": 128,
    "sig_net_gru3_input": 208, "sig_net_gru3_recurrent": 128, "sig_net_gru3_glu_gate": 128,
    "sig_net_skip_dense": 688, "sig_net_skip_glu_gate": 128, "sig_net_sig_dense_out": 128,
    "sig_net_gain_dense_out": 192,
}  # fmt: skip
"""Layer -> number of its inputs."""

Arrays = Mapping[str, npt.NDArray[Any]]


class Network:
    """Turns features and a period into a frame of pre-emphasised sound, and keeps its state between frames.

    Args:
        arrays: Opus' weights by name, flat, see :func:`weights.weights_in_script`.

    Raises:
        KeyError, ValueError: the arrays are not FARGAN's.
    """

    def __init__(self, arrays: Arrays) -> None:
        layers = {name: _Layer(arrays, name, inputs) for name, inputs in _INPUTS.items()}
        codes = np.asarray(arrays["cond_net_pembed_weights_float"], np.float32)
        self._codes = codes.reshape(_PERIOD_CODES, _PERIOD_CODE)
        self._taps = [_past_indices(period) for period in range(PERIODS[1] + 1)]
        self._frame_codes, self._hidden, self._conditions = (
            layers[f"cond_net_{name}"] for name in ("fdense1", "fconv1", "fdense2")
        )
        self._gain = layers["sig_net_cond_gain_dense"]
        self._wide, self._wide_gate = layers["sig_net_fwc0_conv"], _Gate(layers["sig_net_fwc0_glu_gate"])
        self._shares = layers["sig_net_gain_dense_out"]
        self._recurrent = [_Gru(layers, f"sig_net_gru{i}", size) for i, size in enumerate(_STATES, 1)]
        self._gates = [_Gate(layers[f"sig_net_gru{i}_glu_gate"]) for i in range(1, len(_STATES) + 1)]
        self._skip, self._skip_gate = layers["sig_net_skip_dense"], _Gate(layers["sig_net_skip_glu_gate"])
        self._out = layers["sig_net_sig_dense_out"]
        self._past, self._scaled = np.zeros(_PAST, np.float32), np.zeros(_PAST, np.float32)
        self._repeated = np.zeros(_REPEATED, np.float32)
        self._lay_out()
        self.reset()

    def _lay_out(self) -> None:
        """Lay out the layers' inputs so that shared parts are filled once, and keep views of the parts: making one is
        slow.
        """
        readers = [self._wide, *(recurrent.input for recurrent in self._recurrent), self._skip]
        # One row per layer, right-aligned: all rows end with the weighted period and the recent sound.
        rows = np.zeros((len(readers), max(len(layer.given) for layer in readers)), np.float32)
        for layer, row in zip(readers, rows, strict=True):
            layer.given = row[-len(layer.given) :]
        self._recent_in, self._weighted_in = rows[:, -PIECE:], rows[1:, -2 * PIECE : -PIECE]
        wide, skip, past = self._wide.given, self._skip.given, self._past
        half = len(wide) // 2
        self._wide_past, self._wide_now = wide[:half], wide[half:]
        self._wide_condition, self._wide_repeated = wide[half : half + _CONDITION], wide[half + _CONDITION : -PIECE]
        self._recent, self._within = self._scaled[-PIECE:], self._repeated[_CONTEXT : _CONTEXT + PIECE]
        self._past_kept, self._past_moved, self._past_new = past[PIECE:], past[:-PIECE], past[-PIECE:]
        self._value_in = [recurrent.input.given[: -2 * PIECE] for recurrent in self._recurrent]
        ends = np.cumsum(_STATES).tolist()
        self._value_out = [skip[end - size : end] for end, size in zip(ends, _STATES, strict=True)]
        self._first_out = skip[ends[-1] : -2 * PIECE]
        self._share_column = self._shares.made[:, None]

    def reset(self) -> None:
        """Forget the stream."""
        self._past.fill(0.0)
        for layer in (self._frame_codes, self._hidden, self._wide, self._skip):
            layer.given.fill(0.0)
        for recurrent in self._recurrent:
            recurrent.reset()

    def conditions(self, features: FloatArray, period: int) -> FloatArray:
        """The conditions ``[4, 80]`` for the pieces of a frame ``[20]``; they also depend on the two frames before."""
        self._frame_codes.given[:FEATURES] = features
        self._frame_codes.given[FEATURES:] = self._codes[min(period - PERIODS[0], _PERIOD_CODES - 1)]
        frames = self._hidden.given
        frames[:-_FRAME_CODE] = frames[_FRAME_CODE:].copy()
        frames[-_FRAME_CODE:] = self._frame_codes.tanh()
        self._conditions.given[:] = self._hidden.tanh()
        return self._conditions.tanh().reshape(_PIECES, _CONDITION)

    def frame(self, conditions: FloatArray, period: int) -> FloatArray:
        """The samples ``[160]`` for ``conditions``; ``period`` is that of the frame before."""
        taps = self._taps[period]
        return np.concatenate([self._piece(condition, taps) for condition in conditions])

    def _piece(self, condition: FloatArray, taps: npt.NDArray[np.intp]) -> FloatArray:
        gain = np.exp(self._gain(condition))
        scaled = np.divide(self._past, _STEADY + gain, out=self._scaled)
        np.maximum(scaled, -_ONE, out=scaled)
        np.minimum(scaled, _ONE, out=scaled)
        scaled.take(taps, out=self._repeated, mode="clip")
        self._recent_in[:] = self._recent
        self._wide_condition[:] = condition
        self._wide_repeated[:] = self._repeated
        first = self._wide_gate(self._wide.tanh())
        self._wide_past[:] = self._wide_now
        _sigmoid_of_half(self._shares(first))
        np.multiply(self._share_column, self._within, out=self._weighted_in)
        self._first_out[:] = value = first
        steps = zip(self._recurrent, self._gates, self._value_in, self._value_out, strict=True)
        for recurrent, gate, value_in, value_out in steps:
            value_in[:] = value
            value_out[:] = value = gate(recurrent())
        made = self._out(self._skip_gate(self._skip.tanh()))
        np.tanh(made, out=made)
        made *= gain
        self._past_moved[:] = self._past_kept
        self._past_new[:] = made
        return made.copy()


class _Layer:
    """``weights @ given + bias``; the caller fills ``given``, and the next call overwrites the result.

    Rows that go into a sigmoid are halved, which is exact: ``sigmoid(x) = (1 + tanh(x / 2)) / 2``.
    """

    def __init__(self, arrays: Arrays, name: str, inputs: int) -> None:
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
        self._weights = np.array(weights, np.float32, order="C")
        self._bias = np.array(bias, np.float32)
        halved = _rows_of_sigmoids(name, len(weights))
        self._weights[:halved] *= _HALF
        self._bias[:halved] *= _HALF
        self.given = np.zeros(inputs, np.float32)
        self.made = np.zeros(len(weights), np.float32)

    def __call__(self, given: FloatArray | None = None) -> FloatArray:
        made = np.dot(self._weights, self.given if given is None else given, out=self.made)
        made += self._bias
        return made

    def tanh(self) -> FloatArray:
        made = self()
        return np.tanh(made, out=made)


class _Gate:
    """``values * sigmoid(layer(values))``, a gated linear unit (Dauphin et al., 2017)."""

    def __init__(self, layer: _Layer) -> None:
        self._layer = layer

    def __call__(self, values: FloatArray) -> FloatArray:
        made = _sigmoid_of_half(self._layer(values))
        made *= values
        return made


class _Gru:
    """A gated recurrent unit (Cho et al., 2014) in the variant whose reset gate acts on the product (PyTorch's)."""

    def __init__(self, layers: Mapping[str, _Layer], name: str, size: int) -> None:
        self.input, self._kept = layers[f"{name}_input"], layers[f"{name}_recurrent"]
        self._state = np.zeros(size, np.float32)
        made, kept = self.input.made, self._kept.made
        self._gates, self._update, self._reset, self._new = (
            made[: 2 * size],
            made[:size],
            made[size:-size],
            made[-size:],
        )
        self._kept_gates, self._kept_new = kept[: 2 * size], kept[-size:]

    def reset(self) -> None:
        self._state.fill(0.0)

    def __call__(self) -> FloatArray:
        state, update, new, kept_new = self._state, self._update, self._new, self._kept_new
        self.input()
        self._kept(state)
        np.add(self._gates, self._kept_gates, out=self._gates)
        _sigmoid_of_half(self._gates)
        kept_new *= self._reset
        new += kept_new
        np.tanh(new, out=new)
        state *= update
        np.subtract(_ONE, update, out=update)
        new *= update
        state += new
        return state


def _sigmoid_of_half(halves: FloatArray) -> FloatArray:
    """The logistic function of twice the values, in place."""
    np.tanh(halves, out=halves)
    halves *= _HALF
    halves += _HALF
    return halves


def _rows_of_sigmoids(name: str, rows: int) -> int:
    """Number of outputs of a layer, counted from the first, that go only into a sigmoid."""
    if name.endswith(("_glu_gate", "_gain_dense_out")):
        return rows
    return rows // 3 * 2 if "_gru" in name else 0


def _past_indices(period: int) -> npt.NDArray[np.intp]:
    """Indices into the past of the samples ``[44]`` one period ago, repeated if a period is shorter than that."""
    at = np.arange(_PAST - period - _CONTEXT, _PAST - period - _CONTEXT + _REPEATED)
    for _ in range(2):
        at = np.where(at >= _PAST, at - period, at)
    return np.clip(at, 0, _PAST - 1)
