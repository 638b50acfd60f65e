"""Ordinary talk: what is marked private is counted, and nothing else."""

import re

import pytest

from evaluation.runs.ordinary_talk import as_heard, ordinary, talk
from redaction import Entity, PiiFinder, RedactionSettings


def test_what_is_in_braces_is_private():
    lines = talk()
    assert len(lines) > 40
    said = [text[s.start : s.stop] for text, spans in lines for s in spans]
    assert "Katarzyna" in said
    assert not any("{" in text or "}" in text or text.startswith("#") for text, _ in lines)


def test_as_heard_keeps_offsets_and_has_no_capitals():
    for text, _ in talk():
        assert len(as_heard(text)) == len(text)
        assert as_heard(text) == as_heard(text).lower()
    assert as_heard("Mr. Bo, a@b.net.") == "mr  bo  a@b.net "


def test_everything_and_nothing_found(capsys):
    ordinary("all", lambda text: [Entity(0, len(text), "PERSON", 1.0, "")])
    assert "found 1.000" in (out := capsys.readouterr().out)
    assert "took 1.0000" in out
    ordinary("none", lambda text: [])
    assert "found 0.000" in (out := capsys.readouterr().out)
    assert "took 0.0000" in out


@pytest.mark.slow
@pytest.mark.models
def test_hardly_a_word_of_ordinary_talk_is_taken(store, needs, capsys):  # type: ignore[no-untyped-def]
    needs(store, "spacy-en-sm")
    ordinary("discreet", PiiFinder.from_store(store, RedactionSettings()).find)
    out = capsys.readouterr().out
    print(out)
    (found, taken), (low_found, low_taken) = re.findall(r"found ([\d.]+) .*took ([\d.]+)", out)
    assert float(found) >= 0.99
    assert float(taken) <= 0.0045
    assert float(low_found) >= 0.96
    assert float(low_taken) <= 0.0105
