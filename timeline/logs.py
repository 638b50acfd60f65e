"""Logging that keeps private data out: an exception's type and place, never its text.

An exception's message may quote a word, a name or a path, so it is never logged, nor is a traceback. All loggers are
children of ``discreet`` and silent until a program adds a handler to it; the command line does so for ``--verbose``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LOGGER = "discreet"
"""The logger above all others of this program."""
ROOMS = (
    "timeline", "weights", "registered", "capture", "vision", "diarization", "redaction", "voice", "sharing",
    "discreet", "evaluation",
)  # fmt: skip
"""The packages of this program: places are named in these only."""
PROGRAMMING_ERRORS = (AssertionError, AttributeError, LookupError, NameError, NotImplementedError, TypeError)
"""Exceptions that good code raises for no input: where one escapes, the program is at fault."""
CAUSES = 5
"""Exceptions of one chain that are logged at most."""

logging.getLogger(LOGGER).addHandler(logging.NullHandler())


def place_of(error: BaseException) -> str:
    """``module:line`` of the innermost frame of this program that the exception passed; "" if it passed none."""
    module, line = _innermost(error)
    return f"{module}:{line}" if module else ""


def is_programming_error(error: BaseException) -> bool:
    """Whether the exception means that the program is at fault, not the input, a model or the machine."""
    return isinstance(error, PROGRAMMING_ERRORS)


def failure(what: str, error: BaseException) -> str:
    """A reason to show: ``the face detector failed (RuntimeError)``, or that the program itself is at fault."""
    kind = type(error).__name__
    if is_programming_error(error):
        return f"a fault in the program stopped {what} ({kind})"
    return f"{what} failed ({kind})"


def log_error(what: str, error: BaseException) -> None:
    """Log what could not be done, with the exception's type and place.

    A programming error is logged as ERROR, everything else as WARNING.

    Args:
        what: could not be done; a literal, so that nothing private can get in. A test holds this.
        error: the exception that is not passed on.
    """
    module, _ = _innermost(error)
    level = logging.ERROR if is_programming_error(error) else logging.WARNING
    logger = logging.getLogger(f"{LOGGER}.{module}" if module else LOGGER)
    logger.log(level, "%s: %s", what, ", caused by ".join(_described(error)))


def log_step(what: str, name: str, **figures: float) -> None:
    """Log a step of normal work as INFO.

    Args:
        what: was done; a literal. A test holds this.
        name: of a part of the program, such as a stage or a model of the manifest; never of a person or a file.
        figures: to log with it.
    """
    text = "".join(f", {key} {value:.6g}" for key, value in figures.items())
    logging.getLogger(LOGGER).info("%s: %s%s", what, name, text)


@contextmanager
def tolerated(what: str) -> Iterator[None]:
    """Log an exception of the block and go on after it: for what must not cost the work around it.

    Args:
        what: could not be done; a literal.
    """
    try:
        yield
    except Exception as error:
        log_error(what, error)


def _described(error: BaseException | None) -> Iterator[str]:
    """Type and place of the exception and of what caused it."""
    for _ in range(CAUSES):
        if error is None:
            return
        yield f"{type(error).__name__} at {place_of(error) or 'an unknown place'}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _innermost(error: BaseException) -> tuple[str, int]:
    """Module and line of the innermost frame of this program."""
    found = ("", 0)
    trace = error.__traceback__
    while trace is not None:
        module = _module(trace.tb_frame)
        if module.partition(".")[0] in ROOMS:
            found = (module, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
