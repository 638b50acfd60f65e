"""How far results have got: processed, reviewed, published, recalled."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from discreet.results.library import State
from discreet.review.publication import state_of
from discreet.share.identity_links import key_of
from discreet.share.project import Project
from discreet.share.withdrawal import projects
from registered import Registry
from timeline import Timeline


class States:
    """Tells the state of results.

    Args:
        registry: of the people; its projects know what left, and what was recalled.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    @cached_property
    def _exports(self) -> list[tuple[Project, list[tuple[frozenset[str], bool]]]]:
        """Of each project, the sessions of every export and whether it was recalled."""
        return [
            (project, [(frozenset(record.sessions), record.recalled is not None) for record in project.ledger.all()])
            for project in projects(self._registry)
        ]

    def __call__(self, folder: Path, timeline: Timeline) -> State:
        """The state of the results in ``folder``; ``recalled`` if anything made from them was.

        Raises:
            InputError: the results cannot be read.
        """
        left = self._left(timeline)
        if any(left):
            return "recalled"
        if left:
            return "published"
        return state_of(folder, self._registry)

    def _left(self, timeline: Timeline) -> list[bool]:
        """For every export that holds this session: whether it was recalled."""
        if not any(exports for _, exports in self._exports):
            return []
        key = key_of(self._registry, timeline)
        found: list[bool] = []
        for project, exports in self._exports:
            token = project.tokens.session(key)
            found += [recalled for sessions, recalled in exports if token in sessions]
        return found
