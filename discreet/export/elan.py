"""ELAN annotation files (EAF 3.0): one tier of utterances and one of words for each speaker.

The format is the schema ``EAFv3.0.xsd`` of the Max Planck Institute for Psycholinguistics.
"""

from __future__ import annotations

from xml.etree import ElementTree

from discreet.export.tiers import tiers
from timeline import Timeline

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_EPOCH = "1970-01-01T00:00:00+00:00"


def eaf(timeline: Timeline, name: str) -> str:
    """The document for ELAN, which finds the recording beside it as ``safe.mp4`` or ``safe.m4a``."""
    media = ("safe.mp4", "video/mp4") if timeline.recording.width else ("safe.m4a", "audio/mp4")
    root = ElementTree.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "",
            "DATE": timeline.provenance.created or _EPOCH,
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": _INSTANCE,
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    header = ElementTree.SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    place = {"MEDIA_URL": f"./{media[0]}", "RELATIVE_MEDIA_URL": f"./{media[0]}", "MIME_TYPE": media[1]}
    ElementTree.SubElement(header, "MEDIA_DESCRIPTOR", place)
    times = ElementTree.SubElement(root, "TIME_ORDER")
    number = 0
    for tier in tiers(timeline):
        attributes = {"TIER_ID": tier.name, "LINGUISTIC_TYPE_REF": tier.kind, "PARTICIPANT": tier.speaker}
        rows = ElementTree.SubElement(root, "TIER", attributes)
        for start, end, text in tier.spans:
            number += 1
            slots = f"ts{2 * number - 1}", f"ts{2 * number}"
            for slot, at in zip(slots, (start, end), strict=True):
                ElementTree.SubElement(times, "TIME_SLOT", {"TIME_SLOT_ID": slot, "TIME_VALUE": str(at)})
            annotation = ElementTree.SubElement(
                ElementTree.SubElement(rows, "ANNOTATION"),
                "ALIGNABLE_ANNOTATION",
                {"ANNOTATION_ID": f"a{number}", "TIME_SLOT_REF1": slots[0], "TIME_SLOT_REF2": slots[1]},
            )
            ElementTree.SubElement(annotation, "ANNOTATION_VALUE").text = text
    times[:] = sorted(times, key=lambda slot: int(slot.attrib["TIME_VALUE"]))
    for kind in ("utterances", "words"):
        attributes = {"LINGUISTIC_TYPE_ID": kind, "TIME_ALIGNABLE": "true", "GRAPHIC_REFERENCES": "false"}
        ElementTree.SubElement(root, "LINGUISTIC_TYPE", attributes)
    last = ElementTree.SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"})
    last.text = str(number)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
