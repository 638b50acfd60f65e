"""Results of AAVID's own scripts become a timeline.json, which everything else reads."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.aavid.script_outputs import read_earlier
from discreet.cli.app import app
from timeline import InputError, Timeline, label_scores, timeline_labeled

GOLDEN = Path(__file__).parents[2] / "timeline" / "aavid" / "two_people"
SCORES = (GOLDEN / "label_scores.txt").read_text("utf-8")
LABELED = (GOLDEN / "timeline_labeled.txt").read_text("utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "masked" / "pywork").mkdir(parents=True)
    (tmp_path / "masked" / "pyavi").mkdir()
    (tmp_path / "masked" / "pywork" / "label_scores.txt").write_text(SCORES, "utf-8")
    (tmp_path / "masked" / "pyavi" / "timeline_labeled.txt").write_text(LABELED, "utf-8")
    return tmp_path


def test_files_are_found_where_aavid_leaves_them(project: Path) -> None:
    made = read_earlier(project / "masked")
    assert (label_scores(made), timeline_labeled(made)) == (SCORES, LABELED)
    assert timeline_labeled(read_earlier(project / "masked" / "pyavi")) == LABELED


def test_the_command_writes_a_document_that_can_be_exported(project: Path) -> None:
    words = ["aavid", "import", "--dir", str(project / "masked"), "-o", str(project / "out")]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert Timeline.from_json((project / "out" / "timeline.json").read_bytes()) == read_earlier(project / "masked")
    assert CliRunner().invoke(app, words).exit_code == 5
    assert CliRunner().invoke(app, ["export", str(project / "out"), "--format", "rttm"]).exit_code == 0
    rttm = (project / "out" / "exports" / "recording.rttm").read_text("utf-8")
    assert "SPEAKER recording 1 4.000 3.200 <NA> <NA> Ann_Lee" in rttm


def test_what_cannot_be_read_is_one_clear_line(project: Path) -> None:
    with pytest.raises(InputError, match="holds neither"):
        read_earlier(project)
    (project / "masked" / "pyavi" / "timeline_labeled.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        read_earlier(project / "masked")
    (project / "masked" / "pyavi" / "timeline_labeled.txt").write_text("later", "utf-8")
    with pytest.raises(InputError, match="line 1 is no turn"):
        read_earlier(project / "masked")
