"""Private words said aloud: whoever listens to the result hears none of them, and hears what stands beside them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from capture import AudioFile
from discreet.config.settings import load
from discreet.pipeline.amplify import Normalised
from discreet.pipeline.context import RunContext
from discreet.progress import Quiet
from discreet.redact import listen, write_safe
from redaction import Transcriber
from registered import Registry
from timeline import ArrayAudio

pytestmark = [pytest.mark.models, pytest.mark.media]
NEEDS = ("whisper-base", "spacy-en-sm", "silero-vad")
SETTINGS = load(None, ["redaction.language=en"])

CASES = {
    "w_postcodes.wav": (r"sw1|2ra|2aa|m5v|3l9|bs8|bristol|eh1|1re", "soup for lunch"),
    "w_plates.wav": (r"la51|51bds|bds|kn19|xrt|7 ?a ?b ?c|412|lima|alpha|bravo|delta|sierra", "weather was lovely"),
    "w_births.wav": (r"march|1972|14|august|09|3rd|12th|81|christmas|eve\b", "talk about the budget"),
    "w_months.wav": (r"april|june|white|tank|grace|\bwill\b|\ba j\b", "soup for lunch"),
    "w_shortnums.wav": (r"402|4217|4060|20\b|900|42|11|800|get well", "soup for lunch"),
    "w_secrets.wav": (r"purple|elephant|correct|horse|battery|staple|312|baker|0419", "soup for lunch"),
}
"""What must not be heard, and what must."""


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_is_private_is_not_heard(name, store, needs, media, tmp_path, monkeypatch):
    needs(store, *NEEDS)
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    source = media / "cases" / name
    if not source.is_file():
        pytest.skip(f"no {source}")
    registry = Registry.open(tmp_path / "people", "file")
    run = listen(source, RunContext.of(SETTINGS, store, registry), Quiet())
    target = tmp_path / "safe.wav"
    write_safe(run, target, SETTINGS, Quiet())
    written = np.concatenate(list(AudioFile(target, 16000).blocks()))

    audio = Normalised(ArrayAudio(np.ascontiguousarray(written, np.float32)))
    words = Transcriber.from_store(store, SETTINGS.redaction)(audio)
    heard = re.sub(r"[-,.?!]", "", " ".join(word.text for word in words).lower())
    private, kept = CASES[name]
    assert not re.findall(private, heard), heard
    assert kept in heard
