"""Sound alone: private words found, listed, reviewed, taken out.

Nobody is told apart here: voices stay as they are, and consent is not asked. That is what ``process`` is for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from capture import MediaInfo, SoundWriter, listened_sound, probe, sound_suffix_for, spare
from diarization import Fusion
from discreet.config.settings import Settings
from discreet.pipeline.beside import filled, with_beside
from discreet.pipeline.privacy import RedactionPlan, find_private
from discreet.pipeline.render import LEAST_LEFT, in_channels, safe_sound
from discreet.pipeline.stages import Stages
from discreet.process import source_hash
from discreet.progress import Ui
from discreet.results.review import ReviewError, read_review
from redaction import Clip, Kokoro, Surrogates, Transcript, cuts_of, speak_surrogates
from registered import Registry
from timeline import InputError, ModelError, Progress, Redaction, UnsafeError
from weights import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RedactionRun:
    """A recording whose words were looked at.

    Attributes:
        source: the recording.
        info: what it holds.
        sha256: of the file.
        private: what is to be taken out of it, with what was said there. Its repr shows no word.
    """

    source: Path
    info: MediaInfo
    sha256: str
    private: RedactionPlan


def opened(source: Path, settings: Settings) -> MediaInfo:
    """What the recording holds. Raises InputError unless there is sound in it."""
    info = probe(source, settings.capture)
    if not info.has_audio:
        raise InputError(f"{source} has no sound", "give a recording of people talking")
    return info


def safe_path(info: MediaInfo) -> Path:
    """Where the safe sound goes unless the user says: beside the recording."""
    return info.path.with_name(f"{info.path.stem}-safe{sound_suffix_for(info)}")


def listen(source: Path, settings: Settings, store: Store, registry: Registry, ui: Ui) -> RedactionRun:
    """Find what is private in what is said, and prove by listening again that it is gone.

    Raises:
        InputError: there is no sound, or it cannot be read.
        ModelError: a model is missing or damaged.
        PeopleError: the enrolled people cannot be read.
    """
    info = opened(source, settings)
    rooms = Stages(settings, store, registry)
    rooms.model_hashes()  # a missing model is said before any work is done
    speech = _staged(ui, "Speech", lambda progress: rooms.speech(source, info, progress))
    if not settings.process.words:
        nobody = find_private(rooms.pii_finder, settings, None, speech, Fusion([], [], {}))
        return RedactionRun(source, info, source_hash(source), nobody)
    transcript = _staged(ui, "Words", lambda progress: rooms.words(source, info, speech, progress))
    finder, beside = functools.cache(rooms.pii_finder), list[Transcript]()
    if rooms.views(source, info):
        beside = _staged(
            ui, "Words of single channels", lambda p: rooms.words_beside(source, info, transcript.language, p)
        )
        transcript = filled(transcript, beside)
    private = find_private(finder, settings, transcript, speech, Fusion([], [], {}))
    private = with_beside(private, finder, beside, speech)
    if any(r.operator == "surrogate" for r in private.redactions):
        redactions, clips = _staged(
            ui, "Other names", lambda _: rooms.surrogates(source, info, transcript.words, private)
        )
        private = replace(private, redactions=redactions, clips=clips)
    if private.said and settings.redaction.proof:
        proof = _staged(
            ui, "Check by ear", lambda progress: rooms.verify(source, info, transcript.language, private, progress)
        )
        private = replace(private, redactions=proof.redactions).noted(*proof.notes())
    elif private.said:
        private = private.noted("What was redacted was not listened to again: redaction.proof is off.")
    private = replace(private, redactions=sorted(private.redactions, key=lambda r: (r.start, r.end)))
    private = private.noted(*info.notes, *rooms.channel_notes(source, info))
    return RedactionRun(source, info, source_hash(source), private)


def reviewed(
    source: Path, settings: Settings, review: Path, store: Store, people: Callable[[], Registry]
) -> tuple[MediaInfo, list[Redaction], Mapping[str, Clip]]:
    """What a person decided about a recording, and what is spoken in the place of names. Nothing is listened to again.

    Only a name that is to be spoken needs a model, and ``people``: it may be that of nobody enrolled.

    Raises:
        InputError: there is no sound, or it cannot be read.
        ModelError: a name is to be spoken, and the voice for it is not in the store.
        PeopleError: a name is to be spoken, and the enrolled people cannot be read.
        ReviewError: the review cannot be read, is not whole, belongs to another recording, or has a name spoken that
            is, or sounds like, one of somebody enrolled.
    """
    info = opened(source, settings)
    decided = read_review(review, source_hash(source))
    if wanted := decided.surrogates():
        try:
            store.require(["kokoro"])
        except ModelError as error:
            raise ModelError(str(error), f'{error.remedy}\nOr write operator = "beep" in {review}.') from error
        registry = people()
        free = Surrogates(registry.secret("surrogates"), [person.name for person in registry.people()])
        for id, names in wanted.items():
            if not all(free.allows(name) for name in names):
                raise ReviewError(
                    f"review {review}: what {id} says is, or sounds like, the name of somebody enrolled",
                    "choose another name of the list",
                )
    audio = listened_sound(source, info, settings.capture)
    redactions, clips = speak_surrogates(
        audio, decided.redactions(), decided.surrogates(), lambda: Kokoro.from_store(store)
    )
    return info, redactions, clips


def write_safe(
    info: MediaInfo,
    target: Path,
    redactions: Sequence[Redaction],
    settings: Settings,
    ui: Ui,
    *,
    clips: Mapping[str, Clip] | None = None,
    overwrite: bool = False,
) -> None:
    """Write the sound of the recording without what is private; nothing of its tags is taken over.

    A surrogate for which there is no clip is a beep.

    Raises:
        InputError: the recording cannot be read after all.
        OutputError: the result cannot be written; nothing of it is left.
        UnsafeError: all of it is to be removed, or an operator is not there.
    """
    spare(target, info.path, overwrite=overwrite)
    cuts = cuts_of(redactions)
    if cuts and cuts(info.audio_end) < LEAST_LEFT:
        raise UnsafeError("all of the recording is private and to be removed", "choose beep or silence in the policy")
    audio = listened_sound(info.path, info, settings.capture)
    rate, channels = info.sample_rate or audio.sample_rate, min(2, max(1, info.channels))
    progress = ui.stage("Safe sound")
    with SoundWriter(target, rate, channels, info.audio_codec) as writer:
        safe = safe_sound(audio, redactions, settings, clips)
        for start, block in in_channels(safe, audio.sample_rate, rate, channels):
            writer.write(block)
            progress(min(0.99, start / max(info.audio_end, 1e-9)))
    progress(1.0)


def _staged(ui: Ui, title: str, work: Callable[[Progress], T]) -> T:
    progress = ui.stage(title)
    done = work(progress)
    progress(1.0)
    return done
