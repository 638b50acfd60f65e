"""Withdrawing consent: templates and kept photos go, but the record stays with four times no, so the name stays known.

:func:`Registry.forget` removes the record, too. Then nobody knows any more that this person did not agree.
"""

from __future__ import annotations

from dataclasses import replace

from registered.consent import Consent
from registered.files import shred
from registered.people import Enrolled
from registered.registry import Registry
from registered.stage_key import destroy


def withdraw(registry: Registry, name_or_id: str) -> Enrolled:
    """Take back everything somebody agreed to, and destroy their templates, photos and clips.

    What stopped runs have kept of anybody becomes unreadable as well.

    Raises:
        PeopleError: there is no such person.
        OutputError: a file cannot be written or removed.
    """
    before = registry.get(name_or_id)
    destroy(registry.folder)
    after = registry.update(before.id, _without_traces)
    for kept in before.kept:
        shred(registry.folder / kept.file)
    return after


def _without_traces(person: Enrolled) -> Enrolled:
    return replace(person.with_consent(Consent(purpose="withdrawn")), faces={}, voices={}, quality={}, kept=())
