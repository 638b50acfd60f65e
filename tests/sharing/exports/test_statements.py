"""Statements: one about all files, one about each; whatever was moved between them is found."""

from __future__ import annotations

import pytest

from sharing.exports import ExportFacts, FileOrigin, Signer
from sharing.exports.statements import read_statements, statement_lines
from timeline import UnsafeError

FILES = {"AGREEMENT.md": "a" * 64, "data/one.txt": "b" * 64, "data/two.txt": "c" * 64}
MADE = {name: FileOrigin(source="d" * 64, steps=("process", "share")) for name in FILES if name.startswith("data/")}


@pytest.fixture
def lines(facts: ExportFacts, signer: Signer) -> list[str]:
    return statement_lines(facts, FILES, MADE, signer).splitlines()


def read(lines: list[str], signer: Signer) -> object:
    return read_statements("\n".join(lines), signer.public_key())


def test_what_was_attested_comes_back(facts: ExportFacts, signer: Signer, lines: list[str]) -> None:
    attested = read_statements("\n".join(lines), signer.public_key())
    assert (attested.facts, attested.files, attested.made) == (facts, FILES, MADE)


def test_lines_that_were_taken_away_doubled_or_put_in_another_order_are_refused(
    signer: Signer, lines: list[str]
) -> None:
    for wrong in (lines[1:], [], lines + lines[:1], lines + lines[1:2], lines[1:] + lines[:1], [*lines, "{}"]):
        with pytest.raises(UnsafeError):
            read(wrong, signer)


def test_a_line_of_another_export_is_refused(facts: ExportFacts, signer: Signer, lines: list[str]) -> None:
    other = statement_lines(facts, {"data/one.txt": "f" * 64}, {"data/one.txt": FileOrigin()}, signer).splitlines()
    with pytest.raises(UnsafeError):
        read([lines[0], other[1]], signer)


def test_another_signer_is_refused(facts: ExportFacts, signer: Signer) -> None:
    forged = statement_lines(facts, FILES, MADE, Signer(b"\1" * 32))
    with pytest.raises(UnsafeError):
        read_statements(forged, signer.public_key())
