"""Systems side by side: attacked, listened to, timed, on the same speech under the same keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from discreet.lab.content import bleu, chrf, state_likeness, wer
from discreet.lab.risk import gaps, leaked_bits, risk
from discreet.lab.scenarios import SCENARIOS
from discreet.lab.systems import Convert, Spent, convert_all, secret_of
from discreet.voice_evaluation import Options, Sounds, VoiceReport, evaluate, read_corpus, read_originals
from redaction import RedactionSettings
from redaction.asr import speech_recogniser
from timeline import FloatArray, make_folder, write_file
from voice.attacks import Outcome
from voice.neural.features import ContentEncoder
from voice.quality import Dnsmos, likeness, plain_words
from weights import Store

Progress = Callable[[str], None]
FILE = "comparison.json"
_HEARD = 24
"""Takes whose words are compared."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compared.

    Attributes:
        keys: under how many keys everything is converted; the attackers who know the converter need two.
        most: takes whose words, melody and sound are compared.
        scenarios: compare under noise, in rooms and so on, too.
        quality: compare words and sound at all.
    """

    keys: int = 2
    most: int = _HEARD
    scenarios: bool = False
    quality: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One system.

    Attributes:
        name: of the system.
        values: figure -> value; None where it was not measured.
        attacks: attacker -> ``(equal error rate, low, high, identified)``.
        gaps: kind of label -> ``(who, gap, alarm)``.
        scenarios: scenario -> figure -> value.
        notes: what to know.
    """

    name: str
    values: dict[str, float | None]
    attacks: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    gaps: dict[str, tuple[str, float, bool]] = field(default_factory=dict)
    scenarios: dict[str, dict[str, float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Comparison:
    """Compares systems on the speech in a folder ``SPEAKER/TAKE.wav``; what was converted before is kept.

    Args:
        originals: own voices.
        folder: keeps everything.
        store: has the models that listen.
        plan: what is compared.
        progress: told a line now and then.
    """

    def __init__(
        self, originals: Path, folder: Path, store: Store, plan: Plan, progress: Progress = lambda line: None
    ) -> None:  # fmt: skip
        self._originals, self._folder, self._store = originals, folder, store
        self._plan, self._progress = plan, progress
        self._sounds = Sounds(store, folder / "vectors")
        self._takes = read_originals(originals)
        self._own = {take.path: self._sounds.read(take) for take in self._takes}
        step = max(1, len(self._takes) // max(1, plan.most))
        self._listened = sorted(self._takes, key=lambda take: (take.number, take.speaker))[::step][: plan.most]
        self._words: dict[str, list[str]] = {}

    def converted(self, name: str, convert: Convert) -> Row:
        """Convert everything with ``convert``, and judge it. Raises ModelError, InputError, OutputError."""
        self._progress(f"{name}: converting")
        place = self._folder / name / "converted"
        spent = convert_all(convert, self._takes, self._own, range(1, self._plan.keys + 1), place)
        row = self.judged(name, place, _kept(self._folder / name / "spent.json", spent))
        if self._plan.scenarios:
            for scenario, change in SCENARIOS.items():
                self._progress(f"{name}: {scenario}")
                row.scenarios[scenario] = self._under(change, convert)
        return row

    def judged(self, name: str, place: Path, spent: Spent | None = None) -> Row:
        """Judge what lies in ``place/KEY/SPEAKER/TAKE.wav``."""
        self._progress(f"{name}: attacking")
        corpus = read_corpus(self._originals, place)
        report = evaluate(corpus, self._store, self._sounds, Options(quality=False, check=False))
        strongest = report.attacks[report.strongest]
        values: dict[str, float | None] = {
            **_privacy(report, strongest),
            "rtf": spent.rtf if spent else None,
            "peak_mib": spent.peak_mib if spent else None,
            "joules": spent.joules if spent else None,
        }
        if self._plan.quality:
            self._progress(f"{name}: listening")
            first = {(take.speaker, take.path.stem): take for take in corpus.converted if take.key == corpus.keys[0]}
            pairs = [(take, first[take.speaker, take.path.stem]) for take in self._listened]
            values |= self._listened_to(
                [self._own[take.path] for take, _ in pairs], [self._sounds.read(other) for _, other in pairs]
            )
        return Row(
            name,
            values,
            {attack: (found.eer.value, found.eer.low, found.eer.high, found.identified)
             for attack, found in report.attacks.items()},
            {kind: (who, gap, alarm) for kind, who, gap, alarm in gaps(report.groups)},
            notes=report.notes,
        )  # fmt: skip

    def _listened_to(self, own: Sequence[FloatArray], made: Sequence[FloatArray]) -> dict[str, float | None]:
        alike = [likeness(one, other) for one, other in zip(own, made, strict=True)]
        found: dict[str, float | None] = {
            "pitch": _mean([each.pitch for each in alike]),
            "energy": _mean([each.energy for each in alike]),
            "pace": _mean([each.pace for each in alike]),
        }
        if self._store.has("dnsmos"):
            mos = Dnsmos.from_store(self._store)
            found["dnsmos"] = _mean([mos(sound) for sound in made])
            found["dnsmos_change"] = _mean([mos(sound) - mos(before) for sound, before in zip(made, own, strict=True)])
        if self._store.has("whisper-base"):
            wanted, heard = [self._heard(sound) for sound in own], [self._heard(sound) for sound in made]
            found["wer"], found["bleu"] = wer(wanted, heard), bleu(wanted, heard)
            found["chrf"] = chrf([" ".join(words) for words in wanted], [" ".join(words) for words in heard])
            found["states"] = state_likeness(own, made, ContentEncoder.from_store(self._store))
        return found

    def _under(self, change: Callable[[FloatArray, int], FloatArray], convert: Convert) -> dict[str, float]:
        few = self._listened[: max(2, self._plan.most // 4)]
        own = [self._own[take.path] for take in few]
        spoilt = [change(sound, number) for number, sound in enumerate(own)]
        made = [convert(sound, secret_of(1), take.speaker) for sound, take in zip(spoilt, few, strict=True)]
        found = {"pitch": _mean([likeness(one, other).pitch for one, other in zip(spoilt, made, strict=True)])}
        if self._store.has("whisper-base"):
            wanted = [self._heard(sound) for sound in own]
            found["wer_before"] = wer(wanted, [self._heard(sound) for sound in spoilt])
            found["wer"] = wer(wanted, [self._heard(sound) for sound in made])
        return {name: value for name, value in found.items() if value is not None}

    def _heard(self, sound: FloatArray) -> list[str]:
        import hashlib

        digest = hashlib.sha256(np.ascontiguousarray(sound).tobytes()).hexdigest()
        if digest not in self._words:
            recogniser = speech_recogniser(self._store, RedactionSettings(asr="whisper-base"))
            words, _ = recogniser(np.pad(sound, (0, 4000)), "en")
            self._words[digest] = plain_words("".join(word.text for word in words))
        return self._words[digest]


def save(folder: Path, rows: Sequence[Row], about: Mapping[str, Any]) -> Path:
    """Write ``comparison.json``; gives its path."""
    make_folder(folder)
    document = {"about": dict(about), "systems": [asdict(row) for row in rows]}
    write_file(folder / FILE, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return folder / FILE


def _privacy(report: VoiceReport, strongest: Outcome) -> dict[str, float | None]:
    told = max(report.attacks.values(), key=lambda found: found.identified)
    again = risk(told)
    return {
        "eer": strongest.eer.value,
        "eer_low": strongest.eer.low,
        "eer_high": strongest.eer.high,
        "identified": told.identified,
        "risk": again.value,
        "risk_low": again.low,
        "risk_high": again.high,
        "bits": leaked_bits(told.identified, report.speakers),
        "linked": report.purpose.identified,
        "worst_eer": strongest.worst[1],
        "speakers": float(report.speakers),
    }


def _kept(path: Path, spent: Spent) -> Spent:
    """What converting cost when it was done, where it was done before."""
    if not np.isfinite(spent.rtf) and path.is_file():
        return Spent(**json.loads(path.read_text("utf-8")))
    make_folder(path.parent)
    write_file(path, json.dumps(asdict(spent)))
    return spent


def _mean(values: Sequence[float]) -> float | None:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else None
