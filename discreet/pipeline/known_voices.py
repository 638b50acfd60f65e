"""Whether a made voice is like that of somebody who is enrolled: nobody is said in the voice of another real person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from diarization import make_voiceprint
from registered import Gallery
from timeline import FloatArray
from voice.resynthesis import SAID_RATE, MixedVoice

if TYPE_CHECKING:
    from discreet.pipeline.context import RunContext

RATE = 16000
MARGIN = 0.75
"""Share of the likeness at which two voices are taken for one that a made voice may reach at most. A made voice says
one short sentence once, so its likeness is not known exactly."""


class KnownVoices:
    """Says of a made voice whether it may be used.

    Args:
        gallery: templates of everybody who is enrolled.
        embed: a voice ``[n]`` at 16 kHz to its embedding ``[D]``, by the network that made the templates.
        same: likeness from which on two voices are taken for one.
        say: a short sentence in a voice, ``[n]`` at 24 kHz.
    """

    def __init__(
        self,
        gallery: Gallery,
        embed: Callable[[FloatArray], FloatArray],
        same: float,
        say: Callable[[MixedVoice], FloatArray],
    ) -> None:
        self._gallery, self._embed, self._same, self._say = gallery, embed, same, say
        self._known: dict[MixedVoice, bool] = {}

    @classmethod
    def of(cls, context: RunContext, say: Callable[[MixedVoice], FloatArray]) -> KnownVoices | None:
        """For everybody enrolled by voice; None where nobody is. Raises ModelError if the voiceprint is missing."""
        settings = context.settings.diarization
        gallery = Gallery.for_voices(context.registry, settings.voiceprint)
        if not len(gallery):
            return None
        voiceprint = make_voiceprint(context.store, settings)
        return cls(gallery, voiceprint, voiceprint.same, say)

    def __call__(self, voice: MixedVoice) -> bool:
        """Whether the voice is like nobody's."""
        if voice not in self._known:
            from scipy.signal import resample_poly

            sound = resample_poly(self._say(voice), RATE // 8000, SAID_RATE // 8000).astype("float32")
            like = float(self._gallery.similarity(self._embed(sound)).max(initial=-1.0))
            self._known[voice] = like < MARGIN * self._same
        return self._known[voice]
