"""What is spelled out, and that nothing takes long that a recogniser may write."""

import pytest

from redaction.recognizers.spelled import spelled_emails
from redaction.text.utterance import Utterance


@pytest.mark.parametrize(
    "text",
    ["write to lee at example dot com", "lee@example.com", "lee(at)example.com", "l e e\nat example dot com"],
)
def test_an_address_is_found_however_its_at_is_written(text: str) -> None:
    assert {find.entity for find in spelled_emails(Utterance(text))} >= {"EMAIL_ADDRESS"}


def test_what_a_recogniser_repeats_holds_no_address() -> None:
    assert spelled_emails(Utterance("1-" * 20_000)) == []  # took hours
