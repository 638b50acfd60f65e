"""The vault: bytes sealed with AES-256-GCM under the user's key.

Sealed form, version 1: ``b"DSCV"``, version (1 byte), 96-bit random nonce, ciphertext, 128-bit tag. The header and the
caller's associated data are authenticated, so a flipped bit anywhere, or a file put in another's place, is rejected.
Keys are derived from the master key with HKDF-SHA256 (RFC 5869), one for each purpose.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from registered.files import default_folder
from registered.keys import KEY_BYTES, load_or_make
from registered.settings import KeyringMode
from timeline import PeopleError

_MAGIC = b"DSCV"
_HEADER = _MAGIC + b"\x01"
_NONCE = 12
_TAG = 16
_CHECK = b"discreet"
OVERHEAD = len(_HEADER) + _NONCE + _TAG
"""Bytes by which a sealed form is longer than its content."""


class SealError(PeopleError):
    """Sealed bytes cannot be opened: damaged, tampered with, put in another's place, or sealed with another key."""


class Vault:
    """Seals and opens bytes. Holds keys: never print or log one.

    Args:
        key: the 32 byte master key.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
        self._key = key
        self._aes = AESGCM(_derive(key, "seal"))

    @classmethod
    def open(cls, folder: Path | None = None, keyring: KeyringMode | None = None) -> Vault:
        """The vault of ``folder`` (default: the registry's); its key is created on first use.

        Raises:
            PeopleError: the key is gone, locked, has wrong permissions, or is not the one this folder began with.
            OutputError: the folder or the key file cannot be written.
        """
        folder = default_folder(folder)
        key, place = load_or_make(folder, keyring, lambda made: cls(made).seal(_CHECK, b"vault.json").hex())
        vault = cls(key)
        try:
            vault.open_sealed(bytes.fromhex(place.check), b"vault.json")
        except (SealError, ValueError) as error:
            raise PeopleError(
                f"the key does not open {folder}: it is the wrong key",
                "restore the right key from a backup; without it, delete the folder and enrol everybody again",
            ) from error
        return vault

    def seal(self, data: bytes, aad: bytes = b"") -> bytes:
        """``data``, encrypted; opening it requires the same ``aad`` (what it is and whose).

        The nonce is random: a key is good for some 2**32 seals.
        """
        nonce = os.urandom(_NONCE)
        return _HEADER + nonce + self._aes.encrypt(nonce, data, _HEADER + aad)

    def open_sealed(self, sealed: bytes, aad: bytes = b"") -> bytes:
        """The original data.

        Raises:
            SealError: unless bytes, ``aad`` and key are exactly those of sealing.
        """
        if not sealed.startswith(_MAGIC) or len(sealed) < OVERHEAD:
            raise SealError("not sealed data, or incomplete", "restore it from a backup, or make it again")
        if not sealed.startswith(_HEADER):
            raise SealError("sealed data of a version that this Discreet does not know", "update Discreet")
        start = len(_HEADER) + _NONCE
        try:
            return self._aes.decrypt(sealed[len(_HEADER) : start], sealed[start:], _HEADER + aad)
        except InvalidTag:
            raise SealError(
                "sealed data was changed, or sealed with another key", "restore it from a backup, or make it again"
            ) from None

    def secret(self, purpose: str) -> bytes:
        """32 bytes for ``purpose`` (such as "voice"), always the same for one key, unrelated to any other secret."""
        return _derive(self._key, f"secret/{purpose}")

    def __repr__(self) -> str:
        return "Vault()"


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"discreet/1/{purpose}".encode()).derive(key)
