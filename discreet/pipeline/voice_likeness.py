"""Checks that a synthetic voice does not sound like an enrolled person: nobody gets another real person's voice."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from diarization import make_voiceprint
from discreet.pipeline.serialise import Serialiser
from registered import Gallery
from timeline import FloatArray
from voice.resynthesis import SAID_RATE, MixedVoice

if TYPE_CHECKING:
    from discreet.pipeline.context import RunContext

RATE = 16000
MARGIN = 0.75
"""Greatest similarity of a synthetic voice, as a share of the similarity at which two voices count as one. A synthetic
voice is measured on one short sentence, so its similarity is not known exactly.
"""


class KnownVoices:
    """Says whether a synthetic voice may be used.

    Args:
        gallery: templates of everybody who is enrolled.
        embed: turns a voice ``[n]`` at 16 kHz into its embedding ``[D]``, with the network that made the templates.
        same: similarity from which on two voices count as one.
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
        """For everybody enrolled by voice; None if nobody is. Raises ModelError if the voiceprint is missing."""
        settings = context.settings.diarization
        gallery = Gallery.for_voices(context.registry, settings.voiceprint)
        if not len(gallery):
            return None
        voiceprint = make_voiceprint(context.store, settings)
        return cls(gallery, voiceprint, voiceprint.same, say)

    def __call__(self, voice: MixedVoice) -> bool:
        """Whether the voice is similar to nobody's."""
        if voice not in self._known:
            from scipy.signal import resample_poly

            sound = resample_poly(self._say(voice), RATE // 8000, SAID_RATE // 8000).astype("float32")
            like = float(self._gallery.similarity(self._embed(sound)).max(initial=-1.0))
            self._known[voice] = like < MARGIN * self._same
        return self._known[voice]


class CheckedVoices:
    """The same check, which asks again only about voices that no earlier part of the run asked about.

    Args:
        known: whether a voice may be used, by its text, as :attr:`known` was then.
        make: makes the check; called once there is something to ask.

    Attributes:
        known: all that is known now.
    """

    def __init__(self, known: Mapping[str, bool], make: Callable[[], Callable[[MixedVoice], bool]]) -> None:
        self.known, self._make = dict(known), make

    def __call__(self, voice: MixedVoice) -> bool:
        """Whether the voice may be used."""
        text = f"{voice.parts!r} {voice.shift!r}"
        if text not in self.known:
            self.known[text] = self._make()(voice)
        return self.known[text]


def _decode(data: bytes) -> Mapping[str, bool]:
    return {str(text): bool(fits) for text, fits in json.loads(data).items()}


CHECKED: Serialiser[Mapping[str, bool]] = Serialiser(lambda known: json.dumps(dict(known)).encode(), _decode)
