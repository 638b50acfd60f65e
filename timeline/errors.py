"""Errors that end a run, each with one clear line and a documented exit code."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; docs/reference/exit-codes.md explains each."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    INPUT = 3
    MODELS = 4
    OUTPUT = 5
    PEOPLE = 6
    DEVICE = 7
    UNSAFE = 8
    REFUSED = 9
    INTERRUPTED = 130


def _one_line(text: str) -> str:
    """Escape characters of a file name or setting that a terminal would act on."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class DiscreetError(Exception):
    """An error that a user can fix: ``str()`` is one line that says what is wrong; ``remedy`` says what to do."""

    exit_code: ExitCode = ExitCode.INTERNAL

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(_one_line(message))
        self.remedy = remedy


class InputError(DiscreetError):
    """An input file is missing, not a recording, damaged, or contains nothing to work on."""

    exit_code = ExitCode.INPUT


class ModelError(DiscreetError):
    """A model is missing, damaged, or its licence has not been accepted."""

    exit_code = ExitCode.MODELS


class OutputError(DiscreetError):
    """A result could not be written: disk full, no permission, something is in the way."""

    exit_code = ExitCode.OUTPUT


class PeopleError(DiscreetError):
    """Enrolment or consent: a photo or clip is not good enough, a person is unknown, the vault cannot be opened."""

    exit_code = ExitCode.PEOPLE


class DeviceError(DiscreetError):
    """A camera or microphone is missing or was lost."""

    exit_code = ExitCode.DEVICE


class UnsafeError(DiscreetError):
    """A result could not be made safe, so none was left."""

    exit_code = ExitCode.UNSAFE


class RefusedError(DiscreetError):
    """A project's governance, or somebody's consent, does not allow it."""

    exit_code = ExitCode.REFUSED
