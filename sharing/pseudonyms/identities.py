"""Who is behind a pseudonym: known to the registry alone, and told to the project's owners alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sharing.pseudonyms.tokens import TOKEN, Tokens
from timeline import InputError, RefusedError


@dataclass(frozen=True, slots=True)
class Identities:
    """Joins tokens with ids. Nothing is stored: the registry's ids are hashed anew and compared.

    Attributes:
        tokens: of the project.
        owners: system accounts that may join.
    """

    tokens: Tokens
    owners: tuple[str, ...]

    def of(self, token: str, ids: Iterable[str], account: str) -> str | None:
        """The id behind a token; None for a stranger, or somebody who has been forgotten.

        Args:
            token: as it stands in an export.
            ids: of everybody enrolled.
            account: the system account that asks.

        Raises:
            RefusedError: the account is none of the owner's.
            InputError: this is no token of a person.
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
