"""Signatures: whoever changes a byte, or signs with another key, is found out."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.exports import Signer, read_key
from sharing.exports.signing import opened
from timeline import InputError, UnsafeError

SIGNER = Signer(bytes(32))
KEY = SIGNER.public_key()


@given(st.binary(max_size=200))
def test_what_was_signed_comes_back(payload: bytes) -> None:
    assert opened(SIGNER.sign(payload, "kind"), "kind", KEY) == payload


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_one_flipped_bit_of_the_payload_is_found(place: int, bit: int) -> None:
    envelope = SIGNER.sign(b"some facts about an export", "kind")
    payload = bytearray(base64.b64decode(envelope["payload"]))
    payload[place % len(payload)] ^= 1 << bit
    with pytest.raises(UnsafeError):
        opened({**envelope, "payload": base64.b64encode(bytes(payload)).decode()}, "kind", KEY)


@pytest.mark.parametrize("what", [None, [], "text", {}, {"payload": "AA==", "payloadType": "kind", "signatures": []}])
def test_what_is_no_envelope_is_refused(what: object) -> None:
    with pytest.raises(UnsafeError):
        opened(what, "kind", KEY)


def test_another_key_and_another_kind_are_refused() -> None:
    envelope = SIGNER.sign(b"facts", "kind")
    with pytest.raises(UnsafeError):
        opened(envelope, "kind", Signer(b"\1" * 32).public_key())
    with pytest.raises(UnsafeError):
        opened(envelope, "other", KEY)
    with pytest.raises(UnsafeError):
        opened({**envelope, "payloadType": "other"}, "other", KEY)


def test_an_envelope_survives_json() -> None:
    assert opened(json.loads(json.dumps(SIGNER.sign(b"x", "kind"))), "kind", KEY) == b"x"


def test_a_key_is_read_from_its_file_and_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "key.pub"
    path.write_bytes(KEY)
    assert read_key(path) == KEY
    path.write_text("no key")
    for wrong in (path, tmp_path / "none.pub"):
        with pytest.raises(InputError):
            read_key(wrong)


def test_the_secret_is_not_shown() -> None:
    assert repr(SIGNER) == "Signer()"
