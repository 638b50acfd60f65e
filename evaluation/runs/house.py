"""Measure the structure of the code and list what breaks its rules: ``python -m evaluation.runs.house [--shrink]``.

Prints lines of code and modules of each room, the median and longest function, and for each rule of ``RULES`` how many
exceptions remain. ``tests/test_house.py`` holds the rules; ``tests/house_exceptions.toml`` lists the exceptions,
exactly. ``--shrink`` removes the entries of that list that are no longer needed. It never adds one.
"""

from __future__ import annotations

import argparse
import ast
import statistics
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from evaluation.metrics.bare_figures import bare_figures
from evaluation.metrics.code_modules import ROOT, Function, House, Module, parsed, strongly_connected

MOST_PARAMETERS = 6
MOST_LINES = 300
INTERNAL = ("discreet", "evaluation")
"""Rooms whose sub-packages are not documented as an API."""
EXCEPTIONS = ROOT / "tests" / "house_exceptions.toml"

HEAD = "# What breaks a rule of the house today. Only remove entries: python -m evaluation.runs.house --shrink"


def past_doors(house: House) -> Iterator[str]:
    """Imports that bypass the door of another room, or take a private name of another sub-package."""
    for module in house.modules.values():
        for found in module.imports:
            target = house.target(found)
            if target is None:
                continue
            reached = house.modules[target]
            if reached.room == module.room:
                private = found.name.startswith("_") and not found.name.startswith("__")
                if private and reached.package != module.package:
                    yield f"{module.name} -> {found.module}.{found.name}"
                continue
            door = house.modules.get(found.module)
            allowed = door.exported() if door is not None and door.is_package else None
            if allowed is None or found.name not in allowed:
                yield f"{module.name} -> {found.module}.{found.name}".rstrip(".")


def unused_exports(house: House) -> Iterator[str]:
    """Exports of an internal sub-package that no other package imports."""
    used = {(found.module, found.name) for module in house.modules.values() for found in module.imports}
    for name, module in house.modules.items():
        if module.is_package and module.room in INTERNAL and name != module.room:
            yield from (f"{name}.{export}" for export in module.exported() or () if (name, export) not in used)


def circles(house: House) -> Iterator[str]:
    """Import cycles of files; each is the sorted names of a strongly connected set of modules."""
    yield from (" ".join(sorted(part)) for part in strongly_connected(house.edges) if len(part) > 1)


def package_circles(house: House) -> Iterator[str]:
    """Import cycles of sub-packages within a room."""
    for room in sorted({module.room for module in house.modules.values()}):
        graph: dict[str, set[str]] = {}
        for name, targets in house.edges.items():
            if house.modules[name].room != room or house.modules[name].package == room:
                continue
            own = _sub(house.modules[name])
            others = {_sub(house.modules[t]) for t in targets if house.modules[t].room == room}
            graph.setdefault(own, set()).update(others - {own, room})
        yield from (" ".join(sorted(part)) for part in strongly_connected(graph) if len(part) > 1)


def _sub(module: Module) -> str:
    return ".".join(module.package.split(".")[:2])


def parameters(function: Function) -> int:
    """Number of parameters of a function, without ``self`` and ``cls``."""
    every = [*function.args.posonlyargs, *function.args.args]
    own = bool(every) and every[0].arg in ("self", "cls")
    return len(every) - own + len(function.args.kwonlyargs)


def _is_command(function: Function) -> bool:
    return any("command" in ast.unparse(d) or "callback" in ast.unparse(d) for d in function.decorator_list)


def _registered(house: House) -> set[str]:
    """Functions that are made commands elsewhere: ``app.command("name")(module.function)``."""
    out = set()
    for module in house.modules.values():
        if ".command(" not in module.text:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Call) and node.args:
                maker, made = node.func.func, node.args[0]
                if isinstance(maker, ast.Attribute) and maker.attr == "command":
                    own = module.package if isinstance(made, ast.Attribute) else module.name
                    out.add(f"{own}.{ast.unparse(made)}")
    return out


