"""What people come for, each as one command: a supervisor, a research partner, a client, an auditor, a lecturer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.results.folder import EXPORTS, REPORT, TIMELINE
from discreet.results.report import report_text
from discreet.share.identity_links import keep_links
from evaluation.data.planted_recordings import RATE, sound_of
from tests.conftest import Needs
from tests.discreet.share.conftest import Place, timeline
from timeline import ExitCode, Timeline
from weights import Store

CLIENT = "Barack Obama"
MODELS = (
    "yunet",
    "sface",
    "centerface",
    "silero-vad",
    "segmentation-3.0",
    "ecapa",
    "campplus",
    "whisper-base",
    "kokoro",
)
RECIPIENTS = """
[recipients.supervisor]
role = "clinician"
about = "Dr A. Example"
[recipients.lab]
role = "researcher"
about = "Example Lab"
"""
Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The command line in a process and a home of its own, with this machine's models."""
    home = tmp_path_factory.mktemp("home")
    (home / "weights").symlink_to(Store().root)
    env = {**os.environ, "DISCREET_HOME": str(home), "DISCREET_KEYRING": "file", "PYTHONPATH": str(Path.cwd())}

    def discreet(*arguments: object) -> tuple[int, str]:
        command = [sys.executable, "-m", "discreet", *map(str, arguments)]
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    discreet.home = home  # type: ignore[attr-defined]
    return discreet


@pytest.fixture(scope="module")
def session(run: Run, store: Store, needs: Needs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session as `process` makes it, of a client who agreed to everything then, and today only to be quoted."""
    needs(store, *MODELS, "demo-clip", "demo-photos")
    for library in ("cedarpy", "rocrate", "securesystemslib", "c2pa"):
        pytest.importorskip(library)
    out = tmp_path_factory.mktemp("session") / "safe"
    photos = [store.path("demo-photos") / name for name in ("obama.jpg", "obama2.jpg")]
    assert run("enroll", CLIENT, "--face", *photos, "--consent", "seen,heard,quoted")[0] == 0
    code, text = run("process", store.path("demo-clip"), "-o", out, "-q")
    assert code == 0, text
    for arguments in (
        ("people", "answer", CLIENT, "seen", "no"),
        ("people", "answer", CLIENT, "heard", "no"),
        ("share", "init", "--project", "clinic", "--kind", "therapy"),
        ("share", "reconsent", CLIENT, "--project", "clinic", "--purpose", "supervision"),
    ):
        code, text = run(*arguments)
        assert code == 0, text
    governance = run.home / "registered" / "sharing" / "clinic" / "governance.toml"  # type: ignore[attr-defined]
    governance.write_text(governance.read_text().replace("[sampling]", f"{RECIPIENTS}\n[sampling]", 1))
    code, text = run("share", "reconsent", CLIENT, "--project", "clinic", "--purpose", "supervision")
    assert code == 0, text
    return out


@pytest.mark.slow
def test_a_supervisor_gets_a_session_without_the_clients_face_and_voice_and_a_client_withdraws(
    run: Run, session: Path, tmp_path: Path
) -> None:
    assert run("share", "gate", session)[0] == ExitCode.UNSAFE, "today the client agrees to be seen no more"
    code, text = run(
        "share", "export", session, "--project", "clinic", "--to", "supervisor", "--purpose", "supervision",
        "--level", "deidentified", "--out", tmp_path / "out",
    )  # fmt: skip
    assert code == 0, text
    recording = next((tmp_path / "out").rglob("safe.mp4"))
    document = Timeline.from_json(recording.with_name(TIMELINE).read_bytes())
    assert document.people
    assert not any(person.seen or person.heard for person in document.people)
    sound = sound_of(recording)
    spans = [sound[round(turn.start * RATE) : round(turn.end * RATE)] for turn in document.turns]
    assert spans
    assert all(float(np.abs(span).max(initial=0.0)) < 1e-3 for span in spans)
    (tmp_path / "key.pem").write_text(run("share", "key", "--project", "clinic")[1])
    verify = ("share", "verify", tmp_path / "out", "--key", tmp_path / "key.pem")
    code, text = run(*verify)
    assert code == 0, text
    code, text = run("redteam", tmp_path / "out", "--json")
    lights = {one["name"]: one["light"] for one in json.loads(text)["attacks"]}
    assert (code, lights["bare faces"], lights["metadata"]) == (0, "green", "green"), text

    code, text = run("share", "revoke", CLIENT, "--yes")
    assert "1 export was recalled" in text, text
    recalls = run.home / "registered" / "sharing" / "clinic" / "recalls.json"  # type: ignore[attr-defined]
    assert run(*verify, "--recalls", recalls)[0] == ExitCode.UNSAFE
    code, text = run("audit", "verify")
    assert code == 0, text


def share(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(map(str, arguments)))
    return done.exit_code, done.output


def test_a_research_partner_gets_the_features_of_thirty_sessions(place: Place, tmp_path: Path) -> None:
    folders = []
    for number in range(30):
        document = timeline(number % 9)
        made = document.provenance.model_copy(update={"created": f"2026-01-01T{number:02d}"})
        document = document.model_copy(update={"provenance": made})
        folder = tmp_path / f"lesson-{number}"
        for name, make in {**EXPORTS, TIMELINE: Timeline.to_json, REPORT: report_text}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(make(document), encoding="utf-8")
        keep_links(place.project.registry, document, {f"p{n}": one.id for n, one in enumerate(place.people, 1)})
        folders.append(folder)
    code, text = share(
        "share", "export", *folders, "--project", "study-1", "--to", "partner", "--purpose", "study",
        "--level", "features", "--out", tmp_path / "out",
    )  # fmt: skip
    assert code == 0, text
    rows = (tmp_path / "out" / "data" / "turns.csv").read_text().splitlines()[1:]
    assert len({row.split(",")[0] for row in rows}) == 30
    assert len({row.split(",")[2] for row in rows}) == 2, "the third person did not agree"


def test_an_auditor_gets_the_bundle_and_nobody_is_named_in_it(place: Place) -> None:
    place.export("transcript")
    code, text = share("audit", "bundle", "--out", place.out / "bundle")
    assert code == 0, text
    content = b"\n".join(path.read_bytes() for path in (place.out / "bundle").rglob("*") if path.is_file())
    assert not any(person.name.encode() in content for person in place.people)
    assert {"log.jsonl", "findings.json", "dictionary.csv", "manifest.json"} <= {
        path.name for path in (place.out / "bundle").iterdir()
    }


@pytest.mark.parametrize("everybody", [True, False])
def test_a_lecturer_publishes_a_demo_only_if_everybody_agreed(place: Place, everybody: bool) -> None:
    path = place.project.path
    path.write_text(
        path.read_text().replace("[sampling]", '[recipients.web]\nrole = "public"\nabout = "Visitors"\n[sampling]', 1)
    )
    for person in place.people[: 3 if everybody else 2]:
        assert share("share", "reconsent", person.id, "--project", "study-1", "--purpose", "publication")[0] == 0
    code, text = share(
        "share", "export", place.folders[0], "--project", "study-1", "--to", "web", "--purpose", "publication",
        "--level", "demo", "--out", place.out / "demo", "--no-listen", "--no-look",
    )  # fmt: skip
    assert code == (0 if everybody else ExitCode.REFUSED), text
    assert (place.out / "demo").exists() == everybody
