"""Finds who is behind a pseudonym: only possible with the registry, and only for the project's owners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sharing.pseudonyms.tokens import TOKEN, Tokens
from timeline import InputError, RefusedError


@dataclass(frozen=True, slots=True)
class Identities:
    """Maps tokens back to ids. Nothing is stored: the registry's ids are hashed again and compared.

    Attributes:
        tokens: of the project.
        owners: accounts that may do this.
    """

    tokens: Tokens
    owners: tuple[str, ...]

    def of(self, token: str, ids: Iterable[str], account: str) -> str | None:
        """The id behind a token; None for a stranger, or somebody who has been forgotten.

        Args:
            token: as in an export.
            ids: of everybody enrolled.
            account: the account that asks.

        Raises:
            RefusedError: the account is not an owner's.
            InputError: it is not a person's token.
        """
        if account not in self.owners:
            raise RefusedError(
                "only an owner of the project may learn who is behind a pseudonym",
                "owners are the members of [roles.owner] in governance.toml",
            )
        if not TOKEN.match(token) or not token.startswith("P-"):
            raise InputError(
                "this is not the pseudonym of a person", "give it as it stands in the export, such as P-..."
            )
        return next((id for id in ids if self.tokens.person(id) == token), None)