def many_parameters(house: House) -> Iterator[str]:
    """Functions with more than six parameters, except command-line commands, whose options are parameters."""
    commands = _registered(house)
    for module in house.modules.values():
        for function in module.functions():
            name = f"{module.name}.{function.name}"
            if parameters(function) > MOST_PARAMETERS and not _is_command(function) and name not in commands:
                yield name


def long_modules(house: House) -> Iterator[str]:
    """Modules of 300 lines or more."""
    yield from (name for name, module in house.modules.items() if module.lines >= MOST_LINES)


def covered(test: Module) -> set[str]:
    """The modules that a test file names in ``COVERS``."""
    for node in test.tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["COVERS"]:
            return set(ast.literal_eval(node.value))
    return set()


def untested(house: House) -> Iterator[str]:
    """Modules without a test file of their name that no test file imports or names in ``COVERS``.

    ``COVERS = ("room.module", ...)`` in a test file: what it reaches through a door or in another process.
    """
    tests = sorted((house.root / "tests").rglob("test_*.py"))
    names = {path.name for path in tests}
    imported: set[str] = set()
    for module in parsed(Module(f"tests.{path.stem}", path) for path in tests):
        for found in module.imports:
            imported |= {found.module, f"{found.module}.{found.name}"}
        imported |= covered(module)
    for name, module in house.modules.items():
        short = name.rpartition(".")[2]
        if not module.is_package and f"test_{short}.py" not in names and name not in imported:
            yield name


RULES: dict[str, Callable[[House], Iterator[str]]] = {
    "past_doors": past_doors,
    "unused_exports": unused_exports,
    "circles": circles,
    "package_circles": package_circles,
    "many_parameters": many_parameters,
    "long_modules": long_modules,
    "untested": untested,
    "bare_figures": bare_figures,
}


def exceptions(path: Path = EXCEPTIONS) -> dict[str, list[str]]:
    """The exceptions still allowed, by rule."""
    return {rule: list(found) for rule, found in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def write_exceptions(entries: dict[str, list[str]], path: Path = EXCEPTIONS) -> None:
    """Write the list, one entry per line."""
    lines = [HEAD]
    for rule, found in entries.items():
        lines += ["", f"{rule} = [", *(f'  "{entry}",' for entry in sorted(set(found))), "]"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def shrink(house: House, path: Path = EXCEPTIONS) -> None:
    """Remove the exceptions that are no longer needed."""
    allowed = exceptions(path)
    left = {rule: sorted(set(allowed.get(rule, [])) & set(find(house))) for rule, find in RULES.items()}
    write_exceptions(left, path)


def figures(house: House) -> Iterator[str]:
    """Lines of code, modules and functions by room, and the remaining exceptions by rule."""
    lengths = [
        (function.end_lineno or function.lineno) - function.lineno + 1
        for module in house.modules.values()
        for function in module.functions()
    ]
    yield f"{'room':12s} {'modules':>7s} {'lines':>7s} {'median':>7s} {'longest':>8s}"
    for room in dict.fromkeys(module.room for module in house.modules.values()):
        sizes = [module.lines for module in house.modules.values() if module.room == room]
        yield f"{room:12s} {len(sizes):7d} {sum(sizes):7d} {statistics.median(sizes):7.0f} {max(sizes):8d}"
    sizes = [module.lines for module in house.modules.values()]
    yield f"{'all':12s} {len(sizes):7d} {sum(sizes):7d} {statistics.median(sizes):7.0f} {max(sizes):8d}"
    yield f"functions: {len(lengths)}, median {statistics.median(lengths):.0f} lines, longest {max(lengths)}"
    for rule, find in RULES.items():
        yield f"{rule}: {len(set(find(house)))} exceptions"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.runs.house", description="Measure the structure of the code against its rules."
    )
    parser.add_argument("--shrink", action="store_true", help="remove exceptions that are no longer needed")
    house = House()
    if parser.parse_args().shrink:
        shrink(house)
    for line in figures(house):
        print(line)


if __name__ == "__main__":
    main()
