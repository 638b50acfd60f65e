"""What a recipient can verify with only the folder and the sender's public key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sharing.exports import recalls, statements
from sharing.exports.credentials import AUTHORITY, credential_problems
from sharing.exports.folder import hashes
from sharing.exports.statements import Attested, ExportFacts
from timeline import InputError, UnsafeError, read_file

COVERED_BY_ITSELF = (statements.FILE, recalls.FILE)
"""Files that carry their own signature."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The result.

    Attributes:
        facts: what the sender signed.
        problems: empty if there are none.
        recalls_of: when the newest list of recalls that was read was made; None if none could be read.
    """

    facts: ExportFacts
    problems: tuple[str, ...]
    recalls_of: dt.datetime | None = None


def verify_export(folder: Path, key: bytes, lists: Sequence[str | bytes], now: dt.datetime) -> Verified:
    """Check signatures, files, content credentials, time of keeping and recalls of an export.

    Args:
        folder: the export.
        key: the sender's public key, in PEM.
        lists: lists of recalls that could be had, beside the one in the folder.
        now: the time.

    Raises:
        InputError: this is no export.
        UnsafeError: the statements are not signed with that key.
        MissingExtraError: the extra ``sharing`` is not installed.
    """
    try:
        attested = statements.read_statements(read_file(folder / statements.FILE).decode(), key)
        there = hashes(folder)
        links = [path for path in folder.rglob("*") if path.is_symlink()]
    except (OSError, UnicodeDecodeError):
        raise InputError(
            f"{folder} is not an export made by Discreet", f"give the folder that holds {statements.FILE}"
        ) from None
    problems = _files(attested, there)
    if there.get(AUTHORITY) == attested.files.get(AUTHORITY):  # else its certificate is not to be trusted
        problems += credential_problems(folder, attested.files.keys() & there.keys())
    problems += [f"{path.name}: a link, not a file" for path in links]
    if now.date().isoformat() > attested.facts.keep_until:
        problems.append(f"it was to be destroyed by {attested.facts.keep_until}")
    local = folder / recalls.FILE
    offered = [*lists, *([read_file(local)] if local.is_file() else [])]
    found = _readable(offered, key)
    problems += _recalls(attested.facts.id, found, now)
    return Verified(attested.facts, tuple(problems), max((one.issued for one in found), default=None))


def _files(attested: Attested, there: dict[str, str]) -> list[str]:
    problems = [f"{name}: missing" for name in sorted(attested.files.keys() - there.keys())]
    for name, digest in sorted(there.items()):
        if name in COVERED_BY_ITSELF:
            continue
        if name not in attested.files:
            problems.append(f"{name}: not part of the export")
        elif attested.files[name] != digest:
            problems.append(f"{name}: changed")
    unmade = [name for name in attested.files if name.startswith("data/") and name not in attested.made]
    return problems + [f"{name}: nobody says how it was made" for name in sorted(unmade)]


def _readable(offered: Sequence[str | bytes], key: bytes) -> list[recalls.RecallList]:
    found: list[recalls.RecallList] = []
    for text in offered:
        try:
            found.append(recalls.read_recalls(text, key))
        except UnsafeError:
            continue
    return found


def _recalls(export: str, found: Sequence[recalls.RecallList], now: dt.datetime) -> list[str]:
    """Problems with recalls: a recall in any signed list counts, however old; only a valid list can rule one out."""
    for one in found:
        reason = one.reason(export)
        if reason is not None:
            return [f"it was recalled ({reason}): do not use it, and destroy every copy"]
    if not any(one.issued <= now <= one.fresh_until for one in found):
        return ["no list of recalls that still counts: get recalls.json from the sender, and give it with --recalls"]
    return []
