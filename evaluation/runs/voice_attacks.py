"""The field's table of voices under attack, several systems in one run: ``python -m evaluation.runs.voice_attacks``.

Speakers are those of ``../shared/media`` and of the store (``discreet weights fetch --profile bench``). For each system
the takes are converted under several keys, and converted back with knowledge of the key. An attacker converts speakers
of its own, including the others at other speeds, under eight more keys and trains on them. ``--folder`` stores
everything, so that an interrupted run can continue.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from discreet.voice_evaluation import BREAKS, Options, Sounds, VoiceReport, evaluate, lines, page, read_corpus
from evaluation.attacks.converted_corpus import Spent, at_other_speeds, write_converted, write_originals, write_training
from evaluation.attacks.converter_systems import SYSTEMS
from evaluation.attacks.learned_systems import STUDENT, models_of, taught_systems
from evaluation.attacks.resynthesis_systems import RESAID, Listener, resynthesised_systems
from evaluation.data.voices import Recorded, recorded_speakers
from voice.attacks import Outcome
from weights import Store

STEPS = ("convert", "train", "attack")


HEAD = (
    "system", "ignorant id / EER", "lazy EER", "semi id / EER", "undo id / EER", "CAM++ id / EER", "prosody EER",
    "best attacker EER [95 %]", "TPR at 1 %", "worst speaker", "linked", "words lost", "F0", "energy", "DNSMOS", "RTF",
    "MiB",
)  # fmt: skip
"""Columns; all figures but the last five are per cent."""


def table(rows: dict[str, tuple[VoiceReport, Spent]]) -> str:
    """The systems side by side, in Markdown."""
    every = [HEAD, ("---",) * len(HEAD), *(_row(name, report, spent) for name, (report, spent) in rows.items())]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in every)


def trained(rows: dict[str, tuple[VoiceReport, Spent]]) -> str:
    """Whether the attackers are good enough: they must defeat McAdams' coefficient."""
    if "mcadams" not in rows:
        return "McAdams' coefficient was not attacked: nothing says whether the semi-informed attacker is any good"
    found = _semi(rows["mcadams"][0])
    if found is None:
        return "the semi-informed attacker could not be trained"
    verdict = "well trained" if found.eer.value <= BREAKS else "BADLY TRAINED: do not rely on its figures"
    return f"the semi-informed attacker brings McAdams' coefficient to {_rate(found)} %: {verdict}"


def _semi(report: VoiceReport) -> Outcome | None:
    found = [each for attack, each in report.attacks.items() if "semi" in attack]
    return min(found, key=lambda each: each.eer.value, default=None)


def _row(name: str, report: VoiceReport, spent: Spent) -> tuple[str, ...]:
    second = [found for attack, found in report.attacks.items() if attack.startswith("campplus")]
    best, cost = report.attacks[report.strongest], report.quality
    return (
        name,
        _both(report.attacks.get("ecapa ignorant")),
        _rate(report.attacks.get("ecapa lazy")),
        _both(_semi(report)),
        _both(report.attacks.get("ecapa undo")),
        _both(min(second, key=lambda found: found.eer.value, default=None)),
        _rate(report.attacks.get("prosody")),
        f"{_rate(best)} [{100 * best.eer.low:.1f}, {100 * best.eer.high:.1f}]",
        f"{100 * best.tpr:.0f}",
        f"{100 * best.worst[1]:.0f}",
        f"{100 * report.purpose.identified:.0f} / {_rate(report.purpose)}",
        _plain(cost.words_lost if cost else None, 100, 1),
        _plain(cost.pitch if cost else None, 1, 2),
        _plain(cost.energy if cost else None, 1, 2),
        _plain(cost.dnsmos if cost else None, 1, 2),
        f"{spent.rtf:.3f}",
        f"{spent.peak_mib:.0f}",
    )


def _rate(found: Outcome | None) -> str:
    return "-" if found is None else f"{100 * found.eer.value:.1f}"


def _both(found: Outcome | None) -> str:
    return "-" if found is None else f"{100 * found.identified:.0f} / {_rate(found)}"


