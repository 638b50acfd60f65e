"""Where a recipient gets the list of recalls from: a file, or an https address."""

from __future__ import annotations

from pathlib import Path

from timeline import read_file

PATIENCE_S = 20.0
"""Seconds an address is given to answer."""
MOST_BYTES = 16 << 20
"""More is no list of recalls."""


def read_list(address: str) -> bytes | None:
    """What stands there; None where it cannot be had, which the check takes for a reason not to use the export."""
    if address.startswith("https://"):
        return _fetched(address)
    if "://" in address:
        return None
    try:
        return read_file(Path(address).expanduser())
    except OSError:
        return None


def _fetched(address: str) -> bytes | None:
    import requests

    try:
        with requests.get(address, timeout=PATIENCE_S, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                return None
            content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
            return bytes(content) if len(content) <= MOST_BYTES else None
    except (requests.RequestException, OSError):
        return None
