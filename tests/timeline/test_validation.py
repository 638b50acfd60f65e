"""Of a text from outside, the first problem is told in one line, and its value is not."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from timeline import FieldProblem, first_problem


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = 0.0

    @field_validator("seconds")
    @classmethod
    def _whole(cls, value: float) -> float:
        if value != int(value):
            raise ValueError("must be whole")
        return value


class Outer(BaseModel):
    parts: list[Inner] = []

    @model_validator(mode="after")
    def _few(self) -> "Outer":
        if len(self.parts) > 2:
            raise ValueError("too many parts")
        return self


def problem(given: object, **messages: str) -> FieldProblem:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(given)
    return first_problem(caught.value, messages)


def test_it_names_the_key_and_not_the_value() -> None:
    found = problem({"parts": [{}, {"seconds": "Otto"}]})
    assert found.where == "parts.1.seconds"
    assert str(found) == "parts.1.seconds: " + found.message
    assert "Otto" not in str(found)


def test_own_words_stand_without_pydantics() -> None:
    assert str(problem({"parts": [{"seconds": 0.5}]})) == "parts.0.seconds: must be whole"


def test_a_problem_of_the_whole_has_no_place() -> None:
    assert str(problem({"parts": [{}, {}, {}]})) == "too many parts"


def test_a_kind_can_be_told_in_other_words() -> None:
    found = problem({"parts": [{"minutes": 1}]}, extra_forbidden="there is no such key")
    assert (found.kind, str(found)) == ("extra_forbidden", "parts.0.minutes: there is no such key")
