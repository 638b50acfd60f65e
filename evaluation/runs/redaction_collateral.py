"""What redaction costs the words around it, and what is still heard, on real read speech with random private words.

The utterances of each voice in ``../shared/media`` are joined into one recording, and some words are treated as
private. Recognisers transcribe the recording before and after. A recogniser never gives the same text twice, so lost
words are compared with those that are lost when nothing is redacted and noise is added 60 dB below the speech: *raw*
minus *alone* is *net*, the share that redaction causes. One listener is the product's, which also verifies; the other
is not used by it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.data.media import MEDIA
from evaluation.data.read_speech import recording
from evaluation.metrics.audible_leaks import heard_again, redacted
from redaction import PrivateSpan, RedactionSettings, Transcriber, verify
from redaction.text import RedactedWords, bare_word, redact
from timeline import ArrayAudio, Word
from weights import Store

OTHER = "whisper-tiny-en"
"""A listener that the product does not verify with."""
EITHER = "either"
"""All listeners together: a private word is heard if one of them hears it, another word is lost if none does."""
_SHARE = 12
_NEAR = 0.5
"""Seconds within which a recognised word may be the one recognised before."""
_NOISE = 10 ** (-60 / 20)


@dataclass
class Count:
    """Words: private ones and how many of them are heard again; others and how many of them are lost."""

    private: int = 0
    heard: int = 0
    others: int = 0
    lost: int = 0

    def add(self, words: Sequence[Word], chosen: Sequence[Word], again: Sequence[Word]) -> None:
        """Count one recording: ``words`` as this listener heard them before, of which ``chosen`` are private."""
        gone = [w for w in words if any(w.start < c.end and w.end > c.start for c in chosen)]
        rest = [w for w in words if w not in gone]
        spoken = [c for c in chosen if heard_again(c.text, c.start, c.end, words)]
        self.private += len(spoken)
        # "And" sounds like "into" to a coarse key: words of the rest heard there are not the private word heard again.
        new = [w for w in again if not any(_same(w, other) for other in rest)]
        self.heard += sum(heard_again(c.text, c.start, c.end, new) for c in spoken)
        self.others += len(rest)
        self.lost += sum(not heard_again(w.text, w.start, w.end, again) for w in rest)

    @property
    def loss(self) -> float:
        """Share of the other words that are lost."""
        return self.lost / max(1, self.others)

    @property
    def leak(self) -> float:
        """Share of the private words that are heard again."""
        return self.heard / max(1, self.private)


def _same(a: Word, b: Word) -> bool:
    near = abs(a.start + a.end - b.start - b.end) < 2 * _NEAR
    return near and bare_word(a.text).lower() == bare_word(b.text).lower()


def private_words(words: Sequence[Word], voice: str) -> list[int]:
    """Indices of the words treated as private: a twelfth, of four letters or more, said once, and understood."""
    plain = [bare_word(w.text).lower() for w in words]
    fit = [i for i, w in enumerate(plain) if len(w) >= 4 and plain.count(w) == 1 and words[i].confidence > 0.5]
    return sorted(random.Random(voice).sample(fit, min(len(fit), max(1, len(words) // _SHARE))))


def measure(store: Store, settings: RedactionSettings, voices: Sequence[str]) -> None:
    """Print leaks and losses on ``voices``, for both listeners, with and without the proof."""
    voices = [v for v in voices if (MEDIA / "voices" / v).is_dir()]
    if not voices:
        print("collateral: skipped, ../shared/media/voices is absent")
        return
    settings = settings.model_copy(update={"language": "en"})
    own, prover = (Transcriber.from_store(store, s) for s in (settings, settings.for_proof()))
    listeners: dict[str, Transcriber] = {settings.asr: own}
    if store.has(OTHER) and settings.asr != OTHER:
        listeners[OTHER] = Transcriber.from_store(store, settings.model_copy(update={"asr": OTHER}))
    names = [*listeners, EITHER] if len(listeners) > 1 else [*listeners]
    counts = {(name, kind): Count() for name in names for kind in ("alone", "redacted", "proved")}
    seconds = listened = 0.0
    widened = silenced = 0
    for voice in voices:
        audio = recording(voice)
        before = {name: listen(audio) for name, listen in listeners.items()}
        words = before[settings.asr]
        indices = private_words(words, voice)
        chosen = [words[i] for i in indices]
        done: RedactedWords = redact(words, [PrivateSpan(i, i, "PERSON", 1.0, "chosen") for i in indices], settings)
        proof = verify(prover, audio, done, settings)
        seconds, listened = seconds + audio.duration, listened + proof.listened
        widened, silenced = widened + proof.widened, silenced + proof.silenced
        sounds = {
            "alone": _noisy(audio),
            "redacted": redacted(audio, done.redactions, settings),
            "proved": redacted(audio, proof.redactions, settings),
        }
        either: dict[str, list[Word]] = {kind: [] for kind in sounds}
        for name, listen in listeners.items():
            again: list[Word] = []
            for kind, sound in sounds.items():
                if kind != "proved" or proof.redactions != done.redactions:  # otherwise it sounds the same
                    again = listen(sound)
                counts[name, kind].add(before[name], chosen, again)
                either[kind] += again
        if EITHER in names:
            for kind, heard in either.items():
                counts[EITHER, kind].add(words, chosen, heard)
        print(f"after {voice}, {seconds:.0f} s in all, operator {settings.action('PERSON')}:")
        for name in names:
            _print(name, {kind: counts[name, kind] for kind in ("alone", "redacted", "proved")})
        print(
            f"  proof: {widened} redacted wider, {silenced} segments silenced; "
            f"{listened / seconds:.2f} of the sound listened to again",
            flush=True,
        )


def _print(name: str, counts: dict[str, Count]) -> None:
    alone = counts["alone"]
    print(f"  {name}: {alone.loss:.3f} of {alone.others} other words lost when nothing is redacted")
    for kind in ("redacted", "proved"):
        c = counts[kind]
        print(
            f"    {kind:8} {c.leak:.3f} of {c.private} private words heard again; "
            f"others lost {c.loss:.3f} raw, {c.loss - alone.loss:.3f} net"
        )


def _noisy(audio: ArrayAudio) -> ArrayAudio:
    power = float(np.sqrt(np.square(audio.samples).mean()))
    noise = np.random.default_rng(5).normal(0, _NOISE * power, len(audio.samples))
    return ArrayAudio((audio.samples + noise).astype(np.float32))
