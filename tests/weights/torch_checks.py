"""Checks of the architectures in weights/convert that need torch; run by test_conversion.py in a Python that has it."""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "weights"))

import torch
import torch.nn.functional as F  # noqa: N812
from convert import campplus, conformer, ecapa, lr_asd, nemo_archive
from convert.recipe import ConversionError, load


def segment_means_equal_pooling_with_a_partial_window() -> None:
    for frames in (1, 5, 99, 100, 101, 137, 200, 250):
        x = torch.randn(2, 3, frames)
        pooled = F.avg_pool1d(x, 100, 100, ceil_mode=True)
        wanted = pooled.repeat_interleave(100, dim=2)[:, :, :frames]
        assert torch.allclose(campplus.segment_means(x), wanted, atol=1e-6), frames


def space_and_time_in_two_dimensions_equal_three() -> None:
    block = lr_asd.VideoBlock(4, 8, 2).eval()
    x = torch.randn(2, 5, 4, 12, 12)  # [B, T, C, H, W]
    volume = x.transpose(1, 2)
    for layer, stride in zip(block.space, (2, 1), strict=True):
        kernel = layer.conv.weight.unsqueeze(2)
        pad = (0, kernel.shape[3] // 2, kernel.shape[4] // 2)
        volume = torch.relu(F.conv3d(volume, kernel, stride=(1, stride, stride), padding=pad) / (1 + 1e-3) ** 0.5)
    for layer in block.time:
        kernel = layer.conv.weight.unsqueeze(4)
        volume = torch.relu(F.conv3d(volume, kernel, padding=(kernel.shape[2] // 2, 0, 0)) / (1 + 1e-3) ** 0.5)
    with torch.no_grad():
        flat = block(x.reshape(10, 4, 12, 12), 2).reshape(2, 5, 8, 6, 6)
    assert torch.allclose(flat, volume.transpose(1, 2), atol=1e-5)


def a_state_must_fit_exactly() -> None:
    layer = torch.nn.Linear(2, 3)
    good = {"w": torch.ones(3, 2), "b": torch.zeros(3)}
    names = {"w": "weight", "b": "bias"}
    load(layer, good, lambda key: names.get(key, key))
    assert torch.equal(layer.weight, good["w"])
    for bad in (
        {"w": good["w"]},
        good | {"more": torch.ones(1)},
        good | {"w": torch.ones(2, 3)},
        {"w": good["w"], "weight": good["w"], "b": good["b"]},
    ):
        try:
            load(torch.nn.Linear(2, 3), bad, lambda key: names.get(key, key))
        except ConversionError:
            continue
        raise AssertionError(f"accepted {sorted(bad)}")


def a_clip_keeps_its_voiceprint_in_a_batch() -> None:
    """No statistic may leak from one item of a batch into another."""
    for recipe, module in ((ecapa.RECIPE, ecapa.Ecapa()), (campplus.RECIPE, campplus.CamPlusPlus())):
        (features,) = recipe.example(60, torch.Generator().manual_seed(1))
        with torch.no_grad():
            module.eval()
            both, alone = module(features), module(features[:1])
        assert both.shape == (2, 192)
        assert torch.allclose(both[:1], alone, atol=1e-4 * float(both.abs().max()))


def relative_attention_equals_its_formula() -> None:
    """Score of frames i, j: (q_i + u) k_j + (q_i + v) W r(i - j), over the root of the size (Transformer-XL, 3.3)."""
    layer = conformer.RelativeAttention(8, 2)
    for bias in (layer.pos_bias_u, layer.pos_bias_v):
        torch.nn.init.normal_(bias)
    x = torch.randn(1, 5, 8)
    with torch.no_grad():
        got = layer(x, conformer.positions(x))[0]
        query, key, value = (net(x)[0].reshape(5, 2, 4) for net in (layer.linear_q, layer.linear_k, layer.linear_v))
        rate = 10000.0 ** (-torch.arange(0, 8, 2) / 8)
        heads = []
        for head in range(2):
            score = torch.zeros(5, 5)
            for i in range(5):
                for j in range(5):
                    angle = (i - j) * rate
                    place = layer.linear_pos(torch.stack([torch.sin(angle), torch.cos(angle)], dim=1).reshape(8))
                    content = (query[i, head] + layer.pos_bias_u[head]) @ key[j, head]
                    apart = (query[i, head] + layer.pos_bias_v[head]) @ place.reshape(2, 4)[head]
                    score[i, j] = (content + apart) / 2
            heads.append(torch.softmax(score, dim=1) @ value[:, head])
        wanted = layer.linear_out(torch.cat(heads, dim=1))
    assert torch.allclose(got, wanted, atol=1e-5)


def a_nemo_file_must_be_whole_and_of_the_kind_expected() -> None:
    config = "a:\n  b: 5\n  c:\n    d: 'per_feature'\n  list:\n  - x: 1\n  e: 0.010\nf: true\n"
    values = nemo_archive.scalars(config)
    assert (values["a.b"], values["a.c.d"], values["a.e"], values["f"]) == ("5", "per_feature", "0.010", "true")
    nemo_archive.check(values, {"a.e": "0.01", "f": "True", "not.there": "1"})
    whole = {"./model_config.yaml": config.encode(), "model_weights.ckpt": b"weights", "more.txt": b""}
    assert nemo_archive.unpack(_tar(whole)) == (b"weights", values)
    wrong = [
        lambda: nemo_archive.check(values, {"a.c.d": "NA"}),
        lambda: nemo_archive.unpack(b"no tar"),
        lambda: nemo_archive.unpack(_tar({"model_config.yaml": b""})),
        lambda: nemo_archive.unpack(_tar(whole)[:700]),
    ]
    for call in wrong:
        try:
            call()
        except ConversionError:
            continue
        raise AssertionError("accepted")


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(0)
    segment_means_equal_pooling_with_a_partial_window()
    space_and_time_in_two_dimensions_equal_three()
    a_state_must_fit_exactly()
    a_clip_keeps_its_voiceprint_in_a_batch()
    relative_attention_equals_its_formula()
    a_nemo_file_must_be_whole_and_of_the_kind_expected()
