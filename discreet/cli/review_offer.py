"""What ``discreet review`` offers for a result: what can be decided about it, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from discreet.config.settings import Settings
from discreet.pipeline.context import RunContext
from discreet.pipeline.enrolment import EnrolmentSamples, enrol_samples
from discreet.pipeline.source import open_source
from discreet.process import process
from discreet.progress import Ui
from discreet.results.sealed_details import details, source_token
from discreet.review import PUBLISHED, RerunRecord, ReviewRules, decisions_of, publish, record_of, state_of
from discreet.review.enrolling import samples_of
from discreet.review.originals import Originals
from discreet.review.server import DecisionRoutes, EnrolRequest, KeptResults, Lifetime, Offer, ReviewFolder
from discreet.share.identity_links import links
from discreet.share.project import account
from registered import QUESTIONS, Answers, Consent, Registry
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
        deciding = DecisionRoutes(
            self.folder, self.ground, self.reviewer or account(), lifetime, self.kept, self.published
        )
        record = record_of(self.registry, self.folder.timeline)
        deciding.fixed = record is not None and not record.again
        if record is None or not record.again:
            return Offer(deciding, None, self.publish, originals=self.originals)
        return Offer(deciding, self.render, self.publish, self.enrol, self.originals)

    def ground(self) -> ReviewRules:
        """What decisions rest on, as it is now. Raises PeopleError if the enrolled people cannot be read."""
        timeline = self.folder.timeline
        return ReviewRules.of(timeline, links(self.registry, timeline), self.registry)

    def kept(self) -> KeptResults:
        """What the run kept of its results."""
        record = record_of(self.registry, self.folder.timeline)
        return (
            KeptResults() if record is None else KeptResults(record.leads, record.decisions or KeptResults().made_with)
        )

    def published(self) -> bool:
        """Whether the results are published as they are. Raises InputError if there are none."""
        there = (self.folder.path / PUBLISHED).exists()
        return there and state_of(self.folder.path, self.registry) == "published"

    def publish(self) -> None:
        """Publish the results. Raises as :func:`discreet.review.publish`."""
        publish(self.folder.path, self.registry)

    def render(self, ui: Ui) -> None:
        """Make the results again, as people decided.

        Raises:
            InputError: what was kept of the results is gone, or so is the recording.
            DiscreetError: whatever :func:`discreet.process.process` raises.
        """
        _, decisions = decisions_of(self.folder.path)
        record = self._record()
        context = RunContext.of(Settings.model_validate(record.settings), self.store, self.registry)
        process(Path(record.recording), self.folder.path, context, ui, overwrite=True, decisions=decisions)

    def enrol(self, wanted: EnrolRequest) -> None:
        """Enrol somebody of the recording, from the recording itself.

        Raises:
            InputError: the recording is gone or was changed, or nothing in it is good enough.
            PeopleError: the name is taken, or too little is good; every problem is told.
            ModelError: a model is missing.
        """
        timeline, record = self.folder.timeline, self._record()
        settings = Settings.model_validate(record.settings)
        source = open_source(Path(record.recording), settings.capture, self.registry.vault)
        if source_token(self.registry, source.sha256) != timeline.provenance.source:
            raise InputError("the recording was changed since these results were made", "process it again")
        samples = samples_of(wanted.person, details(self.registry, timeline) or timeline, source)
        answers = Answers(**{question: question in wanted.consent for question in QUESTIONS})
        consent = Consent.granting(answers, purpose=wanted.purpose)
        parts = EnrolmentSamples(videos=samples.videos, clips=samples.clips)
        enrol_samples(self.registry, self.store, settings, wanted.name, parts, consent)

    def _record(self) -> RerunRecord:
        record = record_of(self.registry, self.folder.timeline)
        if record is None:
            raise InputError(
                "the data that Discreet kept to make these results again is missing",
                "use discreet process RECORDING --decisions FILE",
            )
        return record
