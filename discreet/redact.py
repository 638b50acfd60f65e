"""Sound alone: private words found, listed, reviewed, taken out.

Nobody is told apart here: voices stay as they are, and consent is not asked. That is what ``process`` is for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from capture import MediaInfo, SoundWriter, refuse_overwrite, sound_suffix_for
from diarization import Fusion
from discreet.config.models import require_word_models
from discreet.config.settings import Settings
from discreet.pipeline.context import RunContext
from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.render import LEAST_LEFT, in_channels, safe_sound
from discreet.pipeline.runner import StageRunner
from discreet.pipeline.source import Source, open_source
from discreet.pipeline.stages import Stages
from discreet.progress import Ui
from discreet.results.review_file import Review, ReviewError, read_review
from redaction import Kokoro, SurrogateChooser, cuts_of, operator, speak_surrogates
from registered import Registry
from timeline import InputError, ModelError, UnsafeError
from weights import Store


@dataclass(frozen=True, slots=True)
class RedactionRun:
    """A recording whose words were searched for what is private.

    Attributes:
        source: the recording.
        plan: what is to be taken out of it. Its repr shows no word.
    """

    source: Source
    plan: RedactionPlan


def open_sound(path: Path, settings: Settings) -> Source:
    """The recording ``path``. Raises InputError unless there is sound in it."""
    source = open_source(path, settings.capture)
    if not source.info.has_audio:
        raise InputError(f"{path} has no sound", "give a recording of people talking")
    return source


def safe_path(info: MediaInfo) -> Path:
    """Where the safe sound goes unless the user says: beside the recording."""
    return info.path.with_name(f"{info.path.stem}-safe{sound_suffix_for(info)}")


def listen(path: Path, context: RunContext, ui: Ui) -> RedactionRun:
    """Find what is private in what is said, and listen again to make sure that it is gone.

    Raises:
        InputError: there is no sound, or it cannot be read.
        ModelError: a model is missing or damaged.
        PeopleError: the enrolled people cannot be read.
    """
    source = open_sound(path, context.settings)
    require_word_models(context.store, context.settings)  # a missing model is said before any work is done
    stages = Stages(source, context, StageRunner(ui, None, source.info.duration))
    speech = stages.words()
    plan = stages.verify(stages.surrogates(stages.privacy(speech, Fusion([], [], {}))))
    plan = replace(plan, redactions=sorted(plan.redactions, key=lambda r: (r.start, r.end)))
    return RedactionRun(source, plan.noted(*source.info.notes, *source.notes()))


def reviewed(
    path: Path, review: Path, settings: Settings, store: Store, people: Callable[[], Registry]
) -> RedactionRun:
    """What a person decided about a recording, and what is spoken in the place of names. Nothing is listened to again.

    Args:
        path: the recording.
        review: the review file.
        settings: operators.
        store: holds the voice that speaks names; only needed where a name is to be spoken.
        people: opens the registry; only called where a name is to be spoken, which may be that of nobody enrolled.

    Raises:
        InputError: there is no sound, or it cannot be read.
        ModelError: a name is to be spoken, and the voice for it is not in the store.
        PeopleError: a name is to be spoken, and the enrolled people cannot be read.
        ReviewError: the review cannot be read, is not whole, belongs to another recording, has a row that would take
            nothing out, or has a name spoken that is, or sounds like, one of somebody enrolled.
    """
    source = open_sound(path, settings)
    decided = read_review(review, source.sha256)
    decided.check(review, source.info.audio_end, lambda name: operator(name, settings.redaction))
    if decided.surrogates():
        _check_surrogates(decided, review, store, people)
    redactions, clips = speak_surrogates(
        source.sound, decided.redactions(), decided.surrogates(), lambda: Kokoro.from_store(store)
    )
    notes = ["What was taken out is what the review says; it was not listened to again."]
    return RedactionRun(source, RedactionPlan(redactions=redactions, notes=notes, clips=clips))


def _check_surrogates(decided: Review, review: Path, store: Store, people: Callable[[], Registry]) -> None:
    try:
        store.require(["kokoro"])
    except ModelError as error:
        raise ModelError(str(error), f'{error.remedy}\nOr write operator = "beep" in {review}.') from error
    registry = people()
    free = SurrogateChooser(registry.secret("surrogates"), [person.name for person in registry.people()])
    for id, names in decided.surrogates().items():
        if not all(free.allows(name) for name in names):
            raise ReviewError(
                f"review {review}: what {id} says is, or sounds like, the name of somebody enrolled",
                "choose another name of the list",
            )


def write_safe(run: RedactionRun, target: Path, settings: Settings, ui: Ui, *, overwrite: bool = False) -> None:
    """Write the sound of the recording without what is private; nothing of its tags is taken over.

    A surrogate for which there is no clip is a beep.

    Raises:
        InputError: the recording cannot be read after all.
        OutputError: the result cannot be written; nothing of it is left.
        UnsafeError: all of it is to be removed, or an operator is not there.
    """
    info, audio, plan = run.source.info, run.source.sound, run.plan
    refuse_overwrite(target, info.path, overwrite=overwrite)
    cuts = cuts_of(plan.redactions)
    if cuts and cuts(info.audio_end) < LEAST_LEFT:
        raise UnsafeError(
            "the policy removes private words, and the whole recording is private",
            "choose beep or silence in the policy",
        )
    rate, channels = info.sample_rate or audio.sample_rate, min(2, max(1, info.channels))
    progress = ui.stage("Safe sound")
    with SoundWriter(target, rate, channels, info.audio_codec) as writer:
        safe = safe_sound(audio, plan.redactions, settings, plan.clips)
        for start, block in in_channels(safe, audio.sample_rate, rate, channels):
            writer.write(block)
            progress(min(0.99, start / max(info.audio_end, 1e-9)))
    progress(1.0)
