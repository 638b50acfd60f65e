"""One system out of a comparison: gates that it must pass, and weights by which those that do are ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from timeline import InputError, first_problem, parse_toml, read_text

Values = Mapping[str, float | None]
BOUNDS = {
    "max_wer": ("wer", -1.0), "min_eer": ("eer", 1.0), "max_identified": ("identified", -1.0),
    "max_bits": ("bits", -1.0), "min_pitch": ("pitch", 1.0), "min_dnsmos": ("dnsmos", 1.0),
    "min_dnsmos_change": ("dnsmos_change", 1.0), "max_rtf": ("rtf", -1.0), "max_peak_mib": ("peak_mib", -1.0),
}  # fmt: skip
"""Gate -> the figure that it bounds, and whether that may not be lower (1) or higher (-1)."""
_PERFECT_EER = 0.5
_LIVE = 1.0
"""CPU seconds per second of sound from which on speed counts nothing."""
_DNSMOS = 1.0, 5.0


class Gates(BaseModel):
    """Bounds; what is not given is not asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_wer: float | None = Field(default=0.15, ge=0)
    min_eer: float | None = Field(default=0.3, ge=0, le=1)
    max_identified: float | None = Field(default=None, ge=0, le=1)
    max_bits: float | None = Field(default=None, ge=0)
    min_pitch: float | None = Field(default=None, ge=-1, le=1)
    min_dnsmos: float | None = Field(default=None, ge=1, le=5)
    min_dnsmos_change: float | None = Field(default=None)
    max_rtf: float | None = Field(default=1.0, gt=0)
    max_peak_mib: float | None = Field(default=None, gt=0)


class Weights(BaseModel):
    """What each criterion counts; they need not add up to 100."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    privacy: float = Field(default=45, ge=0)
    content: float = Field(default=25, ge=0)
    prosody: float = Field(default=10, ge=0)
    quality: float = Field(default=10, ge=0)
    speed: float = Field(default=10, ge=0)

    @model_validator(mode="after")
    def _something_counts(self) -> Weights:
        if not sum(self.model_dump().values()):
            raise ValueError("one weight must be above 0")
        return self


class Criteria(BaseModel):
    """What a choice goes by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gates: Gates = Gates()
    weights: Weights = Weights()


@dataclass(frozen=True, slots=True)
class Judged:
    """A system, judged.

    Attributes:
        name: of it.
        scores: criterion -> 0..1; what was not measured is 0.
        total: their weighted mean, 0..100.
        failed: gates that it does not pass, each as a sentence.
        missing: criteria of which something was not measured.
    """

    name: str
    scores: dict[str, float]
    total: float
    failed: tuple[str, ...]
    missing: tuple[str, ...]


def read_criteria(path: Path | None) -> Criteria:
    """From a TOML file with tables ``gates`` and ``weights``; the defaults without one. Raises InputError."""
    if path is None:
        return Criteria()
    remedy = "see docs/reference/lab.md"
    try:
        return Criteria.model_validate(parse_toml(read_text(path)))
    except ValidationError as error:
        raise InputError(f"{path}: {first_problem(error)}", remedy) from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(f"{path} holds no criteria", remedy) from error


def judged(systems: Sequence[Mapping[str, Any]], criteria: Criteria) -> list[Judged]:
    """The systems of a comparison: first those that pass all gates, by their total; of equals, by name."""
    found = [_judged(str(each["name"]), each["values"], criteria) for each in systems]
    return sorted(found, key=lambda each: (bool(each.failed), -each.total, each.name))


def chosen(ranking: Sequence[Judged]) -> Judged | None:
    """The best that passes every gate; None where none does."""
    return ranking[0] if ranking and not ranking[0].failed else None


def why(ranking: Sequence[Judged], criteria: Criteria) -> list[str]:
    """The choice in sentences."""
    best = chosen(ranking)
    if best is None:
        lines = ["No system passes every gate, so none is chosen."]
    else:
        lines = [f"{best.name} is chosen: {best.total:.1f} of 100."]
        others = [each for each in ranking if not each.failed and each is not best]
        if others:
            weights = criteria.weights.model_dump()
            total = sum(weights.values())
            gains = {
                name: 100 * weights[name] / total * (best.scores[name] - others[0].scores[name]) for name in weights
            }
            most = max(gains, key=lambda name: gains[name])
            lines.append(
                f"It leads {others[0].name} by {best.total - others[0].total:.1f} points, most of them in {most}."
            )
    lines += [f"{each.name} is out: {'; '.join(each.failed)}." for each in ranking if each.failed]
    lines += [
        f"{each.name}: {', '.join(each.missing)} was not measured and counts as 0." for each in ranking if each.missing
    ]
    return lines


def _judged(name: str, values: Values, criteria: Criteria) -> Judged:
    scores, missing = {}, []
    for criterion, found in _scores(values).items():
        if found is None:
            missing.append(criterion)
        scores[criterion] = min(1.0, max(0.0, found or 0.0))
    weights = criteria.weights.model_dump()
    total = 100 * sum(weights[each] * scores[each] for each in weights) / sum(weights.values())
    failed = []
    for gate, bound in criteria.gates.model_dump().items():
        if bound is None:
            continue
        figure, side = BOUNDS[gate]
        value = values.get(figure)
        if value is None:
            failed.append(f"{figure} was not measured, {gate} is {bound:g}")
        elif side * (value - bound) < 0:
            failed.append(f"{figure} is {value:.3g}, {gate} is {bound:g}")
    return Judged(name, scores, total, tuple(failed), tuple(missing))


def _scores(values: Values) -> dict[str, float | None]:
    eer, wer, mos, rtf = (values.get(name) for name in ("eer", "wer", "dnsmos", "rtf"))
    moves = [value for value in (values.get("pitch"), values.get("energy")) if value is not None]
    low, high = _DNSMOS
    return {
        "privacy": None if eer is None else eer / _PERFECT_EER,
        "content": None if wer is None else 1.0 - wer,
        "prosody": sum(moves) / len(moves) if moves else None,
        "quality": None if mos is None else (mos - low) / (high - low),
        "speed": None if rtf is None else 1.0 - rtf / _LIVE,
    }
