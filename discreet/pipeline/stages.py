"""The stages of a run. Each takes values and returns a value; the runner shows, measures and stores them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from capture import UnspliceableError
from diarization import Diarization, Fusion
from discreet.pipeline import serialise
from discreet.pipeline.channel_transcripts import TRANSCRIPTS, fill_unheard, with_view_words
from discreet.pipeline.context import RunContext
from discreet.pipeline.faces import find_faces
from discreet.pipeline.mouth_covers import mouth_plan
from discreet.pipeline.people import find_people
from discreet.pipeline.privacy import RedactionPlan, covered, find_private
from discreet.pipeline.render import RenderPlan, render
from discreet.pipeline.render_again import Earlier, RenderAgain, Rendered, RenderTarget
from discreet.pipeline.render_fingerprint import FINGERPRINT, render_fingerprint
from discreet.pipeline.resynthesis import OtherVoices, OtherVoicesStage
from discreet.pipeline.runner import StageRunner
from discreet.pipeline.serialise import Faces
from discreet.pipeline.serialise_plan import PLAN
from discreet.pipeline.source import Source
from discreet.pipeline.speech import diarize, find_speech, transcribe, transcribe_views
from discreet.pipeline.verification import listen_again, speak_names
from redaction import PiiFinder, Transcript
from timeline import Progress, log_step

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Speech:
    """What the sound of a recording holds.

    Attributes:
        diarization: who speaks when.
        transcript: what is said; None if nothing was transcribed.
        beside: what is said in the other mixes, see :attr:`Source.views`.
        finder: returns the finder of private words. It takes seconds to load, so it is loaded while faces are analysed.
    """

    diarization: Diarization
    transcript: Transcript | None
    beside: tuple[Transcript, ...]
    finder: Callable[[], PiiFinder]


PLAN_STAGE = "plan"
RENDERED = "rendered"
"""What is stored of the safe recording: its marks."""
NO_SPEECH = Diarization(turns=[], embeddings={}, speech=[], model="")


class Stages:
    """The stages of one run.

    Args:
        source: the recording.
        context: settings, models and people.
        runner: shows, measures and stores each stage.
    """

    def __init__(self, source: Source, context: RunContext, runner: StageRunner) -> None:
        self._source, self._context, self._runner = source, context, runner

    def faces(self) -> Faces:
        """Every face over time."""
        source, context = self._source, self._context
        if not source.info.has_video:
            return Faces([], np.zeros(0))
        if source.sidecars is not None and (faces := source.sidecars.faces(context.answers)) is not None:
            return faces
        return self._runner.kept("faces", "Faces", serialise.FACES, lambda p: find_faces(source, context, p))

    def speech(self) -> Speech:
        """Who speaks when, and what is said."""
        source, context = self._source, self._context
        finder = functools.cache(self._pii_finder)
        if not source.info.has_audio:
            return Speech(NO_SPEECH, Transcript([]), (), finder)
        diarization = self._runner.kept(
            "speakers", "Speakers", serialise.DIARIZATION, lambda p: diarize(source, context, p)
        )
        if not context.settings.process.words:
            return Speech(diarization, None, (), finder)
        return self._words(diarization, finder)

    def words(self) -> Speech:
        """What is said, without who says it."""
        source, context = self._source, self._context
        finder = functools.cache(self._pii_finder)
        speech = self._runner.measured("speech", "Speech", lambda p: find_speech(source, context, p))
        diarization = replace(NO_SPEECH, speech=speech)
        if not context.settings.process.words:
            return Speech(diarization, None, (), finder)
        return self._words(diarization, finder)

    def people(self, diarization: Diarization, faces: Faces) -> Fusion:
        """The people of the recording and their turns."""
        return find_people(self._context, diarization, faces.tracks)

    def plan(self, speech: Speech, people: Fusion) -> RedactionPlan:
        """The final redaction plan: the three stages below, stored together."""
        return self._runner.part(PLAN_STAGE, PLAN, lambda: self.verify(self.surrogates(self.privacy(speech, people))))

    def privacy(self, speech: Speech, people: Fusion) -> RedactionPlan:
        """What must not be heard or read."""
        diarization, transcript = speech.diarization, speech.transcript
        if transcript is not None:
            transcript = fill_unheard(transcript, speech.beside)
        plan = find_private(speech.finder, self._context.settings, transcript, diarization.speech, people)
        plan = with_view_words(plan, speech.finder, speech.beside, diarization.speech)
        if transcript is None or not self._source.mixed:
            return plan
        heard = (word for each in (transcript, *speech.beside) for word in each.words)
        return replace(plan, heard=tuple(heard))

    def surrogates(self, plan: RedactionPlan) -> RedactionPlan:
        """The plan with surrogates spoken in place of private names, if the policy asks for that."""
        if not any(redaction.operator == "surrogate" for redaction in plan.redactions):
            return plan
        return self._runner.measured(
            "surrogates", "Surrogates", lambda _: speak_names(self._source, self._context, plan)
        )

    def verify(self, plan: RedactionPlan) -> RedactionPlan:
        """The plan after a check by ear: none of its private words may still be heard."""
        if not (plan.said or plan.heard):
            return plan
        if not self._context.settings.redaction.proof:
            return plan.noted("What was redacted was not listened to again: redaction.proof is off.")
        proof = self._runner.kept(
            "proof",
            "Check by ear",
            serialise.VERIFICATION,
            lambda p: listen_again(self._source, self._context, plan, p),
        )
        return replace(plan, redactions=proof.redactions).noted(*proof.notes())

    def verify_added(self, plan: RedactionPlan, added: Collection[str]) -> RedactionPlan:
        """The plan after a check by ear of what people added to it; the rest is not checked again.

        Args:
            plan: all redactions.
            added: ids of its redactions that were not checked yet.
        """
        new = replace(plan, said={id: words for id, words in plan.said.items() if id in added})
        if not new.said or not self._context.settings.redaction.proof:
            return plan
        proof = self._runner.measured(
            "proof", "Check by ear", lambda p: listen_again(self._source, self._context, new, p)
        )
        return replace(plan, redactions=proof.redactions).noted(*proof.notes())

    def voices(self, people: Fusion, plan: RedactionPlan) -> OtherVoices:
        """Which voices are heard, and what is said again in other voices."""
        stage = OtherVoicesStage(self._source, self._context, self._runner)
        return self._runner.measured("voices", "Other voices", lambda p: stage(people, plan, p))

    def render(
        self, faces: Faces, people: Fusion, plan: RedactionPlan, voices: OtherVoices, target: RenderTarget
    ) -> Rendered:
        """Write the safe recording.

        Where an earlier recording is given, everything that is the same is copied from it.
        """
        settings, runner = self._context.settings, self._runner
        mouths = mouth_plan(faces.tracks, plan.redactions, people.track_person) if settings.process.lips else None
        wanted = RenderPlan(faces, voices.plan, plan.redactions, voices.clips, mouths, voices.track)
        return runner.measured("render", "Safe recording", lambda p: self._rendered(wanted, target, p))

    def _rendered(self, plan: RenderPlan, target: RenderTarget, progress: Progress) -> Rendered:
        source, settings, runner = self._source, self._context.settings, self._runner
        marks, unseen = render_fingerprint(source, settings, plan), 0
        before = runner.kept_part(RENDERED, FINGERPRINT) if target.earlier is not None else None
        made = None
        if target.earlier is not None and before is not None and before.digest == target.mark:
            again = RenderAgain(source, settings, plan, Earlier(target.earlier, before), marks)
            try:
                made = again(target.path, progress)
            except UnspliceableError as error:
                log_step("recording coded as a whole", str(error))
        if made is None:
            written = render(source, target.path, settings, plan, progress)
            made, unseen = replace(marks, sound=written.sound), written.unseen
        runner.keep(RENDERED, FINGERPRINT, made)
        # Pictures that nobody looked at are in no plan: such a recording is never copied from.
        return Rendered(unseen, "" if unseen else made.digest)

    def _words(self, diarization: Diarization, finder: Callable[[], PiiFinder]) -> Speech:
        source, context = self._source, self._context
        transcript = self._runner.kept(
            "words", "Words", serialise.TRANSCRIPT, lambda p: transcribe(source, context, diarization.speech, p)
        )
        if transcript.words and covered(transcript) and not self._runner.holds(PLAN_STAGE):
            finder()
        beside: list[Transcript] = []
        if source.views:
            beside = self._runner.kept(
                "channels",
                "Words of single channels",
                TRANSCRIPTS,
                lambda p: transcribe_views(source, context, transcript.language, p),
            )
        return Speech(diarization, transcript, tuple(beside), finder)

    def _pii_finder(self) -> PiiFinder:
        names = [person.name for person in self._context.people]
        return PiiFinder.from_store(self._context.store, self._context.settings.redaction, names)


def parallel(first: Callable[[], A], second: Callable[[], B], stop: Callable[[], Any]) -> tuple[A, B]:
    """The results of both, run in parallel: faces are limited by pictures, speech by sound, and there are two cores.

    Args:
        first: a stage.
        second: another stage.
        stop: called when one of them raised, so that the other ends soon, too. The exception is raised again.
    """
    with ThreadPoolExecutor(2, thread_name_prefix="stage") as pool:
        one, other = pool.submit(first), pool.submit(second)
        both: list[Future[Any]] = [one, other]
        try:
            wait(both, return_when=FIRST_EXCEPTION)
            for future in (f for f in both if f.done()):
                future.result()
            return one.result(), other.result()
        except BaseException:
            stop()
            raise
