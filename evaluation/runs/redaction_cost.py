"""What the words room costs with verification, by stage: CPU seconds for each second of sound.

There are two kinds of sound: read speech of ``../shared/media``, little of which is private, and the sentences of
:mod:`evaluation.runs.spoken_pii`, each with something private, so that verification listens to nearly all of it again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from diarization import SpeechFinder
from discreet.config import Settings
from evaluation.data.media import MEDIA
from evaluation.data.read_speech import TEST, recording
from evaluation.runs.redaction_stages import Kept, work
from redaction import PiiFinder, Transcriber
from timeline import ArrayAudio
from weights import Store

MARK = 0.20
"""Most CPU seconds for each second of sound with Whisper base."""


def read() -> list[ArrayAudio]:
    """Read speech, a recording for each of two voices; none if the media are absent."""
    return [recording(voice) for voice in TEST[:2] if (MEDIA / "voices" / voice).is_dir()]


def cost(name: str, sounds: Sequence[ArrayAudio], store: Store, settings: Settings) -> None:
    """Print the room's cost for ``sounds``; ``name`` is printed with it."""
    if not sounds:
        print(f"cost, {name}: skipped, its sound is absent")
        return
    started = time.process_time()
    # The model for the proof is loaded separately, as in a run of the program.
    words, prover = (Transcriber.from_store(store, s) for s in (settings.redaction, settings.redaction.for_proof()))
    finder, speech = PiiFinder.from_store(store, settings.redaction), SpeechFinder.from_store(store)
    loading = time.process_time() - started
    spent: dict[str, float] = {}
    seconds = listened = 0.0
    private = 0
    for audio in sounds:
        done = work(audio, speech, Kept(words, "words", None), finder, settings, Kept(prover, "proof", None))
        seconds, listened = seconds + audio.duration, listened + done.proof.listened
        private += len(done.private.said)
        for stage, took in done.seconds.items():
            spent[stage] = spent.get(stage, 0.0) + took
    total = sum(spent.values())
    again = spent["proof"] / max(1e-9, spent["words"])
    print(
        f"cost, {name}: {seconds:.0f} s, {private} private spans, RTF {total / seconds:.3f} (CPU; mark {MARK}): "
        + ", ".join(f"{stage} {took / seconds:.3f}" for stage, took in spent.items())
    )
    print(
        f"  proof {again:.2f} of words: {listened / seconds:.2f} of the sound was listened to; "
        f"loading all models {loading:.1f} s",
        flush=True,
    )
