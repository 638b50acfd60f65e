"""A synthetic voice: a mix of two or three of Kokoro's styles, chosen with a keyed hash.

Style vectors mix linearly, so there are as many voices as needed. Without the key nobody can tell the voice of a
person or the person of a voice. Nothing of the person's own voice is used except whether it is a low one, and not even
that if any voice will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from timeline import FloatArray
from voice.pseudo_voice import Draw
from voice.resynthesis.settings import APART, DRAWS, LEAST_STYLES, OWN_SOUND, PITCH_SHIFT, SHARES

_TIMBRE = 128
"""The first so many numbers of a style are the timbre, the others the way of speaking."""
_TYPICAL = 100
"""Length in phonemes of the phrase whose styles are compared: they hardly change with the length."""


@dataclass(frozen=True, slots=True)
class MixedVoice:
    """A voice of the synthesiser.

    Attributes:
        parts: names of styles, each with its share; the shares add up to 1.
        shift: semitones by which its median pitch lies above that of its styles.
    """

    parts: tuple[tuple[str, float], ...]
    shift: float = 0.0

    def style(self, styles: Mapping[str, FloatArray], phonemes: int) -> FloatArray:
        """The style ``[1, 256]`` for a phrase of so many phonemes."""
        rows = [share * styles[name][min(phonemes, len(styles[name]) - 1)] for name, share in self.parts]
        return np.asarray([np.sum(rows, axis=0)], np.float32)

    def distance(self, other: MixedVoice, styles: Mapping[str, FloatArray]) -> float:
        """How different the timbres of two voices are; 1 is the mean distance of two of the styles."""
        return float(np.linalg.norm(_timbre(self, styles) - _timbre(other, styles))) / _scale(styles)


def mixed_voice(secret: bytes, person: str, names: Sequence[str], draw: int = 0) -> MixedVoice:
    """The mix number ``draw`` of ``person``, an id, under the key ``secret``.

    Args:
        secret: at least 16 random bytes.
        person: any id, even an empty one; adding a salt to it gives the same person another voice.
        names: the styles that may be mixed, at least three.
        draw: 0 for the first choice.

    Raises:
        ValueError: the secret is too short, or there are fewer than three styles.
    """
    if len(names) < LEAST_STYLES:
        raise ValueError("a mix needs at least three styles to draw from")
    numbers = Draw(secret, f"mix {draw}\0{person}")
    left, chosen = list(names), []
    for _ in range(2 + int(numbers.between(0.0, 2.0))):
        chosen.append(left.pop(min(len(left) - 1, int(numbers.between(0.0, len(left))))))
    least, most = SHARES
    if len(chosen) == 2:
        first = numbers.between(least, most)
        shares = [first, 1.0 - first]
    else:
        given = [numbers.between(least / 2, most) for _ in chosen]
        shares = [value / sum(given) for value in given]
    return MixedVoice(tuple(zip(chosen, shares, strict=True)), numbers.around(PITCH_SHIFT))


def drawn_apart(
    secret: bytes,
    person: str,
    names: Sequence[str],
    styles: Mapping[str, FloatArray],
    others: Iterable[MixedVoice],
    fits: Callable[[MixedVoice], bool] = lambda voice: True,
) -> MixedVoice:
    """The first mix of ``person`` that is far enough from the voices of ``others`` and from every single style.

    The distances are :data:`~voice.resynthesis.settings.APART` and :data:`~voice.resynthesis.settings.OWN_SOUND`. If
    none of :data:`~voice.resynthesis.settings.DRAWS` mixes is far enough, the one that comes closest is taken.

    Args:
        secret, person, names: see :func:`mixed_voice`.
        styles: all styles, by name.
        others: voices that are taken.
        fits: an external check whether a mix may be used, such as that it is not like a known voice. A mix that does
            not fit is only taken if none does.
    """
    scale = _scale(styles)
    single = np.array([style[_TYPICAL, :_TIMBRE] for style in styles.values()]) / scale / OWN_SOUND
    taken = [_timbre(other, styles) / scale / APART for other in others]

    def room(voice: MixedVoice) -> float:
        own = _timbre(voice, styles) / scale
        away = np.linalg.norm(single - own / OWN_SOUND, axis=1).min()
        return float(min([1.0, away, *(np.linalg.norm(other - own / APART) for other in taken)]))

    near: list[tuple[float, int, MixedVoice]] = []
    for number in range(DRAWS):
        voice = mixed_voice(secret, person, names, number)
        free = room(voice)
        if free < 1.0:
            near.append((-free, number, voice))
        elif fits(voice):
            return voice
    near.sort(key=lambda each: each[:2])
    fitting = (voice for _, _, voice in near if fits(voice))
    return next(fitting, near[0][2] if near else mixed_voice(secret, person, names))


def names_for(low: bool | None, styles: Iterable[str]) -> list[str]:
    """The styles of men (``low``), of women, or of both (None), sorted."""
    return sorted(name for name in styles if low is None or name[1] == ("m" if low else "f"))


def _timbre(voice: MixedVoice, styles: Mapping[str, FloatArray]) -> FloatArray:
    return np.asarray(voice.style(styles, _TYPICAL)[0, :_TIMBRE], np.float32)


def _scale(styles: Mapping[str, FloatArray]) -> float:
    """The mean distance of two styles."""
    rows = np.array([style[_TYPICAL, :_TIMBRE] for style in styles.values()], np.float64)
    apart = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    return float(apart.sum() / max(1, len(rows) * (len(rows) - 1)))
