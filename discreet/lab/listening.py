"""A listening test as one page: MUSHRA (ITU-R BS.1534) or pairs (AB), in random order, and what listeners' answers say.

The page holds everything, asks nothing of any server, and gives a file of answers to whoever listened. Systems have
neutral names in it, so that nobody can look up which is which; the key stays with the maker.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, FiniteFloat

from discreet.lab.systems import wav_of
from discreet.voice_evaluation import Sounds, read_originals
from timeline import FloatArray, InputError, make_folder, read_file, write_file
from voice.attacks import Interval
from weights import Store

RATE = 16000
REFERENCE, ANCHOR = "reference", "anchor"
_ANCHOR_HZ = 3500.0
"""Where the standard's lower anchor ends."""
_LEAST_REFERENCE = 90.0
"""Rating of the hidden reference below which a listener did not hear it; the standard leaves such listeners out..."""
_OFTEN = 0.15
"""...where that happens in more than this share of their trials."""
_ROUNDS = 2000
Kind = Literal["mushra", "ab"]


@dataclass(frozen=True, slots=True)
class Rated:
    """What listeners say of a system.

    Attributes:
        mean: of the ratings (0 to 100), or share of the pairs that it won, with its interval over listeners.
        count: how many ratings or pairs.
    """

    mean: Interval
    count: int


def anchor(sound: FloatArray) -> FloatArray:
    """``sound`` ``[n]`` at 16 kHz without what lies above 3.5 kHz: what everybody should rate low."""
    from scipy.signal import butter, sosfiltfilt

    low = butter(8, _ANCHOR_HZ, fs=RATE, output="sos")
    return np.asarray(sosfiltfilt(low, np.asarray(sound, np.float64)), np.float32)


def trials(takes: Sequence[str], systems: Sequence[str], kind: Kind, seed: int) -> list[dict[str, Any]]:
    """What is played, in order: for MUSHRA each take with all systems, reference and anchor; for AB each pair."""
    draw = random.Random(seed)
    out: list[dict[str, Any]] = []
    for take in takes:
        if kind == "mushra":
            played = [*systems, REFERENCE, ANCHOR]
            draw.shuffle(played)
            out.append({"take": take, "played": played})
        else:
            for at, one in enumerate(systems):
                for other in systems[at + 1 :]:
                    pair = [one, other]
                    draw.shuffle(pair)
                    out.append({"take": take, "played": pair})
    draw.shuffle(out)
    return out


def write_kit(
    folder: Path, sounds: Mapping[str, Mapping[str, bytes]], kind: Kind, seed: int = 0
) -> tuple[Path, Path]:  # fmt: skip
    """``listen.html`` and ``key.json``, which must not be given to listeners.

    Args:
        folder: of both.
        sounds: system -> take -> WAV file; ``reference`` must be among the systems, ``anchor`` is for MUSHRA.
        kind: of the test.
        seed: of the order.

    Raises:
        InputError: there are fewer than two systems or no take that all have.
        OutputError: the folder cannot be written.
    """
    systems = sorted(set(sounds) - {REFERENCE, ANCHOR})
    takes = sorted(set.intersection(*(set(each) for each in sounds.values()))) if sounds else []
    if len(systems) < (1 if kind == "mushra" else 2) or not takes or REFERENCE not in sounds:
        raise InputError("a listening test needs a reference, systems, and a take that all have", "compare some first")
    planned = trials(takes, systems, kind, seed)
    draw = random.Random(seed + 1)
    neutral = {name: f"s{number}" for number, name in enumerate(draw.sample(sorted(sounds), len(sounds)))}
    public = [
        {
            "id": number,
            "reference": _data(sounds[REFERENCE][trial["take"]]),
            "played": [{"id": neutral[name], "sound": _data(sounds[name][trial["take"]])} for name in trial["played"]],
        }
        for number, trial in enumerate(planned)
    ]
    make_folder(folder)
    page, key = folder / "listen.html", folder / "key.json"
    text = _PAGE.replace("__KIND__", kind).replace("__TRIALS__", json.dumps(public).replace("</", "<\\/"))
    write_file(page, text)
    write_file(key, json.dumps({"kind": kind, "systems": {neutral[name]: name for name in sounds}}, indent=1))
    return page, key


def gathered(speech: Path, comparison: Path, store: Store, most: int) -> dict[str, dict[str, bytes]]:
    """Sounds for a kit out of a comparison: each system under the first key, the reference and the anchor.

    Args:
        speech: own voices, as they were compared.
        comparison: the folder of ``discreet lab compare``.
        store: reads recordings.
        most: takes, at most; of as many speakers as can be.

    Raises:
        InputError: a recording cannot be read.
    """
    sounds = Sounds(store)
    takes = sorted(read_originals(speech), key=lambda take: (take.number, take.speaker))[:most]
    found: dict[str, dict[str, bytes]] = {REFERENCE: {}, ANCHOR: {}}
    systems = [path.parent for path in sorted(comparison.glob("*/converted")) if path.parent.name != "original"]
    for take in takes:
        own, name = sounds.read(take), f"{take.speaker} {take.path.stem}"
        found[REFERENCE][name], found[ANCHOR][name] = wav_of(own), wav_of(anchor(own))
        for system in systems:
            for made in sorted(system.glob(f"converted/*/{take.speaker}/{take.path.stem}.wav"))[:1]:
                found.setdefault(system.name, {})[name] = made.read_bytes()
    return found


