"""Numbers that decide something and stand in the code: in comparisons, also by a name, in defaults and arguments.

What is shown, named, heard, redacted, tracked or dropped follows from figures. Each is a setting or a named constant in
a settings module, with its unit and source; :func:`bare_figures` finds those that are not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluation.metrics.code_modules import House, Module

ROOMS = ("capture", "vision", "diarization", "redaction", "voice")
ELSEWHERE = (
    # a device that tests record from
    "capture.devices.synthetic",
    # numbers of a file format or of a network's architecture
    "capture.mp4_boxes",
    "capture.decoder.picture_sizes",
    "capture.decoder.video",
    "voice.resynthesis.fargan_network",
    # training and attacking, which decide about nobody
    "voice.attacks",
    "voice.live.student.training",
    "voice.neural",
    "voice.quality",
)
TRIVIAL = frozenset({-1, 0, 1, 2, 0.5, 60, 100, 1000, 8000, 16000, 24000, 48000, 1e9})
"""Signs, counts of one and two, halves; a minute, per cent, milliseconds; sample rates; a time that never comes."""
TOLERANCE = 1e-3
"""Up to this, a number only allows for rounding."""
SHAPES = frozenset({"axis", "decimals", "dim_x", "dim_z", "dtype", "maxsize", "ndmin"})
"""Keyword arguments that give a shape, a format or the size of a cache."""
_EQUAL = (ast.Eq, ast.NotEq)


def bare_figures(house: House) -> Iterator[str]:
    """Bare numbers in code that decides, each as ``module: expression``, and constants that it compares with.

    A constant that nothing is compared with is a rate, a size or a format as a rule.
    """
    for module in house.modules.values():
        if decides(module.name):
            yield from (f"{module.name}: {ast.unparse(node)}" for node in (*_bare(module), *_named(module)))


def decides(name: str) -> bool:
    """Whether a module is code that decides: of a room, and no settings module itself."""
    last = name.rpartition(".")[2]
    inside = any(name == each or name.startswith(f"{each}.") for each in ELSEWHERE)
    return name.partition(".")[0] in ROOMS and not inside and not last.endswith(("settings", "threshold"))


def _bare(module: Module) -> Iterator[ast.AST]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Compare):
            ordered = not all(isinstance(operator, _EQUAL) for operator in node.ops)
            if ordered and any(_is_figure(each) for each in _terms(node)):
                yield node
        elif isinstance(node, ast.arguments):
            yield from (_with_default(*each) for each in _defaults(node) if _is_figure(each[1]))
        elif isinstance(node, ast.keyword) and node.arg not in SHAPES and _is_figure(node.value):
            yield node


def _named(module: Module) -> Iterator[ast.AST]:
    """The constants of a module that stand in one of its ordered comparisons."""
    compared = {
        each.id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Compare) and not all(isinstance(operator, _EQUAL) for operator in node.ops)
        for each in ast.walk(node)
        if isinstance(each, ast.Name)
    }
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and _is_figure(node.value) and ast.unparse(node.targets[0]) in compared:
            yield node


def _terms(node: ast.Compare) -> Iterator[ast.expr]:
    """Both sides of a comparison, and the two sides of an arithmetic expression there."""
    for side in (node.left, *node.comparators):
        yield from (side.left, side.right) if isinstance(side, ast.BinOp) else (side,)


def _defaults(node: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr]]:
    every = [*node.posonlyargs, *node.args]
    yield from zip(every[len(every) - len(node.defaults) :], node.defaults, strict=True)
    yield from ((arg, default) for arg, default in zip(node.kwonlyargs, node.kw_defaults, strict=True) if default)


def _with_default(arg: ast.arg, default: ast.expr) -> ast.keyword:
    return ast.keyword(arg.arg, default)


def _is_figure(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return False
    return node.value not in TRIVIAL and abs(node.value) > TOLERANCE
