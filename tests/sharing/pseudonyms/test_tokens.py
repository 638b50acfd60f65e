"""Pseudonyms: one token a person in a project, none shared between projects, and no way back without the key."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registered import Vault
from sharing.pseudonyms import TOKEN, Tokens

IDS = [f"p-{n:016x}" for n in range(2000)]
VAULT = Vault(bytes(range(32)))


def project(name: str) -> Tokens:
    return Tokens(VAULT.secret(f"sharing/{name}"))


@given(st.text(max_size=30))
def test_a_token_is_always_the_same_and_looks_like_one(id: str) -> None:
    assert TOKEN.match(project("a").person(id))
    assert project("a").person(id) == project("a").person(id)


def test_everybody_has_a_token_of_their_own() -> None:
    assert len({project("a").person(id) for id in IDS}) == len(IDS)


def test_two_projects_share_no_token() -> None:
    assert not {project("a").person(id) for id in IDS} & {project("b").person(id) for id in IDS}


def test_the_list_of_ids_leads_to_no_token_without_the_key() -> None:
    tokens = {project("a").person(id)[2:] for id in IDS}
    for name in ("sha256", "sha1", "md5"):
        hashes = [hashlib.new(name, id.encode(), usedforsecurity=False).digest() for id in IDS]
        hashes += [hmac.new(b"", id.encode(), name).digest() for id in IDS]
        import base64

        assert not tokens & {base64.b32encode(h).decode()[: len(min(tokens))] for h in hashes}


@given(st.lists(st.text(max_size=4), min_size=2, max_size=2), st.lists(st.text(max_size=4), min_size=2, max_size=2))
def test_parts_cannot_be_shifted_into_one_another(one: list[str], two: list[str]) -> None:
    same = project("a").stranger(*one) == project("a").stranger(*two)
    assert same == (one == two)


def test_a_stranger_a_person_and_a_session_of_one_id_have_different_tokens() -> None:
    tokens = project("a")
    made = {tokens.person("x"), tokens.stranger("x", ""), tokens.stranger("y", ""), tokens.session("x")}
    assert len(made) == 4


def test_a_short_key_is_refused_and_the_key_is_not_shown() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(b"short")
    assert repr(Tokens(bytes(32))) == "Tokens()"
