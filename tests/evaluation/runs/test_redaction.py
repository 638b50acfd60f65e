"""The text set: what the finder of private words reaches on it."""

import json
import random

import pytest

from evaluation.runs.redaction import score
from redaction import PiiFinder, RedactionSettings


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.media
def test_the_finder_keeps_what_it_reached_on_the_text_set(store, needs, media):  # type: ignore[no-untyped-def]
    needs(store, "spacy-en-sm")
    texts = random.Random(7).sample(json.loads((media / "text" / "generated_large.json").read_text("utf-8")), 300)
    found = PiiFinder.from_store(store, RedactionSettings()).find
    for name, change in (("as written", str), ("lower case", str.lower)):
        reached = score(found, texts, change)
        print(name, f"recall {reached.recall:.3f}, precision {reached.precision:.3f}, F2 {reached.f2:.3f}")
        assert round(reached.f2, 3) >= 0.97
