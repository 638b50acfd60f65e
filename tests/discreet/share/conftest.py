"""A project with two recordings, two people who agreed to its purpose and one who did not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, Picture, SafeWriter
from discreet.config.settings import Settings, load
from discreet.results.folder import EXPORTS, REPORT, TIMELINE
from discreet.results.report import report_text
from discreet.share.consents import agree
from discreet.share.exporting import export as make
from discreet.share.identity_links import keep_links
from discreet.share.inclusion import Asked
from discreet.share.levels import LevelOptions
from discreet.share.project import Project
from discreet.share.request import Exported, ExportRequest
from registered import Answers, Consent, Enrolled, Registry
from timeline import Timeline

SHARE = Answers(seen=True, heard=True, quoted=True)
NAMES = ("Gareth Llewellyn", "Zoe Okonkwo", "Piet Hein")
RECIPIENTS = """
[recipients.partner]
role = "researcher"
about = "A university"
[recipients.outside]
role = "external"
about = "Another university"
"""


def timeline(number: int) -> Timeline:
    """Three people who talk in turn for four seconds; the first is shown."""
    people = [
        {"id": f"p{n}", "pseudonym": f"Speaker {n}", "registered": True, "seen": n == 1, "heard": n == 1}
        for n in (1, 2, 3)
    ]
    turns = [{"start": n, "end": n + 0.9, "person": f"p{n + 1}", "confidence": 0.9} for n in range(3)]
    words = [
        {"start": n + 0.1, "end": n + 0.5, "text": text, "person": f"p{n + 1}"}
        for n, text in enumerate(("apple", "berry", "cherry"))
    ]
    tracks = [{"id": "t1", "person": "p1", "start": 0, "end": 1, "boxes": [[0, 5, 5, 20, 20]], "masked": False}]
    return Timeline.model_validate(
        {
            "recording": {"duration": 4.0, "width": 64, "height": 48, "fps": 5.0, "sample_rate": 16000},
            "people": people,
            "turns": turns,
            "words": words,
            "tracks": tracks,
            "provenance": {"version": "1", "created": f"2026-01-0{number}", "source_sha256": f"{number}" * 64},
        }
    )


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of bright pictures and a tone."""
    path = tmp_path_factory.mktemp("recording") / "safe.mp4"
    with SafeWriter(path, Picture(64, 48, 5.0), 16000, 1, CaptureSettings(preset="ultrafast")) as out:
        for n in range(20):
            out.write_frame(n / 5, np.full((48, 64, 3), 200, np.uint8))
            out.write_audio((np.sin(np.arange(3200) / 7.0) * 0.3).astype(np.float32)[:, None])
    return path


@dataclass(frozen=True)
class Place:
    """What a test works with."""

    project: Project
    folders: tuple[Path, ...]
    people: tuple[Enrolled, ...]
    settings: Settings
    out: Path

    def reopened(self) -> Project:
        """The project as the next command sees it."""
        return Project(self.project.name, Registry.open(None))

    def export(self, level: str, out: str = "out", **more: object) -> Exported:
        """An export of both sessions to the partner."""
        asked = Asked("partner", "researcher", "study")
        options = more.pop("options", LevelOptions())
        folders = more.pop("folders", self.folders)
        request = ExportRequest(folders, asked, level, self.out / out, options, listen=False, look=False, **more)  # type: ignore[arg-type]
        return make(self.reopened(), request, self.settings)

    def log(self) -> list[tuple[str, str]]:
        """Action and outcome of every line of the audit log."""
        return [(entry.action, entry.outcome) for entry in self.project.log.entries()]


@pytest.fixture
def place(tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Gareth and Zoe agreed to the study, Piet did not."""
    pytest.importorskip("cedarpy")
    pytest.importorskip("securesystemslib")
    pytest.importorskip("rocrate")
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    registry = Registry.open(None)
    people = tuple(registry.add(Enrolled.new(name, Consent.granting(SHARE))) for name in NAMES)
    project = Project.create("study-1", registry, "research", "A university", "mail@example.org")
    text = project.path.read_text().replace("minutes_per_person = 30", "")
    project.path.write_text(text.replace("[sampling]", f"{RECIPIENTS}\n[sampling]", 1))
    for name in NAMES[:2]:
        agree(project, name, "study")
    folders = []
    for number in (1, 2):
        folder = tmp_path / f"session-{number}"
        write = {**EXPORTS, TIMELINE: Timeline.to_json, REPORT: report_text}
        for name, maker in write.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(maker(timeline(number)), encoding="utf-8")
        (folder / "safe.mp4").write_bytes(recording.read_bytes())
        keep_links(registry, timeline(number), {f"p{n}": person.id for n, person in enumerate(people, 1)})
        folders.append(folder)
    return Place(project, tuple(folders), people, load(None, []), tmp_path)
