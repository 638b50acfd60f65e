"""What a person meets at the command line: one clear line, the documented exit code, nothing left."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from timeline import ExitCode

COVERS = ("discreet.__main__",)


def discreet(*arguments: str | Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "discreet", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "DISCREET_HOME": str(home), "DISCREET_KEYRING": "file", **environment},
    )


def test_help_and_version_need_nothing(tmp_path: Path) -> None:
    for arguments in (["--help"], ["process", "--help"], ["weights", "--help"], ["people", "--help"], ["--version"]):
        assert discreet(*arguments, home=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (None, "no such file"),
        (b"", "empty"),
        (b"just text, no recording\n" * 50, "not a"),
    ],
)
def test_what_is_no_recording_is_said_in_one_line(tmp_path: Path, make: bytes | None, says: str) -> None:
    recording = tmp_path / "meeting ünïcode.mp4"
    if make is not None:
        recording.write_bytes(make)
    done = discreet("process", recording, "-o", tmp_path / "out", home=tmp_path / "home")
    assert done.returncode == ExitCode.INPUT
    assert says in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_recording_that_may_not_be_read_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from discreet.cli.app import app

    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    (tmp_path / "mine.mp4").write_bytes(b"x")
    may = os.access
    # The tests may run as root, who may read everything.
    monkeypatch.setattr(
        "os.access", lambda path, mode, **kw: not str(path).endswith("mine.mp4") and may(path, mode, **kw)
    )
    done = CliRunner().invoke(app, ["process", str(tmp_path / "mine.mp4")])
    assert done.exit_code == ExitCode.INPUT


def test_json_errors_are_json(tmp_path: Path) -> None:
    done = discreet("process", tmp_path / "absent.mp4", "--json", home=tmp_path)
    assert json.loads(done.stdout)["exit_code"] == ExitCode.INPUT == done.returncode


def test_usage_errors_are_json_too(tmp_path: Path) -> None:
    done = discreet("process", "x.mp4", "--json", "--nonsense", home=tmp_path)
    assert json.loads(done.stdout)["exit_code"] == ExitCode.USAGE == done.returncode


def test_a_folder_without_a_name_is_no_recording(tmp_path: Path) -> None:
    assert discreet("process", ".", home=tmp_path).returncode == ExitCode.INPUT


def test_an_answer_that_never_comes_is_an_interruption(tmp_path: Path) -> None:
    assert discreet("people", "forget", "Ann", home=tmp_path).returncode == ExitCode.INTERRUPTED


@pytest.mark.parametrize(("encoding", "more"), [("ascii", []), ("utf-8", ["--json"])])
def test_letters_the_terminal_cannot_show_end_nothing(tmp_path: Path, encoding: str, more: list[str]) -> None:
    name = os.fsdecode("Zoë ".encode() + b"\xff.mp4")
    done = discreet("process", name, *more, home=tmp_path, PYTHONIOENCODING=encoding)
    assert done.returncode == ExitCode.INPUT
    assert "no such file" in (json.loads(done.stdout)["error"] if more else done.stderr)


FAULT = """
import sys, resource
import discreet.config.settings
from discreet import cli
def load(*_):
    print(resource.getrlimit(resource.RLIMIT_CORE)[0], file=sys.stderr)
    try:
        raise KeyError("Whittaker")
    except KeyError as error:
        raise ValueError("her name is Whittaker") from error
