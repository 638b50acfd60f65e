"""No exception is swallowed silently, and nothing private can get into a log line: held for all of the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from evaluation.metrics.code_modules import House, Module, parsed

BROAD = {"Exception", "BaseException"}
LOGGED = {"log_error", "fault", "_lose"}
"""Functions that log the exception they are given: ``fault`` of the command line and ``_lose`` of the live voice call
``log_error``."""
LITERAL = {"log_error", "log_step", "tolerated"}
LOGGING = {"timeline.logs", "discreet.cli.verbose"}
"""The modules that may use the library's loggers: the helper, and the one that prints what it logs."""
SILENCING = {"discreet.review.server.running", "voice.neural.compress.export", "voice.neural.training.trainer"}
"""The modules that turn down what another library logs."""
HANDED_ON = {
    "capture.decoder.main.main": "sent to the parent process, which raises it",
    "capture.reading.read_ahead._run": "raised again by ReadAhead.message",
    "capture.writing.mp4._run": "raised again by the next call of SafeWriter",
    "discreet.pipeline.sound_thread._run": "raised again by SoundAhead.until",
    "redaction.asr.whisperx_worker.main": "sent to the parent process, which raises it",
    "registered.keys.run": "raised again by _answer",
}
"""Functions that hand the exception to another thread or process, and where it comes up again."""


@pytest.fixture(scope="module")
def house() -> House:
    found = House()
    parsed(found.modules.values())
    return found


def within(node: ast.AST) -> Iterator[ast.AST]:
    """What runs where ``node`` does: nested functions are left out."""
    left = [node]
    while left:
        for child in ast.iter_child_nodes(left.pop()):
            if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
                yield child
                left.append(child)


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def names(node: ast.AST | None) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} if node is not None else BROAD


def broad_excepts(module: Module) -> Iterator[tuple[str, ast.ExceptHandler]]:
    """Each handler of all exceptions, with the full name of the function it stands in."""
    for function in module.functions() if "except" in module.text else ():
        for node in within(function):
            if isinstance(node, ast.ExceptHandler) and names(node.type) & BROAD:
                yield f"{module.name}.{function.name}", node


def test_every_broad_except_logs_or_raises(house: House) -> None:
    silent = set()
    count = 0
    for module in house.modules.values():
        for where, handler in broad_excepts(module):
            count += 1
            inside = list(within(handler))
            if not any(isinstance(node, ast.Raise) or called(node) in LOGGED for node in inside):
                silent.add(where)
    assert silent == set(HANDED_ON)
    assert count > 30


def test_no_exception_is_suppressed_broadly(house: House) -> None:
    broad = [
        f"{module.name}:{node.lineno}"
        for module in house.modules.values()
        if "suppress" in module.text
        for node in ast.walk(module.tree)
        if called(node) == "suppress" and names(node) & BROAD
    ]
    assert not broad, "use timeline.tolerated"


def test_log_lines_are_literals(house: House) -> None:
    free = [
        f"{module.name}:{node.lineno}"
        for module in house.modules.values()
        if module.name != "timeline.logs" and any(name in module.text for name in LITERAL)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and called(node) in LITERAL
        and not (node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
    ]
    assert not free


def test_only_the_helper_uses_loggers(house: House) -> None:
    users = {
        module.name for module in house.modules.values() if any(found.module == "logging" for found in module.imports)
    }
    assert users == LOGGING | SILENCING
