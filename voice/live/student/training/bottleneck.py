"""Where a live student loses words: ``python -m voice.live.student.training.bottleneck --folder DIR --texts 53``.

``DIR`` is that of ``python -m voice.live.student.training.run``, with more texts made than it learned from. On texts
that it learned from, and on the others: the error of cepstra with and without the quantiser, the share of sounds that
the codes name rightly, and how many codes are used (perplexity, of 256 in each group). A bottleneck that is too narrow
or has collapsed shows in the first and the last, too little speech in the gap between both kinds of texts. At the end,
how far features of a stream are from those of training.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from timeline import FloatArray
from voice.live.student.cepstra import AHEAD, StreamingCepstra
from voice.live.student.network import MEMORIES
from voice.live.student.training.model import StudentNet
from voice.live.student.training.parallel_speech import UNKNOWN, codes_of, parallel, voices_of
from voice.live.student.training.train import BATCH, Speech, batch_of
from voice.neural.corpus import ParallelSpeech, load_parallel
from voice.neural.features import bark_features
from voice.resynthesis import FRAME

BATCHES = 4
EDGE = 20
"""Frames at both ends of a stream that are not compared: the windows of the stream are not full there."""


def perplexity(chosen: torch.Tensor) -> float:
    """How many codes are used, weighed by how often, of codes ``[N]``: the exponential of their entropy in nats."""
    share = torch.bincount(chosen.flatten()).double()
    share = share[share > 0] / share.sum()
    return float(torch.exp(-(share * share.log()).sum()))


def bottleneck(net: StudentNet, speech: Speech, distort: bool) -> str:
    """A line: what the codes of ``speech`` keep."""
    rng, used, rows = np.random.default_rng(0), [], []
    for _ in range(BATCHES):
        seen, wanted, voice, sounds = batch_of(speech, rng, distort)
        with torch.no_grad():
            steps, _ = net.hear(net.into(seen), torch.zeros(BATCH, *MEMORIES[0]))
            free = net.narrow(steps)
            codes, _ = net.quantise(free)
            empty = torch.zeros(BATCH, *MEMORIES[1])
            errors = [float((net.spoken(each, voice, empty)[0] - wanted).abs().mean()) for each in (codes, free)]
            known = sounds != UNKNOWN
            rows.append([*errors, float((net.named(codes).argmax(2) == sounds)[known].float().mean())])
            parts = codes.reshape(-1, *net.quantise.entries.shape[::2])
            used.append(torch.cdist(parts.transpose(0, 1), net.quantise.entries).argmin(2))
    with_it, without, named = np.mean(rows, axis=0)
    groups = " and ".join(f"{perplexity(each):.0f}" for each in torch.cat(used, 1))
    return f"error {with_it:.3f} ({without:.3f} without the quantiser), sounds named {named:.2f}, codes used {groups}"


def streamed(sound: FloatArray) -> FloatArray:
    """Mean difference ``[20]`` of the features of ``sound`` ``[n]`` as a stream and as a whole."""
    sound = sound[: len(sound) // (2 * FRAME) * 2 * FRAME]
    whole = bark_features(sound)
    stream = StreamingCepstra()(np.concatenate([sound, np.zeros(2 * FRAME, np.float32)]))[AHEAD:]
    rows = slice(EDGE, len(whole) - EDGE)
    return np.asarray(np.abs(whole[rows] - stream[rows]).mean(axis=0), np.float32)


def main() -> None:
    """Print the lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--texts", type=int, required=True, help="the student learned from the first so many")
    options = parser.parse_args()
    net = StudentNet()
    net.load_state_dict(torch.load(options.folder / "state.pt", weights_only=True)["net"])
    net.eval()
    every = [load_parallel(path) for path in sorted((options.folder / "parallel").glob("parallel-*.npz"))]
    for name, texts in (("learned", every[: options.texts]), ("other texts", every[options.texts :])):
        for how, distort in (("clean", False), ("distorted", True)):
            print(f"{name}, {how}: {bottleneck(net, _speech(texts, every), distort)}", flush=True)  # noqa: T201
    print("stream against whole:", " ".join(f"{each:.3f}" for each in streamed(every[0].sounds[0])))  # noqa: T201


def _speech(texts: Sequence[ParallelSpeech], every: Sequence[ParallelSpeech]) -> Speech:
    return Speech([parallel(each) for each in texts], codes_of(voices_of(every)))


if __name__ == "__main__":
    main()
