"""``discreet export``: files in their place, nothing overwritten, and no private word in any of them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.export.formats import FORMATS
from discreet.export.write import export
from timeline import InputError, OutputError, Person, Recording, Redaction, Timeline, Track, Turn, Word

TALK = Timeline(
    recording=Recording(duration=4, width=64, height=36),
    people=[
        Person(id="p1", name="Ann Lee", pseudonym="Speaker 1", registered=True),
        Person(id="p2", pseudonym="Speaker 2"),
    ],
    tracks=[Track(id="t1", person="p2", start=0, end=4, boxes=[(0, 1, 2, 3, 4)], masked=True)],
    turns=[Turn(start=0, end=2, person="p1"), Turn(start=2, end=3, person="p2")],
    words=[
        Word(start=0, end=1, text="Hello", person="p1"),
        Word(start=1, end=2, text="[PERSON]", person="p1", redaction="r1"),
    ],
    redactions=[Redaction(id="r1", kind="word", start=1, end=2, operator="beep", reason="name")],
)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "timeline.json").write_text(TALK.to_json(), encoding="utf-8")
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["export", *words])
    return done.exit_code, done.output


def test_every_format_is_written_below_the_results(results: Path) -> None:
    code, _ = run(str(results), "--format", "all")
    assert code == 0
    written = {path.name for path in (results / "exports").rglob("*") if path.is_file()}
    for format in FORMATS.values():
        assert {f"recording{ending}" for ending in format.texts} <= written
        assert all((results / "exports" / f"recording{ending}").is_dir() for ending in format.folders)
    assert (results / "exports" / "recording.stm").read_text("utf-8").splitlines() == [
        "recording 1 Ann_Lee 0.000 2.000 Hello [PERSON]",
        "recording 1 Speaker_2 2.000 3.000",
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (results / "exports").rglob("*"))


def test_a_chosen_format_goes_to_a_chosen_place_under_a_chosen_name(results: Path, tmp_path: Path) -> None:
    place = tmp_path / "for" / "elan"
    code, output = run(str(results / "timeline.json"), "--format", "eaf", "-o", str(place), "--name", "talk")
    assert (code, [path.name for path in place.iterdir()]) == (0, ["talk.eaf"])
    assert output.strip() == str(place / "talk.eaf")


def test_the_document_is_exported_in_its_public_form(results: Path) -> None:
    export(TALK, ["json"], results / "x", overwrite=False)
    assert Timeline.from_json((results / "x" / "recording.json").read_bytes()).tracks[0].boxes == []


def test_nothing_is_overwritten_unless_told(results: Path) -> None:
    first = export(TALK, ["rttm"], results, overwrite=False)
    with pytest.raises(OutputError, match="already exists"):
        export(TALK, ["uem", "rttm"], results, overwrite=False)
    assert not (results / "recording.uem").exists()
    assert export(TALK, ["rttm"], results, overwrite=True) == first


@pytest.mark.parametrize("name", ["a/b", "..", ".hidden", "a\nb", ""])
def test_a_name_that_is_no_file_name_is_refused(results: Path, name: str) -> None:
    with pytest.raises(InputError, match="not a file"):
        export(TALK, ["rttm"], results, name, overwrite=False)


def test_what_cannot_be_exported_is_one_clear_line(results: Path, tmp_path: Path) -> None:
    assert run(str(results), "--format", "docx") == (
        3,
        "discreet: there is no format 'docx'\n  choose from: " + ", ".join(FORMATS) + ", all\n",
    )
    code, output = run(str(tmp_path / "nowhere"), "--format", "rttm")
    assert (code, "cannot be read" in output) == (3, True)


def test_a_long_meeting_is_exported_in_one_pass() -> None:
    """Time grows with the length, not with its square: ten thousand words of one speaker, many turns around each."""
    words = [Word(start=i, end=i + 0.5, text=f"w{i}", person="p1") for i in range(10_000)]
    turns = [Turn(start=i, end=i + 3, person="p1") for i in range(0, 10_000, 2)]
    long = TALK.model_copy(update={"words": words, "turns": turns, "redactions": []})
    text = FORMATS["stm"].texts[".stm"](long, "x")
    assert sum(len(line.split()) - 5 for line in text.splitlines()) == 10_000
