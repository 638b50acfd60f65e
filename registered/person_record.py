"""A person's record as bytes: JSON, padded so that its size reveals little, to be sealed by the registry."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError

from registered.consent import Consent
from registered.people import ConsentChange, Enrolled, KeptSample
from timeline import Document, FloatArray, PeopleError

PAD = 8192
"""Record sizes are a multiple of this many bytes, so that the size does not reveal the length of a name."""


class _Array(Document):
    rows: int = Field(gt=0)
    columns: int = Field(gt=0)
    data: str


class _Record(Document):
    format: Literal[1] = 1
    id: str
    name: str
    enrolled: dt.datetime
    consent: Consent
    history: tuple[ConsentChange, ...]
    faces: dict[str, _Array]
    voices: dict[str, _Array]
    quality: dict[str, tuple[float, ...]]
    kept: tuple[KeptSample, ...]
    notes: tuple[str, ...]
    voice_salt: str = ""


def _pack(arrays: Mapping[str, FloatArray]) -> dict[str, _Array]:
    return {
        model: _Array(rows=len(a), columns=a.shape[1], data=base64.b64encode(a.astype("<f4").tobytes()).decode())
        for model, a in arrays.items()
    }


def _unpack(arrays: Mapping[str, _Array]) -> dict[str, FloatArray]:
    return {
        model: np.frombuffer(base64.b64decode(a.data, validate=True), "<f4")
        .reshape(a.rows, a.columns)
        .astype(np.float32)
        for model, a in arrays.items()
    }


def to_bytes(person: Enrolled) -> bytes:
    """The record, unencrypted: seal it before it is written anywhere."""
    record = _Record(
        id=person.id,
        name=person.name,
        enrolled=person.enrolled,
        consent=person.consent,
        history=person.history,
        faces=_pack(person.faces),
        voices=_pack(person.voices),
        quality={model: tuple(float(q) for q in values) for model, values in person.quality.items()},
        kept=person.kept,
        notes=person.notes,
        voice_salt=person.voice_salt,
    )
    data = record.model_dump_json().encode()
    return data.ljust(-(-len(data) // PAD) * PAD)


def from_bytes(data: bytes) -> Enrolled:
    """The person in a record.

    Raises:
        PeopleError: it is not a record, or from a newer Discreet.
    """
    try:
        record = _Record.model_validate_json(data)
        return Enrolled(
            id=record.id,
            name=record.name,
            consent=record.consent,
            faces=_unpack(record.faces),
            voices=_unpack(record.voices),
            quality={model: np.asarray(values, np.float32) for model, values in record.quality.items()},
            history=record.history,
            kept=record.kept,
            enrolled=record.enrolled,
            notes=record.notes,
            voice_salt=record.voice_salt,
        )
    except (ValidationError, ValueError, binascii.Error):
        # `from None`: pydantic's message quotes what it read, a name or a template.
        raise PeopleError("the record is damaged, or from a newer Discreet", "update Discreet") from None
