"""The results as lines for a terminal and as one page of HTML that needs no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from discreet.voice_evaluation.evaluate import VoiceReport
from voice.attacks import Outcome

COLOURS = ("#c0392b", "#2471a3", "#1e8449", "#af7ac5", "#b9770e", "#117a65", "#5d6d7e", "#7b241c", "#2e4053")
RATES = (0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99)
"""Error rates at which the axes have marks."""
_SIZE, _LEFT, _ROW = 360, 54, 18
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "td,th{padding:.25rem .7rem;border-bottom:1px solid #ddd;text-align:right}"
    "td:first-child,th:first-child{text-align:left}.note{color:#555}.strong{font-weight:600}"
)


def lines(report: VoiceReport) -> Iterator[str]:
    """The report for a terminal, a line at a time."""
    yield headline(report)
    yield f"{'attack':34} {'EER %':>18} {'found':>6} {'chance':>6} {'linked':>6} {'TPR@1%':>6}  worst speaker"
    for name, found in {**report.attacks, "same key (wanted: linked)": report.purpose}.items():
        yield _line(name, found)
    for name, found in report.groups.items():
        yield _line(f"  {name}", found)
    if report.check is not None:
        yield _line("the attacker on McAdams", report.check)
    yield from quality_lines(report)
    yield from (f"note: {note}" for note in report.notes)


def headline(report: VoiceReport) -> str:
    """One sentence: what the strongest attacker reaches."""
    found = report.attacks[report.strongest]
    rate = found.eer
    return (
        f"the strongest attacker ({report.strongest}) reaches an equal error rate of {100 * rate.value:.1f} %"
        f" [{100 * rate.low:.1f}, {100 * rate.high:.1f}] and finds the speaker in {100 * found.identified:.0f} % of"
        f" {found.trials} trials (chance {100 * found.chance:.1f} %); {report.speakers} speakers, {report.keys} keys"
    )


def quality_lines(report: VoiceReport) -> Iterator[str]:
    """What the conversion costs."""
    cost = report.quality
    if cost is None:
        return
    shown = {
        "words lost": (cost.words_lost, "{:.1%}"),
        "pitch correlation": (cost.pitch, "{:.2f}"),
        "loudness correlation": (cost.energy, "{:.2f}"),
        "pace": (cost.pace, "{:.2f}"),
        "STOI": (cost.stoi, "{:.2f}"),
        "DNSMOS": (cost.dnsmos, "{:.2f}"),
        "DNSMOS of the originals": (cost.dnsmos_original, "{:.2f}"),
    }
    yield f"over {cost.takes} takes: " + ", ".join(
        f"{name} {form.format(value)}" for name, (value, form) in shown.items() if value is not None
    )


def page(reports: Mapping[str, VoiceReport]) -> str:
    """One page: for each system its table, DET curves, and speakers. ``reports``: name of the system -> its report."""
    parts = [f"<section><h2>{escape(name)}</h2>{_section(report)}</section>" for name, report in reports.items()]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Voices under attack</title><style>{_STYLE}</style><h1>Voices under attack</h1>"
        "<p>An equal error rate of 50&nbsp;% is perfect hiding, 0&nbsp;% none. Brackets hold the 95&nbsp;% interval"
        " over speakers. DET curves nearer to the lower left corner are stronger attacks.</p>"
        + "".join(parts)
        + "</html>\n"
    )


def det_svg(attacks: Mapping[str, Outcome]) -> str:
    """DET curves on axes of normal deviates."""
    marks = [
        f'<line x1="{_axis(r)}" x2="{_axis(r)}" y1="0" y2="{_SIZE}" stroke="#eee"/>'
        f'<line y1="{_SIZE - _axis(r, 0)}" y2="{_SIZE - _axis(r, 0)}" x1="{_LEFT}" x2="{_LEFT + _SIZE}" stroke="#eee"/>'
        f'<text x="{_axis(r)}" y="{_SIZE + 16}" text-anchor="middle">{100 * r:g}</text>'
        f'<text x="{_LEFT - 6}" y="{_SIZE - _axis(r, 0) + 4}" text-anchor="end">{100 * r:g}</text>'
        for r in RATES
    ]
    curves = []
    for number, (name, found) in enumerate(attacks.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{_axis(alarm)},{_SIZE - _axis(miss, 0)}" for alarm, miss in found.curve)
        curves.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        y = 14 + number * _ROW
        curves.append(
            f'<rect x="{_LEFT + _SIZE + 14}" y="{y - 9}" width="10" height="10" fill="{colour}"/>'
            f'<text x="{_LEFT + _SIZE + 30}" y="{y}">{escape(name)} ({100 * found.eer.value:.1f} %)</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _SIZE + 260} {_SIZE + 40}" width="760"'
        ' font-family="sans-serif" font-size="11" role="img" aria-label="DET curves">'
        + "".join(marks)
        + "".join(curves)
        + f'<text x="{_LEFT + _SIZE / 2}" y="{_SIZE + 34}" text-anchor="middle">false alarms, %</text>'
        f'<text x="12" y="{_SIZE / 2}" text-anchor="middle" transform="rotate(-90 12 {_SIZE / 2})">misses, %</text>'
        "</svg>"
    )


def speakers_svg(found: Outcome) -> str:
    """The equal error rate of each speaker as a bar, the worst hidden first."""
    ordered = sorted(found.speakers.items(), key=lambda item: item[1])
    rows = [
        f'<text x="190" y="{at * 14 + 11}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="196" y="{at * 14 + 2}" width="{round(600 * min(rate, 0.6), 1)}" height="10" fill="#2471a3"/>'
        f'<text x="{200 + round(600 * min(rate, 0.6), 1)}" y="{at * 14 + 11}">{100 * rate:.0f}</text>'
        for at, (name, (rate, _)) in enumerate(ordered)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 {14 * len(rows) + 6}" width="600"'
        ' font-family="sans-serif" font-size="10" role="img" aria-label="speakers">' + "".join(rows) + "</svg>"
    )


def _section(report: VoiceReport) -> str:
    strongest = report.attacks[report.strongest]
    head = "<tr><th>attack<th>EER %<th>found %<th>chance %<th>linkability<th>TPR at FPR 1 %<th>worst speaker (EER %)"
    named = {**report.attacks, "same key (wanted: linked)": report.purpose, **report.groups}
    if report.check is not None:
        named["the attacker on McAdams"] = report.check
    rows = "".join(_row(name, found, name == report.strongest) for name, found in named.items())
    return (
        f"<p>{escape(headline(report))}</p><table>{head}{rows}</table>{det_svg(report.attacks)}"
        f"<h3>Speakers under the strongest attack, EER&nbsp;%</h3>{speakers_svg(strongest)}"
        + "".join(f"<p>{escape(line)}</p>" for line in quality_lines(report))
        + "".join(f'<p class="note">{escape(note)}</p>' for note in report.notes)
    )


def _row(name: str, found: Outcome, strongest: bool) -> str:
    cells = (
        f"{100 * found.eer.value:.1f} [{100 * found.eer.low:.1f}, {100 * found.eer.high:.1f}]",
        f"{100 * found.identified:.0f}",
        f"{100 * found.chance:.1f}",
        f"{found.linkability:.2f}",
        f"{100 * found.tpr:.0f}",
        f"{escape(found.worst[0])} ({100 * found.worst[1]:.0f})",
    )
    mark = ' class="strong"' if strongest else ""
    return f"<tr{mark}><td>{escape(name)}" + "".join(f"<td>{cell}" for cell in cells)


def _line(name: str, found: Outcome) -> str:
    rate = f"{100 * found.eer.value:.1f} [{100 * found.eer.low:.1f}, {100 * found.eer.high:.1f}]"
    return (
        f"{name:34} {rate:>18} {100 * found.identified:6.1f} {100 * found.chance:6.1f} {found.linkability:6.2f}"
        f" {100 * found.tpr:6.1f}  {found.worst[0]} ({100 * found.worst[1]:.0f})"
    )


def _axis(rate: float, start: float = _LEFT) -> float:
    """Where an error rate stands on an axis of normal deviates."""
    from statistics import NormalDist

    low, high = (NormalDist().inv_cdf(edge) for edge in (RATES[0], RATES[-1]))
    at = NormalDist().inv_cdf(min(max(rate, RATES[0]), RATES[-1]))
    return round(start + (at - low) / (high - low) * _SIZE, 1)
