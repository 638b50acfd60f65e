"""A fixed picture size is taken out of a model without touching what it computes."""

import numpy as np
import pytest

from weights import open_session
from weights.onnx_shapes import any_size


@pytest.fixture(scope="module")
def fixed(store, needs):
    needs(store, "retinaface-mnet")
    return store.path("retinaface-mnet")


def test_at_the_size_it_names_nothing_changes(fixed) -> None:
    blob = np.random.default_rng(0).uniform(0, 255, (1, 3, 512, 512)).astype(np.float32)
    plain, free = open_session(fixed), open_session(fixed, resize=True)
    for a, b in zip(plain.run(None, {"data": blob}), free.run(None, {"data": blob}), strict=True):
        assert np.array_equal(a, b)


def test_other_sizes_are_taken_and_give_maps_of_their_size(fixed) -> None:
    session = open_session(fixed, resize=True)
    out = session.run(["face_rpn_bbox_pred_stride32"], {"data": np.zeros((1, 3, 96, 160), np.float32)})
    assert out[0].shape == (1, 8, 3, 5)


def test_what_is_not_a_model_is_refused() -> None:
    for junk in (b"\xff\xff", b"\x3a\x7f", b"\x0b"):
        with pytest.raises(ValueError, match="not an ONNX file"):
            any_size(junk)


def test_a_message_without_a_graph_stays_as_it_is() -> None:
    assert any_size(b"") == b""
    assert any_size(b"\x08\x07\x12\x01x") == b"\x08\x07\x12\x01x"
