"""Valid files of reviews, exports, the voice lab, AAVID and the registry, with their readers: see
:mod:`evaluation.data.hostile_seeds`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from evaluation.data.hostile_seeds import INPUT, PEOPLE, USAGE, Reader
from timeline import ExitCode

UNSAFE = int(ExitCode.UNSAFE)
DECISIONS = json.dumps(
    {
        "schema": "discreet/decisions/1",
        "source": "a" * 64,
        "base": "b" * 32,
        "second_reviewer": True,
        "entries": [
            {"id": f"d{number}", "author": "Ann", "at": "2026-01-01T00:00:00+00:00", "decision": decision}
            for number, decision in enumerate(
                (
                    {"kind": "approve", "items": ["w1", "w2"]},
                    {"kind": "redact", "spans": [{"start": 1.0, "end": 1.5}], "every": True, "entity": "PERSON"},
                    {"kind": "mask", "start": 0, "end": 2.5, "box": {"x": 0.1, "y": 0.1, "width": 0.5, "height": 0.5}},
                    {"kind": "rename", "person": "p1", "name": "Ann"},
                    {"kind": "answer", "person": "p2", "seen": False},
                    {"kind": "undo", "entry": "d1"},
                ),
                1,
            )
        ],
    }
)
CRITERIA = """[gates]
max_wer = 0.2
min_eer = 0.3
[weights]
privacy = 45
speed = 10.5
"""
COMPARISON = json.dumps(
    {
        "schema": "discreet/lab/comparison/1",
        "systems": [{"name": "warp", "values": {"eer": 0.3, "wer": 0.1, "risk": 0.2, "rtf": 0.1, "dnsmos": 3.0}}],
    }
)
KEY = json.dumps({"kind": "mushra", "systems": {"a": "reference", "b": "warp"}})
ANSWERS = json.dumps({"ratings": {"a": [95, 100.0], "b": [40, 55]}})
UTTERANCE = json.dumps({"id": "a-1", "speaker": "a", "sound": "a/1.wav", "text": "hello"})
SCORES = """Ann
frames: [0, 1, 2]
scores: [0.5, -1.25, np.float32(2.0)]
Unknown
frames: [4]
scores: [1.5]
"""
LABELED = """0.000 1.500 Ann
1.500, 3.000, Speaker_2
"""


def _decisions(data: bytes, folder: Path) -> None:
    from discreet.review import read_decisions

    path = folder / "decisions.json"
    path.write_bytes(data)
    read_decisions(path, "a" * 64).standing()


def _recalls() -> str:
    from sharing.exports import Signer, recall_list, signed_recalls

    return signed_recalls(recall_list([], dt.datetime(2026, 1, 1, tzinfo=dt.UTC), 30), Signer(bytes(32)))


def _read_recalls(data: bytes, folder: Path) -> None:
    from sharing.exports import Signer, read_recalls

    read_recalls(data, Signer(bytes(32)).public_key())


def _written(name: str, read: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
    def reads(data: bytes, folder: Path) -> object:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return read(path)

    return reads


def _criteria(path: Path) -> object:
    from discreet.lab import read_criteria

    return read_criteria(path)


def _comparison(path: Path) -> object:
    from discreet.lab import judged, read_comparison, read_criteria, table

    systems = read_comparison(path)["systems"]
    return table(systems), judged(systems, read_criteria(None))


def _answers(path: Path) -> object:
    from discreet.lab import analyse

    key = path.with_name("key.json")
    key.write_text(KEY, "utf-8")
    return analyse(key, [path])


def _listening_key(path: Path) -> object:
    from discreet.lab import analyse

    answers = path.with_name("answers.json")
    answers.write_text(ANSWERS, "utf-8")
    return analyse(path, [answers])


def _manifest(path: Path) -> object:
    from voice.neural.corpus import read_manifest

    return read_manifest(path.parent)


def _aavid(path: Path) -> object:
    from discreet.aavid import read_earlier

    return read_earlier(path.parent)


def _place(path: Path) -> object:
    from registered import read_place

    return read_place(path.parent)


DOCUMENTS = {
    "decisions": Reader(DECISIONS, _decisions, (USAGE,)),
    "criteria": Reader(CRITERIA, _written("criteria.toml", _criteria), (INPUT,)),
    "comparison": Reader(COMPARISON, _written("comparison.json", _comparison), (INPUT,)),
    "answers": Reader(ANSWERS, _written("answers.json", _answers), (INPUT,)),
    "listening": Reader(KEY, _written("key.json", _listening_key), (INPUT,)),
    "aavid scores": Reader(SCORES, _written("scores/label_scores.txt", _aavid), (INPUT,)),
    "aavid turns": Reader(LABELED, _written("turns/timeline_labeled.txt", _aavid), (INPUT,)),
    "key place": Reader('{"format": 1, "key": "file", "id": "a"}', _written("place/vault.json", _place), (PEOPLE,)),
}
"""Every reader that the core can run, by name."""
if find_spec("securesystemslib") is not None:
    DOCUMENTS["recalls"] = Reader(_recalls(), _read_recalls, (UNSAFE,))
if find_spec("torch") is not None:
    DOCUMENTS["corpus"] = Reader(UTTERANCE, _written("manifest.jsonl", _manifest), (INPUT,))
