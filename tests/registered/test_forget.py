"""What is told about somebody who was forgotten."""

from pathlib import Path

from registered.forget import LIMITS, STAGES, Forgotten, leftovers


def test_every_file_of_the_person_is_a_leftover_and_no_other(tmp_path: Path) -> None:
    for name in ("p-1.person", "p-1.7.kept", ".p-1.person.new", "p-2.person", "index"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in leftovers(tmp_path, "p-1")] == [".p-1.person.new", "p-1.7.kept", "p-1.person"]


def test_a_damaged_record_is_counted_by_its_files_and_told_by_its_id(tmp_path: Path) -> None:
    told = Forgotten.of("p-1", None, [tmp_path / "p-1.person", tmp_path / "p-1.7.kept"], overwritten=True)
    assert (told.name, told.kept, told.faces, told.voices) == (None, 1, {}, {})
    lines = told.lines()
    assert lines[0] == "p-1 is forgotten: the damaged record."
    assert lines[1] == "2 files overwritten and removed."


def test_the_limits_are_told_every_time_and_so_is_what_could_not_be_overwritten() -> None:
    lines = Forgotten.of("p-1", None, [], overwritten=False).lines()
    assert lines[2:] == [STAGES, *LIMITS]
    assert "not all could be overwritten" in lines[1]
