"""NeMo's own speaker cache, step by step, on sixty chunks of made-up embeddings (``nemo_checks.py FOLDER golden``).

The network is a stand-in anybody can compute: the sigmoid of four sums. So what is compared is the memory alone.
"""

from pathlib import Path

import numpy as np
import pytest

from diarization.sortformer.speaker_cache import CacheRules, SpeakerCache


@pytest.fixture(scope="module")
def golden():
    with np.load(Path(__file__).with_name("sortformer_cache.npz")) as file:
        return dict(file)


def test_every_step_is_nemos(golden):
    left, new, right, steps, cache, queue, update = golden["shape"].tolist()
    frames, table = golden["frames"] / np.float32(24), golden["weights"] / np.float32(16)
    memory = SpeakerCache(frames.shape[1], CacheRules(cache=cache, queue=queue, update=update))
    said = []
    for step in range(steps):
        chunk = frames[step * new : step * new + left + new + right]
        seen = np.concatenate([memory.context(), chunk])
        activity = (1 / (1 + np.exp(-(9 * (seen @ table.T) - 5)))).astype(np.float32)
        said.append(memory.update(chunk, activity, left, right))
        assert len(memory.context()) == golden["lengths"][step], step
        if step in golden["picked"]:
            np.testing.assert_allclose(memory.context(), golden[f"context{step}"] / 1e4, atol=2e-4, err_msg=f"{step}")
    np.testing.assert_allclose(np.concatenate(said), golden["said"].astype(np.float32), atol=2e-3)


def test_the_trace_tries_what_matters(golden):
    """Silence, overlap and every speaker occur, and the cache was full most of the time."""
    talks = golden["said"].astype(np.float32) > 0.5
    assert talks.any(axis=0).all()
    assert (talks.sum(axis=1) == 0).mean() > 0.05
    assert (golden["lengths"] >= golden["shape"][4]).mean() > 0.5
