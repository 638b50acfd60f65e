"""What ``discreet review`` offers for a result: what can be decided about it, and what can be done."""

from __future__ import annotations

from pathlib import Path

from capture import CaptureSettings
from discreet.review import Ground, decisions_of
from discreet.review.originals import Originals
from discreet.review.server import Deciding, Lifetime, Offer, ReviewFolder
from discreet.share.links import links
from discreet.share.project import account
from registered import Registry


def originals(
    folder: ReviewFolder, registry: Registry, recording: Path, project: str, capture: CaptureSettings
) -> Originals:
    """What lies behind the redactions. Raises as :meth:`discreet.review.originals.Originals.open`."""
    return Originals.open(recording, folder.timeline, registry, project, capture)


def offer(
    folder: ReviewFolder,
    registry: Registry,
    reviewer: str | None,
    lifetime: Lifetime,
    originals: Originals | None = None,
) -> Offer:
    """The offer for the results in ``folder``.

    Args:
        folder: what is reviewed.
        registry: of the people.
        reviewer: who decides; None: the system account.
        lifetime: of the review.
        originals: what lies behind the redactions, for who may see it.

    Raises:
        DecisionsError: the decisions beside the results belong to another recording, or cannot be read.
        PeopleError: the enrolled people cannot be read.
    """
    if not folder.timeline.provenance.source:  # of an earlier version: decisions could not be bound to the recording
        return Offer(originals=originals)
    decisions_of(folder.path)

    def ground() -> Ground:
        return Ground.of(folder.timeline, links(registry, folder.timeline), registry)

    ground()
    return Offer(Deciding(folder, ground, {}, reviewer or account(), lifetime), originals=originals)
