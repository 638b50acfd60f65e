"""Signatures: Ed25519 over DSSE envelopes (Dead Simple Signing Envelope, v1.0.2), by securesystemslib."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from sharing.optional_libraries import load
from timeline import InputError, UnsafeError, read_file


class Signer:
    """Signs for one project.

    Args:
        seed: 32 secret bytes from which the key is made.
    """

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def public_key(self) -> bytes:
        """The public key for recipients, in PEM."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def verifier(self) -> Ed25519PublicKey:
        """The public key."""
        return self._key.public_key()

    def raw(self, payload: bytes) -> bytes:
        """The signature of ``payload`` itself: 64 bytes, Ed25519. Only for formats that say what is signed."""
        return self._key.sign(payload)

    def derived(self, use: str) -> bytes:
        """32 secret bytes for another key of the project."""
        return hmac.new(self._seed, f"discreet/{use}".encode(), hashlib.sha256).digest()

    def sign(self, payload: bytes, kind: str) -> dict[str, Any]:
        """A signed envelope around ``payload``, to be written as JSON.

        Raises:
            MissingExtraError: the extra ``sharing`` is not installed.
        """
        dsse, signers = load("securesystemslib.dsse"), load("securesystemslib.signer")
        envelope = dsse.Envelope(payload, kind, {})
        envelope.sign(signers.CryptoSigner(self._key))
        signed: dict[str, Any] = envelope.to_dict()
        return signed

    def __repr__(self) -> str:
        return "Signer()"


def read_key(path: Path) -> bytes:
    """The public key in a PEM file. Raises InputError if there is none."""
    try:
        pem = read_file(path, pipe=True)
        if isinstance(load_pem_public_key(pem), Ed25519PublicKey):
            return pem
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "give the file with the sender's key") from None
    except ValueError:
        pass
    raise InputError(f"{path} is not a public key of a project", "ask the sender for the file; see discreet share key")


def opened(envelope: object, kind: str, key: bytes) -> bytes:
    """The payload of an envelope that the owner of ``key`` signed.

    Args:
        envelope: as read from JSON.
        kind: the expected kind of payload.
        key: the sender's public key, in PEM.

    Raises:
        UnsafeError: it is no envelope, of another kind, or not signed with that key.
        MissingExtraError: the extra ``sharing`` is not installed.
    """
    dsse, signers = load("securesystemslib.dsse"), load("securesystemslib.signer")
    try:
        read = dsse.Envelope.from_dict(json.loads(json.dumps(envelope)))
        read.verify([signers.SSlibKey.from_crypto(load_pem_public_key(key))], 1)
    except Exception:  # whatever is wrong, it is not what was signed
        raise UnsafeError("a signature does not fit: changed, or signed by somebody else") from None
    if read.payload_type != kind:
        raise UnsafeError("a signed document of another kind")
    payload: bytes = read.payload
    return payload
