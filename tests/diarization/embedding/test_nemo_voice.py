"""TitaNet through NeMo: asked for without NeMo, it says so. What it computes is checked in nemo_checks.py."""

from __future__ import annotations

import pytest

from diarization.embedding.nemo_voice import nemo_voice
from timeline import ModelError
from weights import Store


def test_without_nemo_there_is_no_titanet_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nemo.collections.asr", None)
    with pytest.raises(ModelError, match="NeMo was chosen"):
        nemo_voice(Store(), "titanet-s")
