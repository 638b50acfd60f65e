"""A check for the gate: listens for private words in the sound of a media file that is about to be shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from capture import mono_sound, probe
from discreet.config.settings import Settings
from discreet.pipeline.amplify import Normalised
from redaction import Transcriber
from sharing import Finding, Terms
from timeline import Timeline
from weights import Store

WINDOW = 6
"""Most words that are searched at once, and so the longest term of a deny list that is found when spoken."""


@dataclass(frozen=True, slots=True)
class SpokenTerms:
    """Listens for terms that must not be heard, with the recogniser that also checks redactions.

    Attributes:
        store: the models.
        settings: which recogniser listens, and how the sound is read.
        terms: what must not be heard.
    """

    store: Store
    settings: Settings
    terms: Terms

    def __call__(self, path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        """One finding for each term heard. Raises InputError or ModelError if it could not be listened to."""
        if path.suffix not in (".mp4", ".m4a", ".wav") or not len(self.terms):
            return []
        info = probe(path, self.settings.capture)
        if not info.has_audio:
            return []
        sound = Normalised(mono_sound(path, info, self.settings.capture))
        words = list(Transcriber.from_store(self.store, self.settings.redaction.for_proof())(sound))
        found, at = [], 0
        while at < len(words):
            run = words[at : at + WINDOW]
            length = next((n for n in range(1, len(run) + 1) if self.terms.in_text(_text(run[:n]))), 0)
            if length:
                # The term ends with the shortest run that contains it; it begins at the last word with which it is
                # still found.
                first = max(k for k in range(length) if self.terms.in_text(_text(run[k:length])))
                place = f"{run[first].start:.1f} to {run[length - 1].end:.1f} s"
                found.append(
                    Finding(
                        kind="word", file=name, place=place, score=0.9, reason="a private word is heard", remedy=_REMEDY
                    )
                )
            at += length or 1
        return found


_REMEDY = "add it with --deny and make the recording safe again"


def _text(words: Sequence[object]) -> str:
    return " ".join(str(getattr(word, "text", "")) for word in words)
