"""Merging two records that turn out to be one person: all templates, the stricter answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, replace

from registered.consent import QUESTIONS, Answers, Consent
from registered.people import Enrolled
from timeline import PeopleError

_MOST = 1000


def stricter(one: Consent, other: Consent, today: dt.date | None = None) -> Consent:
    """What both agree to today, until the first of them ends; expired or not yet begun counts as four times no."""
    today = today or dt.date.today()
    both = zip(astuple(one.at(today)), astuple(other.at(today)), strict=True)
    answers = Answers(*(a and b for a, b in both))
    ends = [day for day in (one.expires, other.expires) if day is not None and day > today]
    purposes = "; ".join(dict.fromkeys(text for text in (one.purpose, other.purpose) if text))
    return Consent(
        **dict(zip(QUESTIONS, astuple(answers), strict=True)),
        date=today,
        purpose=purposes[:_MOST],
        expires=min(ends, default=None),
    )


def merged(kept: Enrolled, other: Enrolled, consent: Consent | None = None, today: dt.date | None = None) -> Enrolled:
    """``kept`` with the templates and the history of ``other``; kept photos and clips are not moved.

    Args:
        kept: keeps id and name.
        other: whose templates are added.
        consent: the new consent; None: see :func:`stricter`.
        today: for :func:`stricter`.

    Raises:
        PeopleError: both are the same record, or their templates differ in length.
    """
    if kept.id == other.id:
        raise PeopleError(f"{kept.name!r} and {other.name!r} are already one record", "name two different people")
    try:
        out = kept
        for model, rows in other.faces.items():
            out = out.with_face(model, rows, other.quality[model])
        for model, rows in other.voices.items():
            out = out.with_voice(model, rows, other.quality[model])
    except ValueError:
        raise PeopleError(
            "templates of one model differ in length: they were made by different versions of it",
            "enrol the two again, or forget one",
        ) from None
    history = tuple(sorted((*kept.history, *other.history), key=lambda change: change.recorded))
    day = f"{today or dt.date.today():%Y-%m-%d}"
    out = replace(out, history=history, notes=(*kept.notes, *other.notes, f"merged with another record on {day}"))
    return out.with_consent(consent or stricter(kept.consent, other.consent, today))