class _Key(BaseModel):
    """``key.json``: which system is behind each neutral name."""

    kind: str
    systems: dict[str, str]


class _Answers(BaseModel):
    """What the page saved: neutral name -> ratings."""

    ratings: dict[str, list[FiniteFloat]]


def analyse(key: Path, answers: Sequence[Path]) -> tuple[dict[str, Rated], list[str]]:
    """What listeners say of each system, and who was left out and why.

    Raises:
        InputError: a file is not an answer to this test.
    """
    try:
        kept = _Key.model_validate_json(read_file(key))
        given = [_Answers.model_validate_json(read_file(path)).ratings for path in answers]
        read = [{kept.systems[name]: values for name, values in ratings.items()} for ratings in given]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            "a file is not an answer to this listening test", "give the files that the page saved"
        ) from error
    used, left = [], []
    for path, ratings in zip(answers, read, strict=True):
        missed = [value < _LEAST_REFERENCE for value in ratings.get(REFERENCE, [])]
        if kept.kind == "mushra" and missed and sum(missed) / len(missed) > _OFTEN:
            left.append(f"{path.name}: rated the hidden reference below {_LEAST_REFERENCE:.0f} too often")
        else:
            used.append(ratings)
    found = {}
    for name in sorted({name for ratings in used for name, values in ratings.items() if values}):
        own = [np.mean(ratings[name]) for ratings in used if ratings.get(name)]
        found[name] = Rated(_interval(np.array(own)), sum(len(ratings.get(name, [])) for ratings in used))
    return found, left


def _interval(means: np.ndarray[Any, np.dtype[np.float64]]) -> Interval:
    """Mean over listeners with its bootstrap interval; a single listener says nothing about others."""
    if len(means) < 2:
        return Interval(float(means.mean()), float("-inf"), float("inf"))
    drawn = means[np.random.default_rng(0).integers(0, len(means), (_ROUNDS, len(means)))].mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(float(means.mean()), float(low), float(high))


def _data(wav: bytes) -> str:
    return "data:audio/wav;base64," + base64.b64encode(wav).decode()


_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Listening test</title>
<meta name="viewport" content="width=device-width"><style>
body{font:16px sans-serif;max-width:45em;margin:2em auto;padding:0 1em}label{display:block;margin:1em 0}
input[type=range]{width:100%}button{font-size:1em;padding:.5em 1em;margin:.25em}
</style></head><body><main><h1>Listening test</h1><p id="task"></p>
<p id="where" role="status"></p><div id="trial"></div>
<button id="next">Next</button></main><script>
const kind = "__KIND__", trials = __TRIALS__, ratings = {};
let at = 0;
const el = (name, props) => Object.assign(document.createElement(name), props);
const put = (id, value) => (ratings[id] = ratings[id] || []).push(value);
document.getElementById("task").textContent = kind === "mushra"
  ? "Rate each recording beside the reference, from 0 (bad) to 100 (as good). One of them is the reference."
  : "Play both recordings and choose the one that sounds better.";
function show() {
  const box = document.getElementById("trial"); box.replaceChildren();
  if (at === trials.length) return finish();
  document.getElementById("where").textContent = `${at + 1} of ${trials.length}`;
  const trial = trials[at];
  const own = el("label", {textContent: "Reference"});
  own.append(el("audio", {controls: true, src: trial.reference})); box.append(own);
  trial.played.forEach((each, number) => {
    const row = el("label", {textContent: `Recording ${number + 1}`});
    row.append(el("audio", {controls: true, src: each.sound}));
    if (kind === "mushra") row.append(el("input", {type: "range", min: 0, max: 100, value: 50, name: each.id}));
    else row.append(el("input", {type: "radio", name: "best", value: each.id}));
    box.append(row);
  });
}
function finish() {
  document.getElementById("next").remove();
  document.getElementById("where").textContent = "Thank you. Save your answers and send the file back.";
  const data = new Blob([JSON.stringify({ratings})], {type: "application/json"});
  const link = el("a", {textContent: "Save answers", download: "answers.json", href: URL.createObjectURL(data)});
  document.getElementById("trial").append(link);
}
document.getElementById("next").onclick = () => {
  const box = document.getElementById("trial");
  if (kind === "mushra") box.querySelectorAll("input").forEach(each => put(each.name, Number(each.value)));
  else {
    const best = box.querySelector("input:checked"); if (!best) return;
    box.querySelectorAll("input").forEach(each => put(each.value, each === best ? 1 : 0));
  }
  at += 1; show();
};
show();
</script></body></html>
"""
