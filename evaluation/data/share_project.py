"""A project for measuring sharing: people who agreed, small results, a governance with every role and level."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from discreet.config import Settings, load
from discreet.share import Asked, ExportRequest, Project, agree, keep_links
from registered import Answers, Consent, Enrolled, Registry
from timeline import Timeline

RECIPIENT = '[recipients.partner]\nrole = "researcher"\nabout = "A university"\n[sampling]'


@dataclass(frozen=True)
class SharedProject:
    """A project with one session, in its own folder."""

    home: Path
    project: Project
    session: Path
    people: tuple[Enrolled, ...]
    settings: Settings

    def request(self, out: Path, level: str = "transcript") -> ExportRequest:
        """An export of the session to the partner."""
        return ExportRequest(
            (self.session,), Asked("partner", "researcher", "study"), level, out, listen=False, look=False
        )


@contextmanager
def shared_project(people: int = 3) -> Iterator[SharedProject]:
    """A project in a temporary folder, with its keys and its head."""
    with TemporaryDirectory() as folder, patch.dict(os.environ):
        home = Path(folder)
        os.environ |= {"DISCREET_HOME": str(home / "home"), "DISCREET_KEYRING": "file"}
        registry = Registry.open(None)
        consent = Consent.granting(Answers(quoted=True))
        enrolled = tuple(registry.add(Enrolled.new(f"Person Number {n}", consent)) for n in range(people))
        project = Project.create("bench", registry, "research", "A university", "mail@example.org")
        text = project.path.read_text(encoding="utf-8").replace("minutes_per_person = 30", "")
        project.path.write_text(text.replace("[sampling]", RECIPIENT, 1), encoding="utf-8")
        for person in enrolled:
            agree(project, person.id, "study")
        session = home / "session"
        session.mkdir()
        timeline = _timeline(people)
        (session / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
        keep_links(registry, timeline, {f"p{n}": person.id for n, person in enumerate(enrolled)})
        yield SharedProject(home, project, session, enrolled, load(None, []))


def _timeline(people: int) -> Timeline:
    spans = [(n * 2.0, n * 2.0 + 1.5, f"p{n}") for n in range(people)]
    return Timeline.model_validate(
        {
            "recording": {"duration": people * 2.0},
            "people": [
                {"id": id, "pseudonym": f"Speaker {n}", "registered": True} for n, (_, _, id) in enumerate(spans)
            ],
            "turns": [{"start": start, "end": end, "person": id} for start, end, id in spans],
            "words": [{"start": start, "end": end, "text": "word", "person": id} for start, end, id in spans],
            "provenance": {"created": "2026-01-01", "source_sha256": "0" * 64},
        }
    )
