"""Joining pseudonyms with people: for owners only, and only for who is still enrolled."""

from __future__ import annotations

import pytest

from sharing.pseudonyms import Identities, Tokens
from timeline import InputError, RefusedError

TOKENS = Tokens(bytes(32))
IDENTITIES = Identities(TOKENS, ("kim",))
IDS = ["p-1", "p-2"]


def test_an_owner_learns_who_it_is() -> None:
    assert IDENTITIES.of(TOKENS.person("p-2"), IDS, "kim") == "p-2"


def test_somebody_forgotten_or_unknown_is_nobody() -> None:
    assert IDENTITIES.of(TOKENS.person("p-3"), IDS, "kim") is None
    assert IDENTITIES.of(TOKENS.stranger("S", "p1"), IDS, "kim") is None


@pytest.mark.parametrize("account", ["", "alex", "KIM", "kim "])
def test_nobody_else_does(account: str) -> None:
    with pytest.raises(RefusedError):
        IDENTITIES.of(TOKENS.person("p-2"), IDS, account)


@pytest.mark.parametrize("token", ["", "p-1", "P-short", Tokens(bytes(32)).session("x")])
def test_what_is_no_token_of_a_person_is_told(token: str) -> None:
    with pytest.raises(InputError):
        IDENTITIES.of(token, IDS, "kim")
