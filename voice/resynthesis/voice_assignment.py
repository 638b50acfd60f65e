"""Decides which voice each person is resynthesised in, in one meeting and in all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from timeline import FloatArray
from voice.resynthesis.styles import MixedVoice, drawn_apart, names_for

Fits = Callable[[MixedVoice], bool]


def _always(voice: MixedVoice) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class VoiceAssigner:
    """Assigns voices to people.

    Attributes:
        secret: the key that decides, see :func:`mixed_voice`.
        styles: the synthesiser's styles, by name.
        enrolled: keys of all enrolled people, in the order of enrolment. Each has a voice different from all before, so
            it is the same in every meeting, whoever else is there.
        same_sex: give low voices to people whose own voice is low, and high ones to the others; else either to anybody.
        fits: an external check whether a voice may be used.
    """

    secret: bytes = field(repr=False)
    styles: Mapping[str, FloatArray] = field(repr=False)
    enrolled: Sequence[str] = ()
    same_sex: bool = True
    fits: Fits = _always

    def __call__(self, people: Mapping[str, bool]) -> dict[str, MixedVoice]:
        """The voices of a meeting.

        Args:
            people: key of everybody to be resynthesised -> whether their own voice is low. People who are not enrolled
                get voices different from all others of the meeting.
        """
        out: dict[str, MixedVoice] = {}
        for side in {low if self.same_sex else None for low in people.values()}:
            known: dict[str, MixedVoice] = {}
            for key in self.enrolled:
                known[key] = self._draw(key, side, list(known.values()))
                if all(key in known for key in people if key in self.enrolled):
                    break
            mine = [key for key, low in people.items() if side is None or low == side]
            out |= {key: known[key] for key in mine if key in known}
        for key, low in people.items():
            if key not in out:
                out[key] = self._draw(key, low if self.same_sex else None, list(out.values()))
        return out

    def _draw(self, key: str, low: bool | None, others: Sequence[MixedVoice]) -> MixedVoice:
        return drawn_apart(self.secret, key, names_for(low, self.styles), self.styles, others, self.fits)
