"""Lazy packages, which load their exports on first use, so that a command pays only for what it needs (PEP 562)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def lazy_exports(package: str, homes: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a lazy package.

    ``homes`` maps each module, by its name relative to the package, to the names that it exports. A name is loaded once
    and then kept in the package. The package also imports the names under ``TYPE_CHECKING`` and lists them in
    ``__all__``, so that type checkers and readers see them.

    Raises ValueError if a name is exported twice or is also the name of a module in ``homes``: the import system would
    put the module in its place.
    """
    modules: dict[str, str] = {}
    for module, names in homes.items():
        for name in names:
            if name in modules or any(name == home.partition(".")[0] for home in homes):
                raise ValueError(f"{package} cannot export {name} from {module}: the name stands for something else")
            modules[name] = module

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
