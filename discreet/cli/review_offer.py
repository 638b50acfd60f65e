"""What ``discreet review`` offers for a result: what can be decided about it, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from discreet.config.settings import Settings
from discreet.pipeline.context import RunContext
from discreet.process import process
from discreet.progress import Ui
from discreet.review import Ground, decisions_of, publish, record_of, state_of
from discreet.review.originals import Originals
from discreet.review.server import Deciding, Kept, Lifetime, Offer, ReviewFolder
from discreet.share.links import links
from discreet.share.project import account
from registered import Registry
from timeline import InputError
from weights import Store


@dataclass(frozen=True)
class ReviewOffer:
    """The offer for one result.

    Attributes:
        folder: what is reviewed.
        registry: of the people.
        reviewer: who decides; empty: the system account.
        originals: what lies behind the redactions, for who may see it.
        store: the models.
    """

    folder: ReviewFolder
    registry: Registry
    reviewer: str = ""
    originals: Originals | None = None
    store: Store = field(default_factory=Store)

    def __call__(self, lifetime: Lifetime) -> Offer:
        """What the page offers.

        Raises:
            DecisionsError: the decisions beside the results belong to another recording, or cannot be read.
            PeopleError: the enrolled people cannot be read.
        """
        if not self.folder.timeline.provenance.source:  # of an earlier version: it does not name its recording
            return Offer(originals=self.originals)
        decisions_of(self.folder.path)
        self.ground()
        deciding = Deciding(self.folder, self.ground, self.reviewer or account(), lifetime, self.kept, self.published)
        again = self.render if record_of(self.registry, self.folder.timeline) is not None else None
        return Offer(deciding, again, self.publish, originals=self.originals)

    def ground(self) -> Ground:
        """What decisions rest on, as it is now. Raises PeopleError if the enrolled people cannot be read."""
        timeline = self.folder.timeline
        return Ground.of(timeline, links(self.registry, timeline), self.registry)

    def kept(self) -> Kept:
        """What the run kept of its results."""
        record = record_of(self.registry, self.folder.timeline)
        return Kept() if record is None else Kept(record.leads, record.decisions or Kept().made_with)

    def published(self) -> bool:
        """Whether the results are published as they are. Raises InputError if there are none."""
        return state_of(self.folder.path, self.registry) == "published"

    def publish(self) -> None:
        """Publish the results. Raises as :func:`discreet.review.publish`."""
        publish(self.folder.path, self.registry)

    def render(self, ui: Ui) -> None:
        """Make the results again, as people decided.

        Raises:
            InputError: what was kept of the results is gone, or so is the recording.
            DiscreetError: whatever :func:`discreet.process.process` raises.
        """
        timeline, decisions = decisions_of(self.folder.path)
        record = record_of(self.registry, timeline)
        if record is None:
            raise InputError(
                "what the run kept of these results is gone", "use discreet process RECORDING --decisions FILE"
            )
        context = RunContext.of(Settings.model_validate(record.settings), self.store, self.registry)
        process(Path(record.recording), self.folder.path, context, ui, overwrite=True, decisions=decisions)
