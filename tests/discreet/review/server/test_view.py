"""The document in the shape of the page."""

from __future__ import annotations

import json

from discreet.review.server.view import MOST_BOXES, view
from timeline import Timeline


def made(boxes: int = 0) -> Timeline:
    rows = [[n / 25, 10.4, 20, 30, 40] for n in range(boxes)]
    return Timeline.model_validate(
        {
            "recording": {"duration": 10.0, "width": 64, "height": 48},
            "people": [{"id": "p1", "name": "Ann", "pseudonym": "Speaker 1", "registered": True}],
            "tracks": [{"id": "t1", "person": "p1", "start": 0, "end": 9, "boxes": rows, "masked": False}],
            "provenance": {"source_sha256": "ab" * 32, "settings": {"redaction": {"deny": ["secret"]}}},
        }
    )


def test_it_is_json_and_holds_no_hash_and_no_settings() -> None:
    text = json.dumps(view(made(), (), {}))
    assert "abab" not in text
    assert "secret" not in text


def test_somebody_with_a_name_is_called_by_it() -> None:
    assert view(made(), (), {})["people"][0]["label"] == "Ann"


def test_boxes_are_thinned_out() -> None:
    (face,) = view(made(boxes=225), (), {})["faces"]
    assert 6 * MOST_BOXES <= len(face["boxes"]) <= 9 * MOST_BOXES + 1
    assert face["boxes"][0] == [0.0, 10, 20, 30, 40]
