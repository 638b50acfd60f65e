"""Plugins: parts that other packages add, each found by an entry point and created by one call.

A plugin is a callable ``make(store, settings) -> part`` that :func:`plugin` marks with its capabilities. It is
registered as an entry point in the group of its kind (:data:`GROUPS`), under the name that settings use for it.
examples/plugin shows one of each kind.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, TypeVar, cast

from timeline.errors import DiscreetError, ModelError
from timeline.logs import log_error

GROUPS = {
    "detector": "discreet.detectors",
    "recogniser": "discreet.recognisers",
    "scorer": "discreet.scorers",
    "diarizer": "discreet.diarizers",
    "embedder": "discreet.voiceprints",
    "asr": "discreet.asr",
    "pii": "discreet.pii",
    "operator": "discreet.operators",
    "converter": "discreet.voice",
}
"""Kind of part -> entry point group."""
CONTRACT = 1
"""Version of the contract; plugins of other versions are rejected."""
_ASK = "ask the makers of the plugin for a version that fits, or choose another part"
Maker = TypeVar("Maker", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a plugin declares about itself.

    Attributes:
        kind: the part it makes, a key of :data:`GROUPS`.
        models: ids of the models in the weights store that it needs.
        languages: ISO 639-1 codes of the languages it supports; empty: any.
        contract: the version of the contract it was written for.
    """

    kind: str
    models: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    contract: int = CONTRACT


def plugin(
    kind: str, *, models: tuple[str, ...] = (), languages: tuple[str, ...] = (), contract: int = CONTRACT
) -> Callable[[Maker], Maker]:
    """Declare what a maker makes, see :class:`Capabilities`. Raises ValueError if there is no such kind."""
    if kind not in GROUPS:
        raise ValueError(f"there is no kind of plugin called {kind!r}; there are {', '.join(GROUPS)}")

    def declare(make: Maker) -> Maker:
        make.capabilities = Capabilities(kind, models, languages, contract)  # type: ignore[attr-defined]
        return make

    return declare


def find_plugin(kind: str, name: str) -> Callable[[Any, Any], Any] | None:
    """The maker of the plugin ``name``, checked; None if it is not installed.

    Raises:
        ModelError: it cannot be imported, or does not keep the contract.
    """
    for point in entry_points(group=GROUPS[kind], name=name):
        try:
            make = point.load()
        except Exception as error:
            log_error("a plugin cannot be imported", error)
            raise ModelError(
                f"the {kind} plugin {name!r} cannot be imported: {type(error).__name__}", "install it anew"
            ) from error
        problem = _problem(kind, make)
        if problem:
            raise ModelError(f"the {kind} plugin {name!r} {problem}", _ASK)
        return cast("Callable[[Any, Any], Any]", make)
    return None


def capabilities(kind: str, name: str) -> Capabilities | None:
    """What the plugin ``name`` declares; None if it is not installed. Raises as :func:`find_plugin`."""
    make: Any = find_plugin(kind, name)
    return make.capabilities if make is not None else None


def load_plugin(kind: str, name: str, part: type, store: Any, settings: Any) -> Any:
    """The part that the plugin ``name`` makes; None if it is not installed.

    Args:
        kind: of part, a key of :data:`GROUPS`.
        name: of the entry point.
        part: the protocol that the part must implement; it is checked for the protocol's members.
        store: the weights store, for the models that the plugin declares.
        settings: those of the part's room.

    Raises:
        ModelError: it cannot be imported or created, or does not keep the contract.
    """
    make = find_plugin(kind, name)
    if make is None:
        return None
    try:
        made = make(store, settings)
    except DiscreetError:
        raise
    except Exception as error:
        log_error("a plugin failed while it was made", error)
        raise ModelError(
            f"the {kind} plugin {name!r} failed while it was made: {type(error).__name__}", _ASK
        ) from error
    missing = [member for member in _members(part) if not hasattr(made, member)]
    if missing:
        raise ModelError(f"the {kind} plugin {name!r} made a part without {', '.join(missing)}", _ASK)
    return made


def _problem(kind: str, make: object) -> str:
    """What is wrong with a maker; "" if nothing is."""
    declared = getattr(make, "capabilities", None)
    if not callable(make):
        return "is not a callable make(store, settings)"
    if not isinstance(declared, Capabilities):
        return f'does not declare what it is: its maker needs @timeline.plugin("{kind}")'
    if declared.kind != kind:
        return f"declares that it is a {declared.kind}"
    if declared.contract != CONTRACT:
        return f"was written for version {declared.contract} of the contract, and this is version {CONTRACT}"
    try:
        inspect.signature(make).bind(None, None)
    except (TypeError, ValueError):
        return "does not take (store, settings)"
    return ""


def _members(part: type) -> list[str]:
    """The members that a protocol requires."""
    found: dict[str, None] = {}
    for base in part.__mro__:
        if getattr(base, "_is_protocol", False):
            found |= dict.fromkeys([*vars(base), *inspect.get_annotations(base)])
    return sorted(name for name in found if name == "__call__" or not name.startswith("_"))
