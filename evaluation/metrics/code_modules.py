"""The code of the house, parsed: modules, their imports, and circles among them."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "timeline", "weights", "registered", "capture", "vision", "diarization", "redaction", "voice", "sharing",
    "discreet", "evaluation",
)  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: ``from module import name``; ``name`` is empty for ``import module``."""

    module: str
    name: str
    line: int


@dataclass(frozen=True)
class Module:
    """A file of the house, parsed."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        """The source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed source."""
        return ast.parse(self.text)

    @property
    def is_package(self) -> bool:
        """Whether the file is the ``__init__`` of a room or sub-package."""
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        """The room or sub-package of the file."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @property
    def room(self) -> str:
        """The room."""
        return self.name.partition(".")[0]

    @property
    def lines(self) -> int:
        """Number of lines."""
        return len(self.text.splitlines())

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """Every statement of the tree, nested ones too; their expressions are nine tenths of the nodes."""
        found: list[ast.stmt] = []
        left: list[ast.AST] = [self.tree]
        while left:
            node = left.pop()
            if isinstance(node, ast.stmt):
                found.append(node)
            for block in ("body", "orelse", "finalbody", "handlers", "cases"):
                inner = getattr(node, block, ())
                left += inner if isinstance(inner, list) else ()
        return found

    @cached_property
    def imports(self) -> list[Import]:
        """All imports, including those in functions and under ``TYPE_CHECKING``."""
        return list(self._imports())

    def _imports(self) -> Iterator[Import]:
        for node in self.statements:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(alias.name, "", node.lineno)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    parents = self.package.split(".")
                    parents = parents[: len(parents) - node.level + 1]
                    base = ".".join([*parents, *filter(None, [node.module])])
                for alias in node.names:
                    yield Import(base, alias.name, node.lineno)

    def functions(self) -> Iterator[Function]:
        """All functions and methods, including nested ones."""
        return (node for node in self.statements if isinstance(node, Function))

    def exported(self) -> frozenset[str] | None:
        """The names in ``__all__``; None if there is none."""
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                value = getattr(node, "value", None)
                return (
                    frozenset(str(n.value) for n in ast.walk(value) if isinstance(n, ast.Constant)) if value else None
                )
        return None


def parsed(modules: Iterable[Module]) -> list[Module]:
    """The modules, with their trees.

    The garbage collector waits meanwhile: trees have no cycles, and searching them takes longer than parsing.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        found = list(modules)
        for module in found:
            _ = module.tree
        return found
    finally:
        if collects:
            gc.enable()


class House:
    """All modules of the rooms, by name."""

    def __init__(self, root: Path = ROOT, rooms: Iterable[str] = ROOMS) -> None:
        self.root = root
        paths = sorted(path for room in rooms for path in (root / room).rglob("*.py"))
        self.modules = {module.name: module for module in map(self._module, paths)}

    def _module(self, path: Path) -> Module:
        parts = path.relative_to(self.root).with_suffix("").parts
        return Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts), path)

    def target(self, found: Import) -> str | None:
        """The module of the house that an import reaches; None for libraries."""
        inner = f"{found.module}.{found.name}"
        if inner in self.modules:
            return inner
        return found.module if found.module in self.modules else None

    @cached_property
    def edges(self) -> dict[str, set[str]]:
        """Module -> the modules that it imports."""
        out: dict[str, set[str]] = {}
        for name, module in self.modules.items():
            out[name] = {t for found in module.imports if (t := self.target(found)) and t != name}
        return out


def strongly_connected(graph: dict[str, set[str]]) -> list[set[str]]:
    """The strongly connected parts of a graph (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    parts: list[set[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            parts.append(set(stack[at:]))
            del stack[at:]

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return parts
