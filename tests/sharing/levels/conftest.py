"""A session of three people, of whom one is left out."""

from __future__ import annotations

from typing import Any

import pytest

from sharing.levels import Included, Session
from timeline import Timeline

LEFT_OUT = ("Gareth", "gone", "0.8765")
"""What must stand in no export of the session: a name, a word of somebody left out, and a score of likeness."""


def document() -> dict[str, Any]:
    people = [
        {"id": "p1", "name": "Gareth", "pseudonym": "Speaker 1", "registered": True, "seen": True, "heard": True},
        {"id": "p2", "pseudonym": "Speaker 2", "registered": True, "seen": False, "heard": False},
        {"id": "p3", "pseudonym": "Speaker 3"},
    ]
    said = [
        ("p1", 0.0, "good morning"),
        ("p2", 2.0, "hello"),
        ("p3", 3.2, "gone"),
        ("p1", 4.5, "so"),
        ("p2", 5.1, "yes"),
    ]
    words, turns = [], []
    for person, start, text in said:
        parts = text.split()
        turns.append(
            {
                "start": start,
                "end": start + len(parts) * 0.7,
                "person": person,
                "confidence": 0.8765,
                "evidence": {"voice": 0.8765},
                "overlap": start == 4.5,
            }
        )
        words += [
            {"start": start + n * 0.7, "end": start + n * 0.7 + 0.6, "text": t, "person": person, "confidence": 0.8765}
            for n, t in enumerate(parts)
        ]
    words.append({"start": 1.3, "end": 1.4, "text": "[PERSON]", "person": "p1", "redaction": "r1"})
    tracks = [
        {
            "id": f"t{n}",
            "person": f"p{n}",
            "start": 0,
            "end": 6,
            "boxes": [[0, n, n, 9, 9]],
            "masked": n > 1,
            "speaking": [[1, 0.8765]],
        }
        for n in (1, 2, 3)
    ]
    redactions = [
        {
            "id": "r1",
            "kind": "word",
            "start": 1.3,
            "end": 1.4,
            "person": "p1",
            "entity": "PERSON",
            "operator": "beep",
            "score": 0.8765,
            "reason": "like Gareth",
        },
        {"id": "r2", "kind": "face", "start": 0, "end": 6, "person": "p3", "operator": "solid", "reason": "a stranger"},
    ]
    provenance = {
        "version": "1.0",
        "created": "2026-03-04",
        "source_sha256": "ab" * 32,
        "models": {"yunet": "cd" * 32},
        "settings": {"deny": ["Gareth"]},
        "notes": ["Gareth"],
    }
    return {
        "recording": {"duration": 6.0, "width": 64, "height": 48, "fps": 10.0, "sample_rate": 16000},
        "people": people,
        "tracks": tracks,
        "turns": turns,
        "words": words,
        "redactions": redactions,
        "provenance": provenance,
    }


@pytest.fixture
def session() -> Session:
    """Two people are part of the export, the third is left out."""
    people = {
        "p1": Included("P-AAAAAAAAAAAAA", seen=True, heard=True, quoted=True),
        "p2": Included("P-BBBBBBBBBBBBB", quoted=True),
    }
    return Session("S-AAAAAAAAAAAAA", Timeline.model_validate(document()), people)