def _plain(value: float | None, scale: float, digits: int) -> str:
    return "-" if value is None else f"{scale * value:.{digits}f}"


def chosen(store: Store, most: int, takes: int) -> list[Recorded]:
    """At most ``most`` speakers with at most ``takes`` takes each, spread over the collections."""
    every = list(recorded_speakers(store))
    step = max(1.0, len(every) / most)
    picked = [every[int(i * step)] for i in range(min(most, len(every)))]
    return [Recorded(s.name, s.takes[:takes], s.sex, s.accent) for s in picked]


def main() -> None:
    """Convert, train, attack; print the table, and write it with a page of plots into the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="keeps conversions, embeddings and results")
    parser.add_argument(
        "--system", action="append", choices=[*SYSTEMS, *RESAID, STUDENT], help="only these; default: all"
    )
    parser.add_argument("--model", action="append", default=[], help="attack this lab model as well: NAME=FOLDER")
    parser.add_argument("--speakers", type=int, default=60, help="at most so many (default: 60)")
    parser.add_argument("--takes", type=int, default=4, help="takes of each speaker, at most (default: 4)")
    parser.add_argument("--keys", type=int, default=3, help="keys to convert under (default: 3)")
    parser.add_argument("--learn", type=int, default=400, help="speakers for the attacker, at most (default: 400)")
    parser.add_argument("--step", action="append", choices=STEPS, help="only these; default: all")
    parser.add_argument(
        "--compare", type=int, default=60, help="takes whose words and sound are compared (default: 60)"
    )
    options = parser.parse_args()
    store, steps = Store(), options.step or STEPS
    speakers = chosen(store, options.speakers, options.takes)
    learn = list(chain(at_other_speeds(speakers)))
    stride = max(1, -(-len(learn) // max(1, options.learn)))
    write_originals(speakers, options.folder / "originals")
    rows: dict[str, tuple[VoiceReport, Spent]] = {}
    listener = Listener(store, options.folder / "words-heard")
    models = models_of(options.model)
    systems = SYSTEMS | resynthesised_systems(store, listener) | taught_systems(store, models)
    for name in [*options.system, *models] if options.system else list(systems):
        system, folder = systems[name], options.folder / name
        if "convert" in steps and name in RESAID:
            listener.hear([take for speaker in speakers for take in speaker.takes])
        if "convert" in steps:
            write_converted(system, speakers, range(1, options.keys + 1), folder)
            _say(f"{name}: converted")
        if "train" in steps and options.learn:
            write_training(system, learn[::stride], folder)
            _say(f"{name}: converted what the attacker learns from")
        if "attack" in steps:
            rows[name] = _attacked(options, store, folder)
            for line in lines(rows[name][0]):
                print(f"{name}: {line}", flush=True)
    if rows:
        _write(options.folder, rows)


def _attacked(options: Any, store: Store, folder: Path) -> tuple[VoiceReport, Spent]:
    training = folder / "training"
    corpus = read_corpus(
        options.folder / "originals",
        folder / "converted",
        training if training.is_dir() else None,
        folder / "undone",
    )
    sounds = Sounds(store, options.folder / "vectors")
    # McAdams' coefficient is a separate system here, attacked with all training data.
    report = evaluate(
        corpus, store, sounds, Options(quality=options.compare > 0, most=options.compare, check=False), _say
    )
    spent = Spent(**json.loads((folder / "spent.json").read_text("utf-8")))
    return report, spent


def _write(folder: Path, rows: dict[str, tuple[VoiceReport, Spent]]) -> None:
    document = {name: {"report": report.document(), "spent": asdict(spent)} for name, (report, spent) in rows.items()}
    (folder / "report.json").write_text(json.dumps(document, indent=1), "utf-8")
    (folder / "report.html").write_text(page({name: report for name, (report, _) in rows.items()}), "utf-8")
    made = f"{table(rows)}\n\n{trained(rows)}"
    (folder / "table.md").write_text(made + "\n", "utf-8")
    print(made)


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
