"""Redaction plans as bytes and back. The bytes hold private words, so they are only ever stored sealed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.serialise import Serialiser, pack, unpack
from redaction import Clip, SurfaceForms
from timeline import Redaction, Word

_WORDS = TypeAdapter(list[Word])
_REDACTIONS = TypeAdapter(list[Redaction])
_SAID = TypeAdapter(dict[str, tuple[Word, ...]])


def encode_plan(plan: RedactionPlan) -> bytes:
    """A plan as bytes."""
    arrays: dict[str, npt.NDArray[Any]] = {f"clip{i}": clip.samples for i, clip in enumerate(plan.clips.values())}
    meta = {
        "words": _WORDS.dump_python(plan.words, mode="json"),
        "redactions": _REDACTIONS.dump_python(plan.redactions, mode="json"),
        "notes": plan.notes,
        "said": _SAID.dump_python(plan.said, mode="json"),
        "forms": plan.forms.rows,
        "clips": [[id, clip.start, clip.text] for id, clip in plan.clips.items()],
        "language": plan.language,
        "spoken": plan.spoken,
    }
    return pack(meta, arrays)


def decode_plan(data: bytes) -> RedactionPlan:
    """Decode the bytes of :func:`encode_plan`. Raises ValueError or KeyError if they are not valid."""
    meta, arrays = unpack(data)
    return RedactionPlan(
        words=_WORDS.validate_python(meta["words"]),
        redactions=_REDACTIONS.validate_python(meta["redactions"]),
        notes=list(meta["notes"]),
        said=_SAID.validate_python(meta["said"]),
        forms=SurfaceForms.of_rows(meta["forms"]),
        clips={
            id: Clip(start, np.asarray(arrays[f"clip{i}"], np.float32), text)
            for i, (id, start, text) in enumerate(meta["clips"])
        },
        language=meta["language"],
        spoken=tuple(meta["spoken"]),
    )


PLAN = Serialiser(encode_plan, decode_plan)
