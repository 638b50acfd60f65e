"""What NeMo gives, on random weights; run by test_nemo.py in a Python that has NeMo: ``nemo_checks.py FOLDER``.

The networks have the published shapes but fewer layers, so that three minutes take seconds. Written to the folder: the
``.nemo`` files, and in ``nemo.npz`` the sound and what NeMo makes of it. ``nemo_checks.py FOLDER golden`` writes only
``sortformer_cache.npz``, the trace of NeMo's speaker cache that test_sortformer_golden.py follows everywhere.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
from nemo.collections.asr.models import EncDecSpeakerLabelModel, SortformerEncLabelModel
from nemo.collections.asr.modules.sortformer_modules import SortformerModules
from omegaconf import OmegaConf

RATE = 16000
MEL = "nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor"
CHUNKINGS = {  # name: seconds, chunk, right, queue, update; as in sortformer_net.CHUNKINGS
    "medium": (180, 124, 1, 124, 124),
    "high": (180, 340, 40, 40, 300),
    "low": (24, 6, 7, 188, 144),
    "lowest": (6, 3, 1, 188, 144),
}


def stable_topk(x: torch.Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """``torch.topk`` leaves open which of equals it takes, and a frame kept for two speakers is in the cache twice."""
    values, places = torch.sort(x, dim=dim, descending=largest, stable=True)
    return values.narrow(dim, 0, k), places.narrow(dim, 0, k)


def sortformer(streaming: bool) -> Any:
    bands = 128 if streaming else 80
    config: dict[str, Any] = {
        "sample_rate": RATE,
        "pil_weight": 0.5,
        "ats_weight": 0.5,
        "max_num_of_spks": 4,
        "streaming_mode": streaming,
        "model_defaults": {"fc_d_model": 512, "tf_d_model": 192},
        "preprocessor": {
            "_target_": MEL,
            "normalize": "NA" if streaming else "per_feature",
            "window_size": 0.025,
            "window_stride": 0.01,
            "sample_rate": RATE,
            "window": "hann",
            "features": bands,
            "n_fft": 512,
            "frame_splicing": 1,
            "dither": 1e-5,
        },
        "sortformer_modules": {
            "_target_": "nemo.collections.asr.modules.sortformer_modules.SortformerModules",
            "num_spks": 4,
            "fc_d_model": 512,
            "tf_d_model": 192,
        },
        "encoder": {
            "_target_": "nemo.collections.asr.modules.ConformerEncoder",
            "feat_in": bands,
            "feat_out": -1,
            "n_layers": 1,
            "d_model": 512,
            "subsampling": "dw_striding",
            "subsampling_factor": 8,
            "subsampling_conv_channels": 32,
            "causal_downsampling": False,
            "ff_expansion_factor": 4,
            "self_attention_model": "rel_pos",
            "n_heads": 8,
            "att_context_size": [-1, -1],
            "att_context_style": "regular",
            "xscaling": True,
            "untie_biases": True,
            "conv_kernel_size": 9,
            "conv_norm_type": "batch_norm",
        },
        "transformer_encoder": {
            "_target_": "nemo.collections.asr.modules.transformer.transformer_encoders.TransformerEncoder",
            "num_layers": 1,
            "hidden_size": 192,
            "inner_size": 768,
            "num_attention_heads": 8,
            "hidden_act": "relu",
            "pre_ln": False,
        },
        "loss": {"_target_": "nemo.collections.asr.losses.bce_loss.BCELoss", "weight": None, "reduction": "mean"},
    }
    model = SortformerEncLabelModel(cfg=OmegaConf.create(config)).eval()
    with torch.no_grad():
        for layer in model.encoder.layers:
            layer.self_attn.pos_bias_u.normal_(0, 0.3)
            layer.self_attn.pos_bias_v.normal_(0, 0.3)
            layer.conv.batch_norm.running_mean.normal_(0, 0.1)
    lively(model)
    return model


def lively(model: Any) -> None:
    """Stretch the last layer so that every slot is now sure, now silent: a random network hardly moves."""
    model.streaming_mode, before = False, model.streaming_mode
    x = torch.from_numpy(sound(60))[None]
    with torch.inference_mode():
        said = torch.logit(model(audio_signal=x, audio_signal_length=torch.tensor([x.shape[1]]))[0])
    model.streaming_mode = before
    last = model.sortformer_modules.single_hidden_to_spks
    with torch.no_grad():
        stretch = 3 / said.std(dim=0)
        last.bias.copy_((last.bias - said.mean(dim=0)) * stretch - 2)
        last.weight.mul_(stretch[:, None])


def titanet(filters: int) -> Any:
    def block(width: int, kernel: int, repeat: int, around: bool) -> dict[str, Any]:
        return {
            "filters": width,
            "repeat": repeat,
            "kernel": [kernel],
            "stride": [1],
            "dilation": [1],
            "dropout": 0.1,
            "residual": around,
            "separable": True,
            "se": True,
            "se_context_size": -1,
        }

    blocks = [block(filters, 3, 1, False), *(block(filters, k, 3, True) for k in (7, 11, 15)), block(3072, 1, 1, False)]
    config: dict[str, Any] = {
        "sample_rate": RATE,
        "preprocessor": {
            "_target_": MEL,
            "normalize": "per_feature",
            "window_size": 0.025,
            "window_stride": 0.01,
            "sample_rate": RATE,
            "window": "hann",
            "features": 80,
            "n_fft": 512,
            "frame_splicing": 1,
            "dither": 1e-5,
        },
        "encoder": {
            "_target_": "nemo.collections.asr.modules.ConvASREncoder",
            "feat_in": 80,
            "activation": "relu",
            "conv_mask": True,
            "jasper": blocks,
        },
        "decoder": {
            "_target_": "nemo.collections.asr.modules.SpeakerDecoder",
            "feat_in": 3072,
            "num_classes": 20,
            "pool_mode": "attention",
            "emb_sizes": 192,
            "angular": True,
        },
        "loss": {"_target_": "nemo.collections.asr.losses.angularloss.AngularSoftmaxLoss", "scale": 30, "margin": 0.2},
    }
    model = EncDecSpeakerLabelModel(cfg=OmegaConf.create(config)).eval()
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm1d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
    return model


def sound(seconds: int) -> np.ndarray:
    """Buzzing voices of different pitch in turns, pauses, a little noise."""
    rng = np.random.default_rng(5)
    x = rng.normal(0, 0.002, seconds * RATE)
    at = 0
    while at < len(x):
        length, who = int(rng.integers(RATE // 2, 4 * RATE)), int(rng.integers(0, 6))
        if who < 5:
            t = np.arange(min(length, len(x) - at)) / RATE
            voice = sum(np.sin(2 * np.pi * (90 + 45 * who) * h * t) / h ** (0.4 + 0.2 * who) for h in range(1, 20))
            x[at : at + len(t)] += 0.05 * voice * (1 + np.sin(2 * np.pi * (3 + who) * t))
        at += length - int(rng.integers(0, RATE // 4))
    return x.astype(np.float32)


def networks(folder: Path) -> None:
    x = sound(180)
    out: dict[str, np.ndarray] = {"sound": x}
    streaming, offline = sortformer(True), sortformer(False)
    streaming.save_to(str(folder / "streaming.nemo"))
    offline.save_to(str(folder / "offline.nemo"))
    with torch.inference_mode():
        for name, (seconds, chunk, right, queue, update) in CHUNKINGS.items():
            modules = streaming.sortformer_modules
            modules.chunk_len, modules.chunk_right_context = chunk, right
            modules.fifo_len, modules.spkcache_update_period = queue, update
            part = torch.from_numpy(x[: seconds * RATE])[None]
            out[name] = streaming(audio_signal=part, audio_signal_length=torch.tensor([part.shape[1]]))[0].numpy()
        part = torch.from_numpy(x[: 23 * RATE + 77])[None]
        out["offline"] = offline(audio_signal=part, audio_signal_length=torch.tensor([part.shape[1]]))[0].numpy()
        for key, model in (("mel128", streaming), ("mel80", offline)):
            features, length = model.preprocessor(input_signal=part, length=torch.tensor([part.shape[1]]))
            out[key] = features[0, :, : int(length)].T.numpy()
        for name, filters in (("titanet-s", 256), ("titanet-l", 1024)):
            model = titanet(filters)
            model.save_to(str(folder / f"{name}.nemo"))
            for seconds in (1.6, 4.0):
                clip = torch.from_numpy(x[: round(seconds * RATE)])[None]
                out[f"{name} {seconds}"] = model(input_signal=clip, input_signal_length=torch.tensor([clip.shape[1]]))[
                    1
                ][0].numpy()
    np.savez(folder / "nemo.npz", **out)


def golden(folder: Path) -> None:
    """NeMo's cache fed by a network anybody can be: the sigmoid of four sums."""
    rng = np.random.default_rng(11)
    width, left, new, right, steps = 5, 1, 7, 2, 60
    who = np.repeat(rng.integers(0, 6, 1 + steps * new // 9), 9)[: steps * new + left + right]
    centres = rng.normal(0, 1, (6, width))
    frames = np.round((centres[who] + rng.normal(0, 0.35, (len(who), width))) * 24).clip(-127, 127).astype(np.int8)
    weights = np.round(np.linalg.pinv(centres[:4]).T * 16).astype(np.int8)
    modules = SortformerModules(
        num_spks=4,
        fc_d_model=width,
        tf_d_model=8,
        spkcache_len=36,
        fifo_len=20,
        chunk_len=new,
        spkcache_update_period=14,
    ).eval()
    state = modules.init_streaming_state(batch_size=1)
    said, contexts = [], []
    scaled, table = torch.from_numpy(frames / np.float32(24)), torch.from_numpy(weights / np.float32(16))
    for step in range(steps):
        chunk = scaled[step * new : step * new + left + new + right][None]
        seen = torch.cat([state.spkcache, state.fifo, chunk], dim=1)
        activity = torch.sigmoid(9 * (seen @ table.T) - 5)
        state, chunk_said = modules.streaming_update(state, chunk, activity, lc=left, rc=right)
        said.append(chunk_said[0].numpy())
        contexts.append(torch.cat([state.spkcache, state.fifo], dim=1)[0].numpy())
    picked = [10, 25, 40, 59]
    np.savez_compressed(
        folder / "sortformer_cache.npz",
        frames=frames,
        weights=weights,
        shape=np.array([left, new, right, steps, 36, 20, 14]),
        said=np.concatenate(said).astype(np.float16),
        lengths=np.array([len(context) for context in contexts], np.uint8),
        picked=np.array(picked),
        **{f"context{step}": np.round(contexts[step] * 1e4).astype(np.int32) for step in picked},
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(0)
    torch.topk = stable_topk
    (golden if sys.argv[2:] == ["golden"] else networks)(Path(sys.argv[1]))
