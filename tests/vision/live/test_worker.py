"""What the worker's thread says of a look that raised: the log line and the outcome hold no private text."""

import numpy as np
import pytest

from vision.live import Failure, Frame, FrameResult
from vision.live.worker import ThreadWorker

SECRET = "Anneliese Maier"
FRAME = Frame(0.0, np.zeros((4, 4, 3), np.uint8))


def outcome_of(error: Exception) -> Failure:
    """What a worker gives for a look that raises ``error``."""

    def job(frame: Frame) -> FrameResult:
        raise error

    worker = ThreadWorker(lambda: job)
    try:
        worker.offer(FRAME)
        worker.wait(0.0, 5.0)
        (outcome,) = worker.poll(0.0)
    finally:
        worker.close(5.0)
    assert isinstance(outcome, Failure)
    return outcome


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError(SECRET), "the face detector failed (RuntimeError)"),
        (TypeError(SECRET), "a fault in the program stopped the face detector (TypeError)"),
    ],
)
def test_a_look_that_raises_is_logged_by_type_and_place(
    error: Exception, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert outcome_of(error).reason == reason
    (line,) = caplog.messages
    assert line.startswith(f"a picture was not analysed: {type(error).__name__} at vision.live.worker:")
    assert SECRET not in caplog.text


def test_a_worker_that_cannot_start_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise OSError(SECRET)

    worker = ThreadWorker(fail)  # type: ignore[arg-type]
    worker.wait(0.0, 5.0)
    worker.close(5.0)
    assert "the face worker did not start: OSError at vision.live.worker:" in caplog.text
    assert SECRET not in caplog.text
