"""Diarization measures: error rates, and the share of speech that is given to the right person."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from diarization import Fusion
from timeline import Turn
from voice import VoicePlan, VoiceSettings, VoiceSpan, voice_for

if TYPE_CHECKING:
    from pyannote.core import Annotation

Truth = Sequence[tuple[float, float, str]]
"""``(start, end, who)``, s."""
GRID = 0.01


@dataclass(frozen=True, slots=True)
class Score:
    """DER and its parts, each as a share of the speech."""

    der: float
    missed: float
    false_alarm: float
    confusion: float


def _annotation(turns: Truth) -> Annotation:
    from pyannote.core import Annotation, Segment  # slow to import

    out = Annotation()
    for i, (start, end, who) in enumerate(turns):
        out[Segment(start, end), i] = who
    return out


def _given(turns: Sequence[Turn]) -> Annotation:
    return _annotation([(t.start, t.end, t.person) for t in turns])


def der(truth: Truth, turns: Sequence[Turn], duration: float, collar: float = 0.0) -> Score:
    """Diarization error rate over ``[0, duration]``, overlap scored. ``collar``: seconds left out on *each* side."""
    from pyannote.core import Segment, Timeline  # slow to import
    from pyannote.metrics.diarization import DiarizationErrorRate

    metric = DiarizationErrorRate(collar=2 * collar, skip_overlap=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = metric(_annotation(truth), _given(turns), uem=Timeline([Segment(0, duration)]), detailed=True)
    total = max(parts["total"], 1e-9)
    return Score(
        parts["diarization error rate"],
        parts["missed detection"] / total,
        parts["false alarm"] / total,
        parts["confusion"] / total,
    )


def jer(truth: Truth, turns: Sequence[Turn], duration: float) -> float:
    """Jaccard error rate over ``[0, duration]``, without collar: all speakers have equal weight."""
    from pyannote.core import Segment, Timeline  # slow to import
    from pyannote.metrics.diarization import JaccardErrorRate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metric: Callable[..., float] = JaccardErrorRate()  # type: ignore[no-untyped-call]
        return float(metric(_annotation(truth), _given(turns), uem=Timeline([Segment(0, duration)])))


def grid(turns: Truth, who: Sequence[str], duration: float) -> npt.NDArray[np.bool_]:
    """``[T, P]``: who talks every 10 ms."""
    out = np.zeros((round(duration / GRID), len(who)), np.bool_)
    times = (np.arange(len(out)) + 0.5) * GRID
    for start, end, person in turns:
        out[(times >= start) & (times < end), who.index(person)] = True
    return out


def right_person(
    truth: Truth,
    fusion: Fusion,
    enrolled: Sequence[str],
    duration: float,
    where: npt.NDArray[np.bool_] | None = None,
) -> tuple[float, float]:
    """Share of speech given to the right person, and share of speech with a wrong name.

    An enrolled person must be recognised; each of the others must be one person who is not taken for an enrolled one.

    Args:
        truth: who talks when.
        fusion: the people and turns that were found.
        enrolled: the people who have a template.
        duration: of the recording, s.
        where: ``[T, P]`` speech that counts (people by name, every 10 ms); default all. NaN if there is none.
    """
    who = sorted({person for _, _, person in truth})
    ids = [person.id for person in fusion.people]
    talking = grid(truth, who, duration)
    true = talking if where is None else talking & where
    if not true.any():
        return float("nan"), float("nan")
    given = grid([(t.start, t.end, t.person) for t in fusion.turns], ids, duration)
    both = true.T.astype(float) @ given.astype(float)
    right = sum(
        both[who.index(name), ids.index(id)] for id, name in fusion.enrolled.items() if name in who and name in enrolled
    )
    strangers = [i for i, name in enumerate(who) if name not in enrolled]
    unknown = [i for i, id in enumerate(ids) if id not in fusion.enrolled]
    if strangers and unknown:
        table = both[np.ix_(strangers, unknown)]
        right += float(table[linear_sum_assignment(-table)].sum())
    wrong = np.zeros(len(true), np.bool_)
    for id, name in fusion.enrolled.items():
        own = talking[:, who.index(name)] if name in who else np.zeros(len(true), np.bool_)
        wrong |= given[:, ids.index(id)] & ~own & true.any(axis=1)
    return float(right / true.sum()), float(wrong.sum() / true.any(axis=1).sum())


def own_voice(truth: Truth, fusion: Fusion, duration: float, settings: VoiceSettings) -> tuple[float, float]:
    """Share of the speech of strangers that keeps their own voice, and of others speaking alone that loses theirs.

    Args:
        truth: who talks when.
        fusion: the people and turns that were found; people who may be heard are known, the others are strangers.
        duration: of the recording, s.
        settings: margins of the voices that are changed.

    NaN if there is no stranger, or nobody known speaks.
    """
    who = sorted({person for _, _, person in truth})
    heard = {person.id for person in fusion.people if person.heard}
    known = {name for id, name in fusion.enrolled.items() if id in heard}
    changed = voice_for(bytes(32), "anybody")
    spans = [VoiceSpan(turn.start, turn.end, None) for turn in fusion.turns if turn.person in heard]
    spans += [VoiceSpan(turn.start, turn.end, changed) for turn in fusion.withheld if turn.person not in heard]
    rate = round(1 / GRID)
    kept = np.zeros(round(duration / GRID), np.bool_)
    for piece in VoicePlan(spans, changed).pieces(rate, settings.guard, settings.handover):
        kept[piece.start : piece.end] |= piece.voice is None
    talking = grid(truth, who, duration)
    strangers = talking[:, [name not in known for name in who]].any(axis=1)
    alone = talking.any(axis=1) & ~strangers
    return (
        float(kept[strangers].mean()) if strangers.any() else float("nan"),
        float((~kept[alone]).mean()) if alone.any() else float("nan"),
    )
