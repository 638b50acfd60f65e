"""Tasks for Label Studio: one task with a region and its transcript for each utterance, and the labelling setup.

The region format is that of Label Studio's audio labels and text areas, as its import documentation describes it; the
regions come as a prediction, for somebody to correct. The setup belongs into the project's labelling interface.
"""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from discreet.export.utterances import Utterance, speakers, utterances
from timeline import Timeline


def tasks(timeline: Timeline, name: str) -> str:
    """The tasks, JSON; times in seconds."""
    audio = "safe.mp4" if timeline.recording.width else "safe.m4a"
    regions = [
        region
        for number, one in enumerate(utterances(timeline, speakers(timeline)), 1)
        for region in _regions(f"u{number}", one, timeline.recording.duration)
    ]
    made = [{"data": {"audio": audio}, "predictions": [{"model_version": "discreet", "result": regions}]}]
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _regions(id: str, one: Utterance, length: float) -> list[dict[str, Any]]:
    span = {"start": one.start, "end": one.end, "channel": 0}
    common = {"id": id, "to_name": "audio", "original_length": length}
    label = {**common, "from_name": "speaker", "type": "labels", "value": {**span, "labels": [one.speaker]}}
    text = {**common, "from_name": "words", "type": "textarea", "value": {**span, "text": [one.text]}}
    return [label, text] if one.words else [label]


def setup(timeline: Timeline, name: str) -> str:
    """The labelling interface that the tasks fit, XML."""
    view = ElementTree.Element("View")
    labels = ElementTree.SubElement(view, "Labels", {"name": "speaker", "toName": "audio"})
    for label in speakers(timeline).values():
        ElementTree.SubElement(labels, "Label", {"value": label})
    ElementTree.SubElement(view, "Audio", {"name": "audio", "value": "$audio"})
    area = {"name": "words", "toName": "audio", "perRegion": "true", "editable": "true", "displayMode": "region-list"}
    ElementTree.SubElement(view, "TextArea", area)
    ElementTree.indent(view, " ")
    return ElementTree.tostring(view, encoding="unicode") + "\n"
