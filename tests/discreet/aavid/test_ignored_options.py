"""A command line of AAVID's runs unchanged; what has no effect is said, and a slip is not overlooked."""

import pytest

from discreet.aavid.ignored_options import TUNING, without_effect
from timeline import InputError


def test_options_that_tune_aavid_s_models_are_named_with_or_without_their_value() -> None:
    assert without_effect([]) == ""
    line = without_effect(["--minTrack", "10", "--cropScale=0.4", "--pretrainModel", "a.model"])
    assert line.endswith("--minTrack, --cropScale, --pretrainModel.")
    assert all(without_effect([name, "1"]) for name in TUNING)


@pytest.mark.parametrize("words", [["--face_maskng"], ["masked"], ["--minTrack", "10", "20"], ["--minTrack=10", "20"]])
def test_anything_else_is_refused(words: list[str]) -> None:
    with pytest.raises(InputError, match="there is no option"):
        without_effect(words)
