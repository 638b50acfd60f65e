"""What nobody listened to is not written: recordings whose second channel or track holds what the first does not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
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


@pytest.fixture
def safe(store, needs, media, tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    """Redacts a case; gives the channels written ``[n, C]``, 16 kHz, and the notes."""
    needs(store, *NEEDS)
    monkeypatch.setenv("DISCREET_KEYRING", "file")

    def redacted(name: str) -> tuple[npt.NDArray[np.float32], list[str]]:
        source = media / "cases" / name
        if not source.is_file():
            pytest.skip(f"no {source}")
        registry = Registry.open(tmp_path / "people", "file")
        run = listen(source, RunContext.of(SETTINGS, store, registry), Quiet())
        target = tmp_path / ("safe.wav" if source.suffix == ".wav" else "safe.m4a")
        write_safe(run, target, SETTINGS, Quiet())
        written = np.concatenate(list(AudioFile(target, 16000, mono=False).blocks()))
        return written, run.plan.notes

    return redacted


@pytest.fixture
def heard(store):  # type: ignore[no-untyped-def]
    def words(samples: npt.NDArray[np.float32]) -> str:
        audio = Normalised(ArrayAudio(np.ascontiguousarray(samples, np.float32)))
        transcribe = Transcriber.from_store(store, SETTINGS.redaction)
        return " ".join(word.text for word in transcribe(audio)).lower()

    return words


def test_a_voice_in_opposite_phase_beside_a_talker_in_phase(safe, heard) -> None:  # type: ignore[no-untyped-def]
    written, notes = safe("a_opp_talk.wav")
    assert np.array_equal(written[:, 0], written[:, 1]), "no inversion of the channels gives anything else"
    now = heard(written[:, 0])
    for secret in ("gareth", "llewel", "swansea", "792", "555", "134", "five five"):
        assert secret not in now
    assert any("2 channels hold different sound" in note for note in notes)


@pytest.mark.slow
def test_a_quiet_voice_on_a_channel_of_its_own(safe, heard) -> None:  # type: ignore[no-untyped-def]
    written, notes = safe("a_quiet_channel.wav")
    assert np.array_equal(written[:, 0], written[:, 1])
    now = heard(written[:, 0])
    assert "bob" not in now
    assert any("2 channels hold different sound" in note for note in notes)


def test_a_second_sound_track_is_left_out_and_the_report_says_so(safe, heard) -> None:  # type: ignore[no-untyped-def]
    written, notes = safe("a_twotracks.mkv")
    assert written.shape[1] == 1
    assert "plan" in heard(written[:, 0])
    assert "it holds 2 sound tracks: one was taken, the others are left out" in notes
