"""A comparison and a choice, as people read them: tables in Markdown, a page with plots."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from discreet.lab.choice import Criteria, Judged, why
from timeline import InputError, make_folder, parse_json, write_file

COLUMNS = (
    ("system", "name", 1.0, 0), ("EER %", "eer", 100.0, 1), ("found %", "identified", 100.0, 1),
    ("bits", "bits", 1.0, 2), ("risk %", "risk", 100.0, 1), ("linked %", "linked", 100.0, 0),
    ("WER %", "wer", 100.0, 1), ("BLEU", "bleu", 100.0, 0), ("chrF", "chrf", 100.0, 0), ("states", "states", 1.0, 2),
    ("F0", "pitch", 1.0, 2), ("energy", "energy", 1.0, 2), ("pace", "pace", 1.0, 2), ("DNSMOS", "dnsmos", 1.0, 2),
    ("RTF", "rtf", 1.0, 3), ("MiB", "peak_mib", 1.0, 0), ("J/s", "joules", 1.0, 1),
)  # fmt: skip
"""Heading, figure, factor, digits."""


class _System(BaseModel):
    """What a comparison must say of a system."""

    name: str
    values: dict[str, float | None]
    attacks: dict[str, tuple[float, float, float, float]] = {}
    gaps: dict[str, tuple[str, float, bool]] = {}
    scenarios: dict[str, dict[str, float]] = {}
    notes: list[str] = []


class _Comparison(BaseModel):
    systems: list[_System]


def read_comparison(path: Path) -> dict[str, Any]:
    """``comparison.json``. Raises InputError if it is none."""
    try:
        found: dict[str, Any] = parse_json(path.read_text("utf-8"))
        _Comparison.model_validate(found)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is not a comparison", "make one with: discreet lab compare") from error
    return found


def table(systems: Sequence[Mapping[str, Any]]) -> str:
    """All figures side by side, in Markdown; the EER and the risk with their intervals."""
    rows = [[heading for heading, *_ in COLUMNS], ["---"] * len(COLUMNS)]
    for each in systems:
        values = each["values"]
        cells = []
        for _, figure, factor, digits in COLUMNS:
            value = each["name"] if figure == "name" else values.get(figure)
            cell = value if isinstance(value, str) else "-" if value is None else f"{factor * value:.{digits}f}"
            low, high = values.get(f"{figure}_low"), values.get(f"{figure}_high")
            if low is not None and high is not None:
                cell += f" [{factor * low:.0f}, {factor * high:.0f}]"
            cells.append(cell)
        rows.append(cells)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def scenario_table(systems: Sequence[Mapping[str, Any]], figure: str = "wer") -> str:
    """One figure of every system under every scenario; empty where none was tried."""
    names = list(dict.fromkeys(name for each in systems for name in each.get("scenarios", {})))
    if not names:
        return ""
    rows = [["system", *names], ["---"] * (len(names) + 1)]
    for each in systems:
        found = [each.get("scenarios", {}).get(name, {}).get(figure) for name in names]
        rows.append([each["name"], *("-" if value is None else f"{100 * value:.0f}" for value in found)])
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def fairness_lines(systems: Sequence[Mapping[str, Any]]) -> list[str]:
    """How far apart groups are; alarms first."""
    rows = [
        (alarm, f"{'ALARM ' if alarm else ''}{each['name']}, {kind}: {who}, {100 * gap:.0f} points of EER apart")
        for each in systems
        for kind, (who, gap, alarm) in each.get("gaps", {}).items()
    ]
    return [line for _, line in sorted(rows, key=lambda row: not row[0])]


def write_report(
    folder: Path, comparison: Mapping[str, Any], ranking: Sequence[Judged], criteria: Criteria
) -> list[Path]:  # fmt: skip
    """``choice.json``, ``report.md`` and ``report.html`` with plots; the same input gives the same files."""
    make_folder(folder)
    systems = comparison["systems"]
    reasons = why(ranking, criteria)
    digest = hashlib.sha256(json.dumps(comparison, sort_keys=True).encode()).hexdigest()
    best = ranking[0].name if ranking and not ranking[0].failed else None
    choice = {
        "chosen": best,
        "why": reasons,
        "comparison_sha256": digest,
        "criteria": criteria.model_dump(),
        "ranking": [
            {"name": each.name, "total": round(each.total, 2), "scores": each.scores, "failed": each.failed}
            for each in ranking
        ],
    }
    parts = ["# Voice converters compared", *reasons, table(systems)]
    scenarios = scenario_table(systems)
    if scenarios:
        parts += ["## Word errors by condition, %", scenarios]
    fair = fairness_lines(systems)
    if fair:
        parts += ["## Fairness", *(f"- {line}" for line in fair)]
    parts.append(f"Comparison: sha256 {digest}")
    text = "\n\n".join(parts) + "\n"
    plots = "".join(f'<img alt="{html.escape(name)}" src="data:image/png;base64,{data}">' for name, data in _plots(ranking, systems))  # noqa: E501  # fmt: skip
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Voice converters compared</title>'
        "<style>body{font:16px sans-serif;max-width:75em;margin:2em auto}pre{overflow:auto}img{max-width:100%}</style>"
        f"<main><pre>{html.escape(text)}</pre>{plots}</main></html>\n"
    )
    files = {"choice.json": json.dumps(choice, indent=1) + "\n", "report.md": text, "report.html": page}
    for name, content in files.items():
        write_file(folder / name, content)
    return [folder / name for name in files]


def _plots(ranking: Sequence[Judged], systems: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Scores by criterion, and privacy against words, as PNG in base 64; none without matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        return []
    bars = Figure(figsize=(8, 3.5), layout="constrained")
    axes = bars.subplots()
    names = list(ranking[0].scores) if ranking else []
    width = 0.8 / max(1, len(ranking))
    for number, each in enumerate(ranking):
        places = [at + number * width for at in range(len(names))]
        axes.bar(places, [each.scores[name] for name in names], width, label=each.name)
    axes.set_xticks([at + 0.4 for at in range(len(names))], names)
    axes.set_ylabel("score")
    axes.legend(fontsize="small")
    spread = Figure(figsize=(6, 4), layout="constrained")
    axes = spread.subplots()
    for system in systems:
        values = system["values"]
        if values.get("eer") is not None and values.get("wer") is not None:
            axes.plot(100 * values["wer"], 100 * values["eer"], "o")
            axes.annotate(system["name"], (100 * values["wer"], 100 * values["eer"]))
    axes.set_xlabel("words lost, %")
    axes.set_ylabel("equal error rate of the strongest attacker, %")
    return [("scores by criterion", _png(bars)), ("privacy and words", _png(spread))]


def _png(figure: Any) -> str:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=100, metadata={"Software": None})
    return base64.b64encode(out.getvalue()).decode()
