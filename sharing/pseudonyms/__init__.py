"""Pseudonyms: stable within a project, unlinkable across projects, useless without the key."""

from sharing.pseudonyms.identities import Identities
from sharing.pseudonyms.tokens import TOKEN, Tokens

__all__ = ["TOKEN", "Identities", "Tokens"]
