"""Nobody needs to listen to progress."""

import pytest

from timeline.progress import silent


@pytest.mark.parametrize("done", [0.0, 0.5, 1.0])
def test_progress_without_a_listener_says_nothing(done: float, capsys: pytest.CaptureFixture[str]) -> None:
    assert silent(done) is None
    assert capsys.readouterr() == ("", "")
