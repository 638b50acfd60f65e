"""Recordings with their truth: RTTM, sound at 16 kHz, and what they are judged with."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from evaluation.data.composed import COLLAR
from evaluation.data.media import MEDIA, RATE
from evaluation.data.recordings import Recording, assembled_meeting, read_rttm, recordings

RTTM = """SPEAKER one 1 0.50 1.25 <NA> <NA> ann <NA> <NA>
LEXEME one 1 0.5 0.2 hello <NA> ann <NA> <NA>
SPEAKER one 1 2 0.5 <NA> <NA> bob <NA> <NA>
"""


def test_only_turns_are_read_from_rttm(tmp_path: Path) -> None:
    path = tmp_path / "one.rttm"
    path.write_text(RTTM)
    assert read_rttm(path) == ((0.5, 1.75, "ann"), (2.0, 2.5, "bob"))


def test_channels_are_mixed_and_another_rate_is_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "a.wav", tmp_path / "b.wav"
    soundfile.write(one, np.stack([np.full(RATE, 0.5), np.full(RATE, -0.25)], 1), RATE, subtype="FLOAT")
    soundfile.write(other, np.zeros(100), 8000)
    samples = np.concatenate([*Recording("a", one, ()).audio().blocks()])
    np.testing.assert_allclose(samples, 0.125)
    with pytest.raises(ValueError, match=r"b\.wav: 8000 Hz"):
        Recording("b", other, ()).audio()


def test_what_was_composed_is_judged_with_a_collar_and_what_was_annotated_is_not(tmp_path: Path) -> None:
    assert Recording("dev_room3", tmp_path / "dev_room3.mp4", ()).collar == COLLAR
    assert Recording("trn00", tmp_path / "trn00.flac", ()).collar == 0.0


@pytest.mark.media
@pytest.mark.skipif(not (MEDIA / "voices").is_dir(), reason="../shared/media/voices is absent")
def test_a_strung_meeting_has_as_many_speakers_as_asked_for_and_is_the_same_each_time() -> None:
    one, other = assembled_meeting(3, 60.0), assembled_meeting(3, 60.0)
    assert len({who for *_, who in one.turns}) == 3
    assert one.turns == other.turns
    assert one.collar == COLLAR


@pytest.mark.media
@pytest.mark.skipif(not (MEDIA / "diarization").is_dir(), reason="../shared/media/diarization is absent")
def test_names_choose_recordings() -> None:
    class Empty:
        def has(self, id: str) -> bool:
            return False

    every = recordings(Empty())
    assert len(every) > 1
    assert [r.name for r in recordings(Empty(), [every[-1].name])] == [every[-1].name]
