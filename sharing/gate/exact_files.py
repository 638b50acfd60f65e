"""Checks that a folder holds certain files, byte for byte, and nothing else: for data without a timeline."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sharing.gate.finding import Finding
from sharing.gate.terms import Terms

MEDIA = (".mp4", ".m4a", ".wav", ".jpg", ".png")
"""Suffixes of files that are no text: other checks cover their content."""


def check_exact(folder: Path, files: Mapping[str, str], terms: Terms) -> list[Finding]:
    """What is wrong with ``folder``: other files, other content, a private word in a name or a text.

    Args:
        folder: everything that is to leave.
        files: path in it -> SHA-256 in hex.
        terms: what must not appear anywhere.

    Raises:
        OSError: the folder or a file in it cannot be read.
    """
    found: list[Finding] = []
    there = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
    for name in sorted(files.keys() - there.keys()):
        found.append(Finding(kind="file", file=name, reason="a file is missing", remedy="export it anew"))
    for name, path in sorted(there.items()):
        if terms.in_text(name):
            found.append(Finding(kind="word", file=name, reason="the file's name holds a private word"))
        if name not in files or path.is_symlink() or not path.is_file():
            found.append(
                Finding(kind="file", file=name, reason="a file that the export does not have", remedy="remove it")
            )
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != files[name]:
            found.append(Finding(kind="file", file=name, reason="the file was changed", remedy="export it anew"))
        if path.suffix not in MEDIA:
            found += [
                Finding(
                    kind="word", file=name, place=f"line {number}", reason=f"a private word ({how})", remedy="redact it"
                )
                for number, line in enumerate(content.split(b"\n"), 1)
                if (how := terms.in_bytes(line)) is not None
            ]
    return found
