"""The published JSON Schema of ``timeline.json``.

``python -m timeline.schema > timeline/timeline.schema.json`` regenerates it; a test compares the file with the code.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from timeline.document import Timeline

PATH = Path(__file__).with_name("timeline.schema.json")


def schema_text() -> str:
    """The schema of the document as JSON text."""
    schema = Timeline.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = "discreet/timeline/1"
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
