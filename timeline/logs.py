"""Logging without private data: an exception's type and place, never its text.

An exception's message may quote a word, a name or a path, so neither messages nor tracebacks are logged. All loggers
are children of ``discreet`` and silent until a program adds a handler to it; the command line does so for
``--verbose``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LOGGER = "discreet"
"""The program's top logger."""
ROOMS = (
    "timeline", "weights", "registered", "capture", "vision", "diarization", "redaction", "voice", "sharing",
    "discreet", "evaluation",
)  # fmt: skip
"""The packages of this program; only places in these are logged."""
PROGRAMMING_ERRORS = (AssertionError, AttributeError, LookupError, NameError, NotImplementedError, TypeError)
"""Exceptions that correct code never raises, whatever the input: if one escapes, the program has a bug."""
CAUSES = 5
"""Most exceptions of one chain that are logged."""

logging.getLogger(LOGGER).addHandler(logging.NullHandler())


def place_of(error: BaseException) -> str:
    """``module:line`` of the innermost frame of this program that the exception passed; "" if it passed none."""
    module, line = _innermost(error)
    return f"{module}:{line}" if module else ""


def is_programming_error(error: BaseException) -> bool:
    """Whether the exception means a bug in the program, not a problem with the input, a model or the machine."""
    return isinstance(error, PROGRAMMING_ERRORS)


def failure(what: str, error: BaseException) -> str:
    """A reason to show: ``the face detector failed (RuntimeError)``, or that the program itself has a fault."""
    kind = type(error).__name__
    if is_programming_error(error):
        return f"a fault in the program stopped {what} ({kind})"
    return f"{what} failed ({kind})"


def log_error(what: str, error: BaseException) -> None:
    """Log what could not be done, with the exception's type and place.

    A programming error is logged as ERROR, everything else as WARNING.

    Args:
        what: what could not be done; a literal, so that nothing private can get in. A test enforces this.
        error: the exception that is not passed on.
    """
    module, _ = _innermost(error)
    level = logging.ERROR if is_programming_error(error) else logging.WARNING
    logger = logging.getLogger(f"{LOGGER}.{module}" if module else LOGGER)
    logger.log(level, "%s: %s", what, ", caused by ".join(_described(error)))


def log_step(what: str, name: str, **figures: float) -> None:
    """Log a step of normal work as INFO.

    Args:
        what: what was done; a literal. A test enforces this.
        name: a part of the program, such as a stage or a model of the manifest; never a person or a file.
        figures: numbers to log with it.
    """
    text = "".join(f", {key} {value:.6g}" for key, value in figures.items())
    logging.getLogger(LOGGER).info("%s: %s%s", what, name, text)


@contextmanager
def tolerated(what: str) -> Iterator[None]:
    """Log an exception of the block and continue after it: for steps that must not stop the work around them.

    Args:
        what: what could not be done; a literal.
    """
    try:
        yield
    except Exception as error:
        log_error(what, error)


def _described(error: BaseException | None) -> Iterator[str]:
    """Type and place of the exception and of its causes."""
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
