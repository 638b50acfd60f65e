"""FARGAN as its paper says it, each layer a new array: slower by half, and what the fast formulation must equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

FEATURES, PIECE, PIECES, PAST, CONDITION, CODES = 20, 40, 4, 256, 80, (224, 12)
INPUTS = {
    "cond_net_fdense1": 32, "cond_net_fconv1": 192, "cond_net_fdense2": 128,
    "sig_net_cond_gain_dense": 80, "sig_net_fwc0_conv": 328, "sig_net_fwc0_glu_gate": 192,
    "sig_net_gru1_input": 272, "sig_net_gru1_recurrent": 160, "sig_net_gru1_glu_gate": 160,
    "sig_net_gru2_input": 240, "sig_net_gru2_recurrent": 128, "sig_net_gru2_glu_gate": 128,
    "sig_net_gru3_input": 208, "sig_net_gru3_recurrent": 128, "sig_net_gru3_glu_gate": 128,
    "sig_net_skip_dense": 688, "sig_net_skip_glu_gate": 128, "sig_net_sig_dense_out": 128,
    "sig_net_gain_dense_out": 192,
}  # fmt: skip

Arrays = Mapping[str, npt.NDArray[Any]]


def synthesise(arrays: Arrays, features: FloatArray, periods: list[int]) -> FloatArray:
    """The pre-emphasised sound ``[160 * (T - 1)]`` of frames ``[T, 20]`` with the pitch periods ``[T]``, samples."""
    layers = {name: layer(arrays, name, inputs) for name, inputs in INPUTS.items()}
    codes = np.asarray(arrays["cond_net_pembed_weights_float"], np.float32).reshape(CODES)

    def linear(name: str, values: FloatArray) -> FloatArray:
        weights, bias = layers[name]
        return np.asarray(weights @ values + bias, np.float32)

    def gated(name: str, values: FloatArray) -> FloatArray:
        return np.asarray(values * sigmoid(linear(name, values)), np.float32)

    def gru(name: str, values: FloatArray, state: FloatArray) -> FloatArray:
        given, kept, size = linear(f"{name}_input", values), linear(f"{name}_recurrent", state), len(state)
        update, reset = sigmoid(given[:size] + kept[:size]), sigmoid(given[size:-size] + kept[size:-size])
        new = np.tanh(given[-size:] + kept[-size:] * reset)
        return np.asarray(update * state + (1.0 - update) * new, np.float32)

    frames, past = np.zeros((3, 64), np.float32), np.zeros(PAST, np.float32)
    inputs = np.zeros(164, np.float32)
    states = [np.zeros(size, np.float32) for size in (160, 128, 128)]
    out: list[FloatArray] = []
    for index, frame in enumerate(np.asarray(features, np.float32)):
        code = codes[min(periods[index] - 32, 223)]
        frames = np.roll(frames, -1, axis=0)
        frames[-1] = np.tanh(linear("cond_net_fdense1", np.concatenate([frame, code])))
        hidden = np.tanh(linear("cond_net_fconv1", frames.ravel()))
        conditions = np.tanh(linear("cond_net_fdense2", hidden)).reshape(PIECES, CONDITION)
        for condition in conditions if index else []:
            gain = np.exp(linear("sig_net_cond_gain_dense", condition))
            scaled = np.clip(past / (np.float32(1e-5) + gain), -1.0, 1.0)
            repeated, recent = scaled[taps(periods[index - 1])], scaled[-PIECE:]
            inner, within = np.concatenate([condition, repeated, recent]), repeated[2 : 2 + PIECE]
            wide = np.tanh(linear("sig_net_fwc0_conv", np.concatenate([inputs, inner])))
            inputs = inner
            first = gated("sig_net_fwc0_glu_gate", wide)
            shares = sigmoid(linear("sig_net_gain_dense_out", first))
            value, outs = first, []
            for number, share in enumerate(shares[:3]):
                given = np.concatenate([value, share * within, recent])
                states[number] = gru(f"sig_net_gru{number + 1}", given, states[number])
                value = gated(f"sig_net_gru{number + 1}_glu_gate", states[number])
                outs.append(value)
            given = np.concatenate([*outs, first, shares[3] * within, recent])
            skipped = gated("sig_net_skip_glu_gate", np.tanh(linear("sig_net_skip_dense", given)))
            made = np.asarray(np.tanh(linear("sig_net_sig_dense_out", skipped)) * gain, np.float32)
            past = np.concatenate([past[PIECE:], made])
            out.append(made)
    return np.concatenate(out)


def taps(period: int) -> npt.NDArray[np.intp]:
    at = np.arange(PAST - period - 2, PAST - period - 2 + PIECE + 4)
    for _ in range(2):
        at = np.where(at >= PAST, at - period, at)
    return np.clip(at, 0, PAST - 1)


def sigmoid(values: FloatArray) -> FloatArray:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values), np.float32)


def layer(arrays: Arrays, name: str, inputs: int) -> tuple[FloatArray, FloatArray]:
    """``(weights [outputs, inputs], bias [outputs])`` of a layer."""
    packed = arrays.get(f"{name}_weights_int8")
    weights: npt.NDArray[Any]
    if packed is None:
        weights = np.asarray(arrays[f"{name}_weights_float"], np.float32).reshape(inputs, -1).T
    else:
        rows = len(packed) // inputs
        blocks = packed.reshape(rows // 8, inputs // 4, 8, 4)
        weights = blocks.transpose(0, 2, 1, 3).reshape(rows, inputs) * (arrays[f"{name}_scale"][:, None] * 127.0)
    bias = arrays.get(f"{name}_bias")
    if bias is None:
        bias = np.zeros(len(weights), np.float32)
    return np.ascontiguousarray(weights, np.float32), np.asarray(bias, np.float32)
