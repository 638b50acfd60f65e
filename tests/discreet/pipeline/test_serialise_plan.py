"""What is private comes back whole after it was kept."""

import numpy as np
import pytest

from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.serialise_plan import PLAN
from redaction import Clip, SurfaceForms
from timeline import Redaction, Word


def test_a_plan_comes_back_whole() -> None:
    word = Word(start=1, end=2, text="Otto", person="p1", confidence=0.5)
    name = Redaction(id="w1", kind="word", start=1, end=2, entity="PERSON", operator="surrogate", reason="a name")
    plan = RedactionPlan(
        words=[word.model_copy(update={"text": "[PERSON]", "redaction": "w1"})],
        redactions=[name],
        notes=["one"],
        said={"w1": (word,)},
        forms=SurfaceForms([("PERSON", ["Otto", "Miller"]), ("ADDED", ["heron"])]),
        clips={"w1": Clip(1.0, np.array([0.1, -0.25], np.float32), "Jamie")},
        language="en",
        spoken=("Otto",),
    )
    again = PLAN.decode(PLAN.encode(plan))
    for name_ in ("words", "redactions", "notes", "said", "language", "spoken"):
        assert getattr(again, name_) == getattr(plan, name_)
    assert sorted(again.forms.rows) == sorted(plan.forms.rows)
    assert (again.clips["w1"].start, again.clips["w1"].text) == (1.0, "Jamie")
    assert np.array_equal(again.clips["w1"].samples, plan.clips["w1"].samples)


@pytest.mark.parametrize("junk", [b"", b"junk"])
def test_what_is_not_a_plan_is_refused(junk: bytes) -> None:
    with pytest.raises((ValueError, KeyError, EOFError)):
        PLAN.decode(junk)
