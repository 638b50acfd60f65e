"""Core files: none, for a crash must not leave the memory on the disk."""

from __future__ import annotations

import contextlib


def no_core_files() -> None:
    """Let no crash of this process or its children write its memory: it holds words, faces and voices in clear.

    Does nothing where the system has no such limit.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
