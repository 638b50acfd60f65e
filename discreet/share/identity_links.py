"""Who is who in a result: which enrolled person each id of a timeline is, kept sealed with the registry.

A result names only people who agreed to be named. To let somebody's consent decide about an export, the program has to
know of the others, too; the result itself must not tell.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from registered import Registry, SealError, private_subfolder, shred, write_private
from timeline import Timeline, read_file

_SUFFIX = ".link"
_PEOPLE = TypeAdapter(dict[str, str])


def key_of(registry: Registry, timeline: Timeline) -> str:
    """What identifies a result: a keyed hash of its source and the time at which it was made."""
    facts = f"{timeline.provenance.origin}\n{timeline.provenance.created}"
    return hmac.new(registry.secret("sharing/links"), facts.encode(), hashlib.sha256).hexdigest()[:32]


def keep_links(registry: Registry, timeline: Timeline, people: Mapping[str, str]) -> None:
    """Keep who is who.

    Args:
        registry: of the people.
        timeline: of the result, as it is written.
        people: id in the timeline -> id of the enrolled person.

    Raises:
        OutputError: it cannot be written.
    """
    folder = _folder(registry)
    private_subfolder(private_subfolder(registry.folder, folder.parent.name), folder.name)
    _write(registry, folder / f"{key_of(registry, timeline)}{_SUFFIX}", people)


def links(registry: Registry, timeline: Timeline) -> dict[str, str]:
    """Id in the timeline -> id of the enrolled person, as far as it is known.

    Somebody who is named is whoever bears the name. Where people of a result were merged afterwards, nobody is known:
    the one who is left may be either.
    """
    named = {person.id: registry.find(person.name) for person in timeline.people if person.name is not None}
    found = {id: person.id for id, person in named.items() if person is not None}
    kept = _read(registry, _folder(registry) / f"{key_of(registry, timeline)}{_SUFFIX}")
    if kept is not None and kept.keys() <= {person.id for person in timeline.people}:
        renamed = {id for id, person in found.items() if kept.get(id, person) != person}
        return {id: person for id, person in {**kept, **found}.items() if id not in renamed}
    return found


def destroy_links(registry: Registry, timeline: Timeline) -> None:
    """Overwrite and remove who is who in one result. Raises OutputError if it cannot be removed."""
    shred(_folder(registry) / f"{key_of(registry, timeline)}{_SUFFIX}")


def forget_links(registry: Registry, id: str) -> int:
    """Take somebody out of every link, so that nothing of them is left; how many results they were in.

    Raises:
        OutputError: a file cannot be written or removed.
    """
    changed = 0
    for path in sorted(_folder(registry).glob(f"*{_SUFFIX}")):
        people = _read(registry, path)
        if people is not None and id in people.values():
            left = {key: person for key, person in people.items() if person != id}
            shred(path)
            _write(registry, path, left)
            changed += 1
    return changed


def _folder(registry: Registry) -> Path:
    return registry.folder / "sharing" / "links"


def _write(registry: Registry, path: Path, people: Mapping[str, str]) -> None:
    write_private(path, registry.vault.seal(_PEOPLE.dump_json(dict(people)), _aad(path)))


def _read(registry: Registry, path: Path) -> dict[str, str] | None:
    try:
        return _PEOPLE.validate_json(registry.vault.open_sealed(read_file(path), _aad(path)))
    except (OSError, SealError, ValueError):
        return None


def _aad(path: Path) -> bytes:
    return f"link/{path.name}".encode()