discreet.config.settings.load = load
sys.argv = ["discreet", "config", "show", *sys.argv[1:]]
cli.main()
"""


@pytest.mark.parametrize(("debug", "arguments"), [("", []), ("1", ["--json"])])
def test_a_fault_in_the_program_says_where_and_never_what(debug: str, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULT, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "DISCREET_DEBUG": debug},
    )
    assert done.returncode == ExitCode.INTERNAL
    assert "Whittaker" not in done.stdout + done.stderr
    assert "a fault in the program: ValueError at discreet.cli.config:" in done.stdout + done.stderr
    assert ("in load" in done.stderr and "KeyError" in done.stderr) == bool(debug)
    if arguments:
        assert json.loads(done.stdout)["exit_code"] == ExitCode.INTERNAL
    assert done.stderr.splitlines()[0] == "0", "a crash could leave a core file"


def test_verbose_logs_type_and_place_of_an_error_and_its_cause() -> None:
    done = subprocess.run([sys.executable, "-c", FAULT, "--verbose"], capture_output=True, text=True)
    line = next(line for line in done.stderr.splitlines() if "WARNING" in line)
    assert "the command ended with a fault in the program: ValueError at discreet.cli.config:" in line
    assert "caused by KeyError" in line
    assert "Whittaker" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["--verbose", "config", "show"], ["config", "show", "-v"]])
def test_verbose_is_taken_before_and_after_the_command(arguments: list[str], tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text("nonsense = 1")
    loud = discreet(*arguments, "--config", config, home=tmp_path / "home")
    quiet = discreet("config", "show", "--config", config, home=tmp_path / "home")
    assert "WARNING the command ended with an error: SettingsError at discreet.config.settings:" in loud.stderr
    assert "WARNING" not in quiet.stderr
    assert loud.returncode == quiet.returncode != 0
    assert str(config) not in next(line for line in loud.stderr.splitlines() if "WARNING" in line)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--speakers", "2", "--max-speakers", "3"], "--speakers says how many"),
        (["--min-speakers", "3", "--max-speakers", "2"], "--max-speakers 2 is less than --min-speakers 3"),
        (["--speakers", "0"], "--speakers"),
        (["--max-speakers", "few"], "--max-speakers"),
    ],
)
def test_numbers_of_speakers_that_cannot_be_are_refused(given: list[str], says: str, tmp_path: Path) -> None:
    from discreet.cli.app import app

    done = CliRunner().invoke(app, ["process", str(tmp_path / "absent.mp4"), *given])
    assert done.exit_code == ExitCode.USAGE
    assert says in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ((None, None, None), []),
        ((3, None, None), ["diarization.num_speakers=3"]),
        ((None, 2, 4), ["diarization.min_speakers=2", "diarization.max_speakers=4"]),
    ],
)
def test_the_number_of_speakers_is_a_setting(given: tuple[int | None, ...], found: list[str]) -> None:
    from discreet.cli.speakers import speaker_options

    assert speaker_options(*given) == found


def test_a_bad_setting_is_a_usage_error(tmp_path: Path) -> None:
    done = discreet("config", "show", "--set", "vision.nonsense=1", home=tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert "vision.nonsense" in done.stderr


def test_people_who_are_not_there(tmp_path: Path) -> None:
    done = discreet("people", "show", "Nobody", home=tmp_path)
    assert done.returncode == ExitCode.PEOPLE
    assert "nobody is enrolled yet" in discreet("people", "list", home=tmp_path).stdout


def test_missing_models_are_named_with_the_command_that_gets_them(tmp_path: Path) -> None:
    done = discreet("doctor", "--json", home=tmp_path)
    assert done.returncode == ExitCode.MODELS
    findings = {f["name"]: f for f in json.loads(done.stdout) if f["area"] == "models"}
    assert findings["yunet"]["state"] == "missing"
    assert findings["yunet"]["remedy"] == "discreet weights fetch yunet"
    assert findings["lr-asd"]["state"] == "warning"


def test_a_damaged_model_is_found(tmp_path: Path) -> None:
    assert discreet("weights", "verify", "yunet", home=tmp_path).returncode == ExitCode.MODELS
    listed = json.loads(discreet("weights", "list", "--json", home=tmp_path).stdout)
    assert {"MIT", "Apache-2.0"} <= {row["licence"] for row in listed}
    assert not any(row["here"] for row in listed)


def test_a_profile_is_fetched_but_for_what_may_not_be_used_commercially_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from discreet.cli.app import app

    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))
    asked: list[str] = []
    monkeypatch.setattr("weights.Store.fetch", lambda self, ids, **more: asked.extend(ids) or [])
    done = CliRunner().invoke(app, ["weights", "fetch", "--profile", "reference"])
    assert done.exit_code == 0
    assert {"talknet", "sortformer-v2", "titanet-l", "whisper-base"} <= set(asked)
    assert not {"arcface-mbf", "retinaface-mnet"} & set(asked)
    assert "discreet weights fetch arcface-mbf --accept arcface-mbf" in done.output
    asked.clear()
    done = CliRunner().invoke(app, ["weights", "fetch", "--profile", "reference", "--accept", "arcface-mbf"])
    assert "arcface-mbf" in asked
    assert "fetch arcface-mbf" not in done.output


def test_an_imported_file_is_told_with_the_hash_its_owner_vouches_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hashlib

    from discreet.cli.app import app
    from weights.store import Fetched

    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))
    mine = tmp_path / "mine.bin"
    mine.write_bytes(b"tensors")
    digest = hashlib.sha256(b"tensors").hexdigest()
    given: dict[str, str] = {}

    def fetch(self: object, ids: list[str], *args: object, vouch: dict[str, str]) -> list[Fetched]:
        given.update(vouch)
        return [Fetched(ids[0], tmp_path, {"pretrain_TalkSet.model": "local"})]

    monkeypatch.setattr("weights.Store.fetch", fetch)
    done = CliRunner().invoke(app, ["weights", "import", "talknet", str(mine)])
    assert done.exit_code == 0, done.output
    assert given == {"talknet": digest}
    assert f"talknet is here; you alone vouch for it (SHA-256 {digest})" in done.output
    monkeypatch.undo()
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))
    absent = CliRunner().invoke(app, ["weights", "import", "talknet", str(tmp_path / "absent")])
    assert absent.exit_code == ExitCode.MODELS
