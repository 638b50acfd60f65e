"""All attacks on some folders. What cannot be attacked is said, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from discreet.config.settings import Settings
from discreet.redteam import faces, features, linkage, metadata, timing, voices, words
from discreet.redteam.attack import Attacked, not_attacked
from discreet.redteam.known_people import Known
from discreet.redteam.target import Session, Target
from timeline import DiscreetError, FloatArray, Word, log_error

VOICEPRINTS = ("titanet-l", "titanet-s", "campplus", "ecapa")
"""Embeddings that attack voices, in the order in which they are taken: best one that nothing was tuned on."""


def attack_all(
    targets: Sequence[Target], known: Known, originals: Sequence[Path], store: Any, settings: Settings
) -> list[Attacked]:
    """Every attack, in the order of the report.

    Args:
        targets: what was passed on.
        known: what the attacker knows of people.
        originals: the recordings the sessions were made from, one for each, or none.
        store: ``weights.Store``.
        settings: which models recognise words.
    """
    attacks: list[tuple[str, Callable[[], Attacked]]] = [
        (faces.BARE, lambda: faces.bare_faces(targets, store, settings)),
        (faces.MASKED, lambda: faces.masked_faces(targets, known, _faces(store, settings, known))),
        (voices.KNOWN, lambda: voices.known_voices(targets, known, _embedder(store, settings))),
        (voices.OWN, lambda: voices.own_voices(targets, originals, _embedder(store, settings))),
        (words.TEXT, lambda: words.private_words(targets, _finder(store, settings))),
        (words.SOUND, lambda: words.redacted_words(targets, _listener(store, settings), _sound)),
        (timing.NAME, lambda: timing.timing(targets)),
        (features.NAME, lambda: features.features(targets)),
        ("linkage across folders", lambda: linkage.across_folders(targets)),
        ("linkage with the source", lambda: linkage.with_source(targets)),
        ("metadata", lambda: metadata.hidden_parts(targets)),
        ("known words", lambda: metadata.known_words(targets, known)),
    ]
    return [_made(name, attack) for name, attack in attacks]


def _made(name: str, attack: Callable[[], Attacked]) -> Attacked:
    try:
        return attack()
    except DiscreetError as error:  # such as a model that is not here
        return not_attacked(name, str(error).splitlines()[0])
    except Exception as error:  # an attack that fails has shown nothing, and must not hide the others
        log_error("an attack could not be made", error)
        return not_attacked(name, f"it failed ({type(error).__name__})")


def _faces(store: Any, settings: Settings, known: Known) -> Any:
    if not known.photos:
        return None
    from vision import RECOGNISERS, FaceFinder

    name = next((name for name in reversed(RECOGNISERS) if store.has(name)), RECOGNISERS[0])
    recognise = settings.vision.recognise.model_copy(update={"recogniser": name})
    finder = FaceFinder.from_store(store, settings.vision.model_copy(update={"recognise": recognise}))
    return faces.Recogniser(finder, finder.same)


def _embedder(store: Any, settings: Settings) -> Any:
    from diarization import VoiceEmbedder

    name = next((name for name in VOICEPRINTS if store.has(name)), "campplus")
    return VoiceEmbedder.from_store(store, settings.diarization.model_copy(update={"voiceprint": name}))


def _finder(store: Any, settings: Settings) -> words.Find:
    from redaction import PiiFinder

    return PiiFinder.from_store(store, settings.redaction).find


def _sound(session: Session) -> FloatArray:
    assert session.recording is not None
    return voices.sound_of(session.recording)


def _listener(store: Any, settings: Settings) -> words.Listen:
    from capture import mono_sound, probe
    from redaction import Transcriber

    recogniser = Transcriber.from_store(store, settings.redaction.for_proof())

    def listen(session: Session) -> Sequence[Word]:
        assert session.recording is not None
        info = probe(session.recording, settings.capture)
        heard = recogniser(mono_sound(session.recording, info, settings.capture)) if info.has_audio else ()
        return [Word(start=one.start, end=one.end, text=one.text) for one in heard]

    return listen
