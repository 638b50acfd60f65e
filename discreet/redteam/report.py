"""The report of a red team: as JSON, as text, and as a page without scripts."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence

from discreet.redteam.attack import Attacked, Light

LIGHTS: dict[Light, tuple[str, str]] = {
    "red": ("#b00020", "it was reached"),
    "amber": ("#a86400", "look at it: above chance, or too little to tell"),
    "green": ("#1b6e2e", "nothing was reached"),
    "grey": ("#5a5a5a", "not attacked"),
}
"""Colour (readable on white) and meaning of each light."""
LIMIT = (
    "A green light says that this attack, with these models, reached nothing. It does not say that none will: better"
    " models come, and an attacker may know more."
)


def worst(attacks: Sequence[Attacked]) -> Light:
    """The worst light; grey only where nothing was attacked."""
    order: tuple[Light, ...] = ("red", "amber", "green")
    return next((light for light in order if any(one.light == light for one in attacks)), "grey")


def redteam_json(attacks: Sequence[Attacked], folders: Sequence[str]) -> str:
    """For programs."""
    plain = {
        "folders": list(folders),
        "light": worst(attacks),
        "attacks": [one.model_dump(mode="json") for one in attacks],
        "limit": LIMIT,
    }
    return json.dumps(plain, indent=1) + "\n"


def redteam_text(attacks: Sequence[Attacked]) -> str:
    """For terminals."""
    width = max(len(one.name) for one in attacks)
    lines = []
    for one in attacks:
        lines.append(f"{one.light.upper():5}  {one.name:{width}}  {one.figure}")
        lines += [f"       {place}" for place in one.places]
    return "\n".join([*lines, LIMIT]) + "\n"


def redteam_page(attacks: Sequence[Attacked], folders: Sequence[str]) -> str:
    """For people."""
    rows = "".join(_row(one) for one in attacks)
    what = ", ".join(html.escape(folder) for folder in folders)
    legend = "".join(f"<li><b>{light}</b>: {meaning}</li>" for light, (_, meaning) in LIGHTS.items())
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Red team report</title>'
        "<style>body{font:16px sans-serif;margin:2em;max-width:60em}td,th{padding:.3em .8em;text-align:left;"
        "vertical-align:top;border-bottom:1px solid #ccc}</style>"
        f"<h1>Red team report</h1><p>Attacked: {what}. Worst light: <b>{worst(attacks)}</b>.</p>"
        "<table><tr><th>light</th><th>attack</th><th>figure</th></tr>"
        f"{rows}</table><h2>What the lights mean</h2><ul>{legend}</ul><p>{LIMIT}</p></html>\n"
    )


def _row(one: Attacked) -> str:
    places = "".join(f"<li>{html.escape(place)}</li>" for place in one.places)
    found = f"<ul>{places}</ul>" if places else ""
    return (
        f'<tr><td style="color:{LIGHTS[one.light][0]}"><b>{one.light}</b></td><td>{html.escape(one.name)}</td>'
        f"<td>{html.escape(one.figure)}{found}</td></tr>"
    )
