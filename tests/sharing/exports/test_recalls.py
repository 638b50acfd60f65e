"""Lists of recalls: signed, and good until a day."""

from __future__ import annotations

import datetime as dt

import pytest

from sharing.exports import ExportRecord, Signer, read_recalls, recall_list, signed_recalls
from tests.sharing.exports.conftest import AT
from timeline import UnsafeError


def record(letter: str, recalled: bool) -> ExportRecord:
    made = ExportRecord(
        id=f"E-{letter * 13}",
        at=AT,
        recipient="partner",
        role="researcher",
        purpose="research",
        level="transcript",
        keep_until=AT.date(),
        people=("P-SECRET",),
    )
    return made.model_copy(update={"recalled": AT, "reason": "withdrawn"}) if recalled else made


def test_only_what_was_recalled_is_in_the_list_and_nobody_is_named(signer: Signer) -> None:
    listed = recall_list([record("A", True), record("B", False)], AT, 30)
    assert (listed.reason("E-" + "A" * 13), listed.reason("E-" + "B" * 13)) == ("withdrawn", None)
    assert listed.fresh_until == AT + dt.timedelta(days=30)
    text = signed_recalls(listed, signer)
    assert read_recalls(text, signer.public_key()) == listed
    assert "partner" not in listed.model_dump_json()
    assert "SECRET" not in listed.model_dump_json()


def test_another_signature_or_another_text_is_refused(signer: Signer) -> None:
    text = signed_recalls(recall_list([], AT, 30), Signer(b"\1" * 32))
    for wrong in (text, "", "[]", "{}", "\x00"):
        with pytest.raises(UnsafeError):
            read_recalls(wrong, signer.public_key())
