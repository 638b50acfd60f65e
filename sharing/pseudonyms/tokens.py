"""Pseudonyms that are stable within a project and meaningless outside it: HMAC-SHA256 with the project's key.

A person has the same token in every session of a project, so sessions can be compared. Another project has another key
(:meth:`registered.Vault.secret`), and without a key neither tokens nor a list of ids are of any use (keyed hashes as in
ENISA, *Pseudonymisation techniques and best practices*, 2019, section 5.1.3).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

LENGTH = 13
"""Characters of a token after its letter: 65 bits, so that a collision among 20 000 people has a chance below 1e-11."""
TOKEN = re.compile(rf"^[PS]-[A-Z2-7]{{{LENGTH}}}$")
"""The form of a token: "P-" for people, "S-" for sessions."""


class Tokens:
    """The pseudonyms of one project.

    Args:
        key: 32 secret bytes that only this project has.

    Raises:
        ValueError: the key is shorter.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a key has 32 bytes")
        self._key = key

    def person(self, id: str) -> str:
        """The token of an enrolled person, by their id."""
        return self._token("P", "person", id)

    def stranger(self, session: str, person: str) -> str:
        """The token of an unknown person, which nobody has in any other session."""
        return self._token("P", "stranger", session, person)

    def session(self, source: str) -> str:
        """The token of a session, by what identifies its recording."""
        return self._token("S", "session", source)

    def source(self, digest: str) -> str:
        """A keyed hash of a file's hash, in hex: the project can prove the source, and nobody else can guess it."""
        return self._mac("source", digest).hex()

    def draw(self, *what: str) -> int:
        """A number that is always the same for ``what`` and unpredictable without the key: a seed."""
        return int.from_bytes(self._mac("draw", *what)[:8], "big")

    def _token(self, letter: str, *what: str) -> str:
        return f"{letter}-{base64.b32encode(self._mac(*what)).decode()[:LENGTH]}"

    def _mac(self, *what: str) -> bytes:
        # Each part with its length before it: no two lists of parts give the same bytes.
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in what)
        return hmac.new(self._key, message, hashlib.sha256).digest()

    def __repr__(self) -> str:
        return "Tokens()"
