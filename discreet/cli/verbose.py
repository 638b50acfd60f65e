"""``--verbose``, which every command takes: log lines on standard error."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Annotated, Any

import typer

from discreet.cli.console import err
from timeline import LOGGER

HELP = "Log each step and each handled error to standard error, without private data."


class _ConsoleLog(logging.Handler):
    """Writes log lines above the progress bars, which share the console."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        err.print(self.format(record), markup=False, style="dim")


def start_logging(wanted: bool) -> bool:
    """Log to standard error if ``wanted``. May be called twice."""
    logger = logging.getLogger(LOGGER)
    if wanted and not any(isinstance(handler, _ConsoleLog) for handler in logger.handlers):
        handler = _ConsoleLog()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    return wanted


VerboseFlag = Annotated[bool, typer.Option("-v", "--verbose", callback=start_logging, is_eager=True, help=HELP)]


def take_verbose(app: typer.Typer) -> None:
    """Let every command of ``app`` and of its groups take ``--verbose`` beside its own options."""
    for command in app.registered_commands:
        if command.callback is not None:
            command.callback = _with_flag(command.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            take_verbose(group.typer_instance)


def _with_flag(command: Callable[..., Any]) -> Callable[..., Any]:
    """``command`` with the parameter ``verbose``. Typer reads options from the signature."""

    @functools.wraps(command)
    def run(*arguments: Any, verbose: bool = False, **options: Any) -> Any:
        return command(*arguments, **options)

    own = inspect.signature(command, eval_str=True)
    flag = inspect.Parameter("verbose", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=VerboseFlag)
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), flag])  # type: ignore[attr-defined]
    run.__annotations__ = {name: parameter.annotation for name, parameter in own.parameters.items()}
    run.__annotations__["verbose"] = VerboseFlag
    return run
