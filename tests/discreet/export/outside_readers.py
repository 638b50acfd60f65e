"""What other programs read in exports; run by test_outside_readers.py in a Python that has them: ``... FOLDER``.

Needs lhotse (Kaldi), crowsetta (Audacity) and label-studio-sdk. For each folder of exports in FOLDER it prints one line
of JSON: rows ``[start, end, who, text]`` by format, times in seconds.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from crowsetta.formats.seq import AudSeq
from label_studio_sdk.label_interface import LabelInterface
from lhotse.kaldi import load_kaldi_data_dir

NAME = "recording"


def kaldi(folder: Path) -> list[list[Any]]:
    _, found, _ = load_kaldi_data_dir(folder / f"{NAME}.kaldi", sampling_rate=16000)
    return [[one.start, one.end, one.speaker, one.text or ""] for one in found or ()]


def audacity(folder: Path) -> list[list[Any]]:
    path = folder / f"{NAME}.aud.txt"
    if not path.stat().st_size:
        return []  # crowsetta takes an empty track for a fault
    read = AudSeq.from_file(path)
    return [
        [float(a), float(b), "", str(c)] for a, b, c in zip(read.start_times, read.end_times, read.labels, strict=True)
    ]


def label_studio(folder: Path) -> list[list[Any]]:
    interface = LabelInterface((folder / f"{NAME}.label-studio.xml").read_text("utf-8"))
    interface.validate()
    (task,) = json.loads((folder / f"{NAME}.label-studio.json").read_text("utf-8"))
    if not interface.validate_task({"data": task["data"]}):
        raise ValueError("the task does not fit the setup")
    texts: dict[str, str] = {}
    labels: dict[str, list[Any]] = {}
    for prediction in task["predictions"]:
        if not interface.validate_prediction(prediction):
            raise ValueError("the prediction does not fit the setup")
        for region in prediction["result"]:
            if not interface.validate_region(region):
                raise ValueError(f"the region does not fit the setup: {region}")
            value = region["value"]
            if region["type"] == "labels":
                labels[region["id"]] = [value["start"], value["end"], value["labels"][0]]
            else:
                texts[region["id"]] = value["text"][0]
    return [[*row, texts.get(id, "")] for id, row in labels.items()]


READERS = {"kaldi": kaldi, "aud": audacity, "label-studio": label_studio}

if __name__ == "__main__":
    for each in sorted(Path(sys.argv[1]).iterdir()):
        print(json.dumps({"folder": each.name, **{name: read(each) for name, read in READERS.items()}}))
