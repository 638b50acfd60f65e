"""TalkNet as its paper and its checkpoint's names describe it, written with torch's functions alone; run with torch.

``python talknet_reference.py FOLDER`` writes a checkpoint of random weights under the published names, inputs of two
lengths, and what this forward pass gives for them: the converted model must give the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

State = dict[str, Tensor]
MODEL = "model."


def checkpoint(generator: torch.Generator) -> State:
    """Random weights, every name that the authors' code saves."""
    state: State = {}

    def put(name: str, *shape: int, scale: float = 1.0) -> None:
        fan = int(np.prod(shape[1:])) if len(shape) > 1 else 1
        state[name] = torch.randn(*shape, generator=generator) * scale * (1.5 / fan) ** 0.5

    def norm(name: str, channels: int) -> None:
        state[f"{name}.weight"] = 1 + 0.1 * torch.randn(channels, generator=generator)
        state[f"{name}.bias"] = 0.1 * torch.randn(channels, generator=generator)
        state[f"{name}.running_mean"] = 0.1 * torch.randn(channels, generator=generator)
        state[f"{name}.running_var"] = 1 + torch.rand(channels, generator=generator)
        state[f"{name}.num_batches_tracked"] = torch.tensor(7)

    def linear(name: str, inputs: int, outputs: int) -> None:
        put(f"{name}.weight", outputs, inputs)
        put(f"{name}.bias", outputs, scale=0.1)

    front = MODEL + "visualFrontend."
    put(front + "frontend3D.0.weight", 64, 1, 5, 7, 7)
    norm(front + "frontend3D.1", 64)
    width = 64
    for i, out in enumerate((64, 128, 256, 512), 1):
        layer = f"{front}resnet.layer{i}."
        put(layer + "conv1a.weight", out, width, 3, 3)
        put(layer + "downsample.weight", out, width, 1, 1)
        for conv in ("conv2a", "conv1b", "conv2b"):
            put(f"{layer}{conv}.weight", out, out, 3, 3)
        for name in ("bn1a", "outbna", "bn1b", "outbnb"):
            norm(layer + name, out)
        width = out
    for i in range(5):
        unit = f"{MODEL}visualTCN.net.{i}.net."
        norm(unit + "1", 512)
        put(unit + "2.weight", 512, 1, 3)
        state[unit + "3.weight"] = torch.tensor([0.25])
        put(unit + "4.gamma", 1, 512, 1)
        put(unit + "4.beta", 1, 512, 1)
        put(unit + "5.weight", 512, 512, 1)
    narrow = MODEL + "visualConv1D.net."
    put(narrow + "0.weight", 256, 512, 5)
    put(narrow + "0.bias", 256, scale=0.1)
    norm(narrow + "1", 256)
    put(narrow + "3.weight", 128, 256, 1)
    put(narrow + "3.bias", 128, scale=0.1)
    sound = MODEL + "audioEncoder."
    put(sound + "conv1.weight", 16, 1, 7, 7)
    norm(sound + "bn1", 16)
    width = 16
    for i, (units, out) in enumerate(zip((3, 4, 6, 3), (16, 32, 64, 128), strict=True), 1):
        for j in range(units):
            unit = f"{sound}layer{i}.{j}."
            put(unit + "conv1.weight", out, width, 3, 3)
            put(unit + "conv2.weight", out, out, 3, 3)
            norm(unit + "bn1", out)
            norm(unit + "bn2", out)
            linear(unit + "se.fc.0", out, out // 8)
            linear(unit + "se.fc.2", out // 8, out)
            if width != out:
                put(unit + "downsample.0.weight", out, width, 1, 1)
                norm(unit + "downsample.1", out)
            width = out
    for name, size in (("crossA2V", 128), ("crossV2A", 128), ("selfAV", 256)):
        part = f"{MODEL}{name}."
        put(part + "self_attn.in_proj_weight", 3 * size, size)
        put(part + "self_attn.in_proj_bias", 3 * size, scale=0.1)
        linear(part + "self_attn.out_proj", size, size)
        linear(part + "linear1", size, 4 * size)
        linear(part + "linear2", 4 * size, size)
        for k in (1, 2):
            state[f"{part}norm{k}.weight"] = 1 + 0.1 * torch.randn(size, generator=generator)
            put(f"{part}norm{k}.bias", size, scale=0.1)
    for name, size in (("lossAV", 256), ("lossA", 128), ("lossV", 128)):
        linear(name + ".FC", size, 2)
    return state


def forward(s: State, audio: Tensor, faces: Tensor) -> Tensor:
    """Raw score ``[T]`` of one item: cepstra ``[4 T, 13]``, pictures ``[T, 112, 112]`` of 0..255."""

    def norm(x: Tensor, name: str, eps: float = 1e-5) -> Tensor:
        return F.batch_norm(
            x, s[name + ".running_mean"], s[name + ".running_var"], s[name + ".weight"], s[name + ".bias"], eps=eps
        )

    def linear(x: Tensor, name: str) -> Tensor:
        return F.linear(x, s[name + ".weight"], s[name + ".bias"])

    def attend(name: str, source: Tensor, target: Tensor) -> Tensor:
        part = f"{MODEL}{name}."
        seen, _ = F.multi_head_attention_forward(
            target[:, None],
            source[:, None],
            source[:, None],
            source.shape[1],
            8,
            s[part + "self_attn.in_proj_weight"],
            s[part + "self_attn.in_proj_bias"],
            None,
            None,
            False,
            0.0,
            s[part + "self_attn.out_proj.weight"],
            s[part + "self_attn.out_proj.bias"],
            training=False,
        )
        size = (source.shape[1],)
        x = F.layer_norm(source + seen[:, 0], size, s[part + "norm1.weight"], s[part + "norm1.bias"])
        wide = linear(F.relu(linear(x, part + "linear1")), part + "linear2")
        return F.layer_norm(x + wide, size, s[part + "norm2.weight"], s[part + "norm2.bias"])

    front = MODEL + "visualFrontend."
    volume = ((faces / 255 - 0.4161) / 0.1688)[None, None]
    volume = F.conv3d(volume, s[front + "frontend3D.0.weight"], stride=(1, 2, 2), padding=(2, 3, 3))
    volume = F.relu(norm(volume, front + "frontend3D.1", 1e-3))
    x = F.max_pool3d(volume, (1, 3, 3), (1, 2, 2), (0, 1, 1))[0].transpose(0, 1)
    for i, stride in enumerate((1, 2, 2, 2), 1):
        layer = f"{front}resnet.layer{i}."
        around = x if stride == 1 else F.conv2d(x, s[layer + "downsample.weight"], stride=stride)
        y = F.conv2d(x, s[layer + "conv1a.weight"], stride=stride, padding=1)
        y = F.conv2d(F.relu(norm(y, layer + "bn1a", 1e-3)), s[layer + "conv2a.weight"], padding=1) + around
        z = F.conv2d(F.relu(norm(y, layer + "outbna", 1e-3)), s[layer + "conv1b.weight"], padding=1)
        z = F.conv2d(F.relu(norm(z, layer + "bn1b", 1e-3)), s[layer + "conv2b.weight"], padding=1)
        x = F.relu(norm(z + y, layer + "outbnb", 1e-3))
    x = F.avg_pool2d(x, 4).reshape(1, -1, 512).transpose(1, 2)
    for i in range(5):
        unit = f"{MODEL}visualTCN.net.{i}.net."
        y = F.conv1d(norm(F.relu(x), unit + "1"), s[unit + "2.weight"], padding=1, groups=512)
        y = F.prelu(y, s[unit + "3.weight"])
        mean = y.mean()
        y = s[unit + "4.gamma"] * (y - mean) / torch.sqrt(((y - mean) ** 2).mean() + 1e-8) + s[unit + "4.beta"]
        x = x + F.conv1d(y, s[unit + "5.weight"])
    narrow = MODEL + "visualConv1D.net."
    x = F.relu(norm(F.conv1d(x, s[narrow + "0.weight"], s[narrow + "0.bias"], padding=2), narrow + "1"))
    video = F.conv1d(x, s[narrow + "3.weight"], s[narrow + "3.bias"])[0].T
    sound = MODEL + "audioEncoder."
    a = F.conv2d(audio.T[None, None], s[sound + "conv1.weight"], stride=(2, 1), padding=3)
    a = F.relu(norm(a, sound + "bn1"))
    for i, units in enumerate((3, 4, 6, 3), 1):
        for j in range(units):
            unit = f"{sound}layer{i}.{j}."
            stride = 2 if j == 0 and i in (2, 3) else 1
            around = a
            if unit + "downsample.0.weight" in s:
                around = norm(F.conv2d(a, s[unit + "downsample.0.weight"], stride=stride), unit + "downsample.1")
            b = norm(F.relu(F.conv2d(a, s[unit + "conv1.weight"], stride=stride, padding=1)), unit + "bn1")
            b = norm(F.conv2d(b, s[unit + "conv2.weight"], padding=1), unit + "bn2")
            gate = torch.sigmoid(linear(F.relu(linear(b.mean(dim=(2, 3)), unit + "se.fc.0")), unit + "se.fc.2"))
            a = F.relu(b * gate[:, :, None, None] + around)
    heard = a.mean(dim=2)[0].T
    both = torch.cat([attend("crossA2V", heard, video), attend("crossV2A", video, heard)], dim=1)
    return linear(attend("selfAV", both, both), "lossAV.FC")[:, 1]


if __name__ == "__main__":
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(4)
    folder, state = Path(sys.argv[1]), checkpoint(generator)
    torch.save(state, folder / "talknet.model")
    kept = {}
    for length in (5, 33):
        audio = 5 * torch.randn(4 * length, 13, generator=generator)
        faces = 255 * torch.rand(length, 112, 112, generator=generator)
        with torch.no_grad():
            score = forward(state, audio, faces)
        kept |= {f"audio{length}": audio.numpy(), f"faces{length}": faces.numpy(), f"score{length}": score.numpy()}
    np.savez(folder / "expected.npz", **kept)
