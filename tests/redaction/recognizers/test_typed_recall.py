"""Private words of lists that the rules were not made on: found, and found as what they are."""

from pathlib import Path

import pytest

from evaluation.runs.announced_pii import DATA, Sentence, announced, missed, mistyped, sentences
from redaction import PiiFinder, RedactionSettings
from weights import Store

WHOLE = ("announced_desk.txt", "announced_front.txt")
"""Lists that are read as a whole, not their held-out half alone."""


@pytest.fixture(scope="module")
def finder() -> PiiFinder:
    store = Store()
    if not store.has("spacy-en-sm"):
        pytest.skip("the model spacy-en-sm is not on this machine")
    return PiiFinder.from_store(store, RedactionSettings())


@pytest.mark.models
@pytest.mark.parametrize(
    "name", ["announced_again.txt", "announced_calls.txt", "announced_desk.txt", "announced_front.txt"]
)
def test_held_out_parts_are_found_as_what_they_are(finder: PiiFinder, name: str) -> None:
    chosen = [each for each in sentences(Path(DATA) / name) if each.held or name in WHOLE]

    def right(each: Sentence) -> int:
        finds = finder.find(each.text)
        wrong = [*missed(finds, each), *(span for span, _ in mistyped(finds, each))]
        return sum(span not in wrong for span in each.spans)

    announced(finder.find, chosen)  # shown where it fails
    assert sum(map(right, chosen)) / sum(len(each.spans) for each in chosen) >= 0.9
