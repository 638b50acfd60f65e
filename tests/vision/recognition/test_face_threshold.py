"""The face threshold: users may make it stricter, and only the track's cosine a little looser."""

import pytest
from pydantic import ValidationError

from vision.recognition.face_threshold import LOOSER, RecogniseSettings

STANDARD = RecogniseSettings()


@pytest.mark.parametrize("name", ["support", "margin", "crop", "agree", "share", "reject", "doubt", "single"])
def test_no_figure_can_be_made_much_looser(name: str) -> None:
    least = getattr(STANDARD, name) / 2 if name != "agree" else 2
    with pytest.raises(ValidationError):
        RecogniseSettings(**{name: least})


def test_every_figure_can_be_made_stricter() -> None:
    strict = RecogniseSettings(track=0.6, margin=0.2, crop=0.4, agree=5, share=0.8, reject=0.4, doubt=0.2, hold=1.0)
    assert strict.track > STANDARD.track
    assert strict.hold < STANDARD.hold


def test_the_looser_threshold_is_above_the_one_at_which_strangers_were_shown() -> None:
    assert STANDARD.track - LOOSER > 0.35


def test_a_misspelled_figure_is_refused() -> None:
    with pytest.raises(ValidationError):
        RecogniseSettings(tracks=0.5)
