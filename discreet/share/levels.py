"""Levels of export by name, with their options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from discreet.share.project import Project
from sharing.levels import (
    Aggregate,
    Budget,
    Deidentified,
    Demo,
    Features,
    Level,
    Synthetic,
    TextMaker,
    Transcript,
)
from timeline import InputError

SHARE = 10
"""Into so many parts a project's privacy budget is divided where no cost is given."""


@dataclass(frozen=True, slots=True)
class LevelOptions:
    """Options of levels.

    Attributes:
        jitter: of ``transcript``: seconds by which real times are shifted; None: a constant rate.
        epsilon: of ``aggregate``: what it costs of the privacy budget; None: a tenth of it.
    """

    jitter: float | None = None
    epsilon: float | None = None

    def parameters(self) -> dict[str, float]:
        """The options that were given, for the provenance."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def make_level(project: Project, name: str, texts: Mapping[str, TextMaker], options: LevelOptions) -> Level:
    """The level of that name. Raises InputError if there is none."""
    counting = project.governance.counting
    makers: dict[str, Callable[[], Level]] = {
        "deidentified": lambda: Deidentified(texts),
        "demo": lambda: Demo(texts),
        "transcript": lambda: Transcript(texts, options.jitter),
        "features": Features,
        "synthetic": lambda: Synthetic(texts, lambda token: project.tokens.draw("synthetic", token)),
        "aggregate": lambda: Aggregate(
            counting,
            Budget(project.folder / "budget.sqlite", counting.epsilon),
            options.epsilon or counting.epsilon / SHARE,
        ),
    }
    if name not in makers:
        raise InputError(f"there is no level {name!r}", f"choose one of {', '.join(makers)}")
    return makers[name]()
