"""A log line holds the type and place of an exception, and nothing that the exception says."""

import json
import logging

import pytest

from timeline import ModelError, Segment, failure, is_programming_error, log_error, log_step, place_of, tolerated

SECRET = "Anneliese Maier, /home/anneliese/therapy.mp4"


def raised(kind: type[BaseException] = ValueError) -> BaseException:
    """An exception with a private message, raised below a function of this program."""
    try:
        try:
            Segment(2.0, 1.0)  # in timeline.segment
        except ValueError as error:
            raise kind(SECRET) from error
    except BaseException as error:
        return error


def in_a_library() -> BaseException:
    """An exception that a function of this program did not handle, raised by the library it called."""
    from timeline import Timeline

    try:
        Timeline.from_json("{")
    except Exception as error:
        return error
    raise AssertionError


def test_the_place_is_the_innermost_line_of_this_program() -> None:
    module, _, line = place_of(in_a_library()).partition(":")
    assert module == "timeline.document"
    assert line.isdigit()


def test_an_exception_that_passed_no_line_of_this_program_has_no_place() -> None:
    assert place_of(raised()) == place_of(ValueError("never raised")) == ""


def test_a_line_holds_type_and_place_of_the_exception_and_of_its_causes(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "discreet"):
        log_error("a picture was not analysed", raised(ModelError))
    (record,) = caplog.records
    text = record.getMessage()
    assert text.startswith("a picture was not analysed: ModelError at an unknown place, caused by ValueError at ")
    assert "timeline.segment:" in text
    assert record.exc_info is None
    assert SECRET not in caplog.text
    assert "Anneliese" not in str(record.__dict__)


def test_a_suppressed_context_is_no_cause(caplog: pytest.LogCaptureFixture) -> None:
    error = raised()
    error.__cause__, error.__suppress_context__ = None, True
    log_error("x", error)
    assert "caused by" not in caplog.text


def test_a_chain_of_causes_ends(caplog: pytest.LogCaptureFixture) -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    log_error("x", one)
    assert caplog.text.count("caused by") == 4


@pytest.mark.parametrize("kind", [TypeError, AttributeError, NameError, KeyError, IndexError, AssertionError])
def test_a_programming_error_is_told_from_bad_luck(kind: type[Exception], caplog: pytest.LogCaptureFixture) -> None:
    assert is_programming_error(kind())
    assert failure("the face detector", kind(SECRET)) == (
        f"a fault in the program stopped the face detector ({kind.__name__})"
    )
    log_error("x", kind())
    assert caplog.records[0].levelno == logging.ERROR


@pytest.mark.parametrize("kind", [RuntimeError, ValueError, OSError, MemoryError, ModelError])
def test_bad_luck_is_no_programming_error(kind: type[Exception], caplog: pytest.LogCaptureFixture) -> None:
    assert not is_programming_error(kind(SECRET))
    assert failure("the face detector", kind(SECRET)) == f"the face detector failed ({kind.__name__})"
    log_error("x", kind(SECRET))
    assert caplog.records[0].levelno == logging.WARNING


def test_what_is_tolerated_is_logged_and_ends_there(caplog: pytest.LogCaptureFixture) -> None:
    with tolerated("a microphone could not be closed"):
        json.loads(f'"{SECRET}')
    assert "a microphone could not be closed: JSONDecodeError" in caplog.text
    assert SECRET not in caplog.text


def test_an_interruption_is_not_tolerated() -> None:
    with pytest.raises(KeyboardInterrupt), tolerated("x"):
        raise KeyboardInterrupt


def test_a_step_is_logged_with_its_figures(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "discreet"):
        log_step("stage finished", "faces", seconds=12.3456)
    assert caplog.messages == ["stage finished: faces, seconds 12.3456"]


def test_nothing_is_printed_unless_a_program_asks_for_it(capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("discreet")
    assert any(isinstance(handler, logging.NullHandler) for handler in logger.handlers)
    assert not logger.isEnabledFor(logging.INFO)
    log_error("x", ValueError())
    assert capfd.readouterr() == ("", "")
