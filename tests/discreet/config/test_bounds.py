"""Every number in the settings has bounds, and no setting hands over somebody's rights."""

from __future__ import annotations

import typing
from collections.abc import Iterator

import pytest
from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from discreet.config.settings import Settings, SettingsError, load


def numbers(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from numbers(kind, f"{before}{name}.")
        elif {int, float} & {kind, *typing.get_args(kind)} and "colour" not in name:
            yield before + name, field


NUMBERS = dict(numbers(Settings))


def test_there_are_many() -> None:
    assert len(NUMBERS) > 100


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_a_lower_and_an_upper_bound(name: str) -> None:
    bounds = NUMBERS[name].metadata
    assert any(isinstance(bound, Ge | Gt) for bound in bounds)
    assert any(isinstance(bound, Le | Lt) for bound in bounds)


TOO_LOOSE = [
    "redaction.threshold=1",
    "diarization.fusion.name_similarity=-1",
    "diarization.fusion.name_similarity=0.3",
    "diarization.fusion.name_margin=0",
    "diarization.fusion.suspect_similarity=1",
    "diarization.fusion.min_voice=0",
    "diarization.fusion.min_lips=0",
    "diarization.fusion.lips_margin=0",
    "diarization.fusion.min_seen=0",
    "diarization.fusion.sure_lips=0",
    "diarization.fusion.same_face=-1",
    "diarization.fusion.min_confidence=0",
    "diarization.overlap=1",
    "diarization.same_voice=-1",
    "diarization.strictness=-1",
    "vision.recognise.margin=0",
    "vision.recognise.again=1",
    "vision.track.cut=-0.9",
    "vision.track.crossing=0.9",
    "vision.mask.before=0",
    "vision.mask.after=0",
    "vision.mask.growth=0",
    "voice.guard=0",
    "voice.handover=0.1",
    "masking.after=0",
    "registered.face.own_share=0",
    "registered.face.one_person=0",
    "registered.face.two_people=-50",
    "registered.voice.own_share=0",
    "registered.voice.one_person=0",
    "registered.voice.two_people=-50",
    "registered.voice.other_share=0.5",
    "registered.voice.alike_share=10",
    "masking.hold=60",
    "masking.check=10",
    "masking.slack=0.15",
    "masking.agree=2",
    "masking.span=0",
    "masking.gap=1",
    "voice.least_confidence=0",
    "redaction.least_confidence=0",
    "redaction.sure=0",
    "vision.recognise.agree=1",
    "vision.recognise.reject=0",
    "vision.detect.width=100000000",
    "vision.detect.width=100",
    "vision.mask.cells=30",
    "vision.mask.side=0",
]


@pytest.mark.parametrize("option", TOO_LOOSE)
def test_a_threshold_that_hands_over_rights_is_refused_by_name(option: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(options=[option])
    assert option.partition("=")[0] in str(refused.value)
