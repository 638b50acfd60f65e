"""Files are private, and a link planted under any name is neither followed nor written through."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from timeline.errors import OutputError
from timeline.files import (
    Folder,
    create_file,
    hidden_name,
    make_folder,
    path_of,
    replacing,
    share_files,
    write_error,
    write_file,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions and links")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file of the user's that nobody may overwrite."""
    path = tmp_path / "victim"
    path.write_bytes(b"precious")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "results").mkdir()
    return tmp_path / "results"


@pytest.fixture
def shared() -> Iterator[None]:
    share_files(True)
    before = os.umask(0o022)
    yield
    os.umask(before)
    share_files(False)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_folders_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_folder(tmp_path / "a" / "b")
        write_file(tmp_path / "a" / "b" / "text", "one")
        os.close(create_file(tmp_path / "a" / "new"))
    finally:
        os.umask(before)
    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o700, 0o700]
    assert [mode(tmp_path / "a" / "b" / "text"), mode(tmp_path / "a" / "new")] == [0o600, 0o600]


@pytest.mark.usefixtures("shared")
def test_a_shared_folder_takes_the_umask_and_private_files_stay_private(tmp_path: Path) -> None:
    make_folder(tmp_path / "a")
    write_file(tmp_path / "a" / "open", b"one")
    write_file(tmp_path / "a" / "key", b"two", private=True)
    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "open"), mode(tmp_path / "a" / "key")] == [0o755, 0o644, 0o600]


def test_a_file_is_replaced_whole_and_a_link_of_its_name_is_not_followed(folder: Path, victim: Path) -> None:
    (folder / "timeline.json").symlink_to(victim)
    write_file(folder / "timeline.json", "{}")
    assert victim.read_bytes() == b"precious"
    assert not (folder / "timeline.json").is_symlink()
    assert (folder / "timeline.json").read_text() == "{}"
    assert [path.name for path in folder.iterdir()] == ["timeline.json"]


@pytest.mark.parametrize("target", ["victim", "not there"])
def test_a_new_file_is_not_made_where_a_link_is(folder: Path, victim: Path, target: str) -> None:
    (folder / "a.spool").symlink_to(victim.with_name(target))
    with pytest.raises(FileExistsError):
        create_file(folder / "a.spool")
    assert victim.read_bytes() == b"precious"
    assert not victim.with_name("not there").exists()


def test_an_existing_file_is_not_opened_through_a_link(folder: Path, victim: Path) -> None:
    (folder / "words").symlink_to(victim)
    with Folder(folder) as handle, pytest.raises(OSError, match="link") as caught:
        handle.open("words", os.O_WRONLY | os.O_TRUNC)
    assert victim.read_bytes() == b"precious"
    assert "link" in str(write_error(folder / "words", caught.value))


def test_a_subfolder_that_is_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / ".discreet-stages").symlink_to(tmp_path / "elsewhere")
    with Folder(folder) as handle, pytest.raises(OSError, match="link"):
        handle.subfolder(".discreet-stages")


def test_what_is_written_lies_in_the_folder_that_was_opened(folder: Path, tmp_path: Path) -> None:
    with Folder(folder) as handle:
        folder.rename(tmp_path / "moved")
        folder.symlink_to(tmp_path)
        os.close(handle.create("a"))
        with handle.subfolder("inner") as inner:
            os.close(inner.create("b"))
    assert (tmp_path / "moved" / "a").exists()
    assert (tmp_path / "moved" / "inner" / "b").exists()


def test_after_an_exception_the_old_file_is_there_and_nothing_else(folder: Path) -> None:
    write_file(folder / "a", b"old")

    def breaks_off() -> None:
        with replacing(folder / "a") as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks_off()
    assert (folder / "a").read_bytes() == b"old"
    assert [path.name for path in folder.iterdir()] == ["a"]


def test_a_hidden_file_that_somebody_exchanges_is_not_given_the_name(folder: Path, victim: Path) -> None:
    write_file(folder / "a", b"old")

    def exchanged() -> None:
        with replacing(folder / "a"):
            hidden = next(path for path in folder.iterdir() if path.name != "a")
            hidden.unlink()
            hidden.symlink_to(victim)

    with pytest.raises(OSError, match="another program"):
        exchanged()
    assert (folder / "a").read_bytes() == b"old"


def test_what_bears_the_name_goes_where_a_file_is_made_anew(folder: Path, victim: Path) -> None:
    (folder / "a").symlink_to(victim)
    os.close(create_file(folder / "a", anew=True))
    assert victim.read_bytes() == b"precious"
    assert (folder / "a").read_bytes() == b""


@pytest.mark.parametrize("linked", [True, False])
def test_a_tree_is_removed_but_not_what_a_link_leads_to(folder: Path, victim: Path, linked: bool) -> None:
    (folder / "tree").symlink_to(victim.parent) if linked else (folder / "tree" / "inner").mkdir(parents=True)
    with Folder(folder) as handle:
        handle.remove_tree("tree")
        handle.remove_tree("tree")
    assert list(folder.iterdir()) == []
    assert victim.read_bytes() == b"precious"


def test_what_is_no_secret_takes_the_umask(folder: Path) -> None:
    before = os.umask(0o022)
    try:
        os.close(create_file(folder / "model", public=True))
    finally:
        os.umask(before)
    assert mode(folder / "model") == 0o644


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no paths of open files here")
def test_an_open_file_has_a_path_that_nobody_can_exchange(folder: Path, victim: Path) -> None:
    fd = create_file(folder / "a")
    (folder / "a").unlink()
    (folder / "a").symlink_to(victim)
    path_of(fd, folder / "a").write_bytes(b"written")
    assert os.read(fd, 99) == b"written"
    assert victim.read_bytes() == b"precious"
    os.close(fd)


def test_a_name_is_not_a_path(folder: Path) -> None:
    with Folder(folder) as handle:
        for name in ("../a", "a/b", "..", "."):
            with pytest.raises(ValueError, match="not a path"):
                handle.create(name)


def test_hidden_names_fit_the_file_system() -> None:
    assert hidden_name("a.mp4", ".partial-1") == ".a.mp4.partial-1"
    long = hidden_name("ä" * 200, ".tmp")
    assert len(os.fsencode(long)) <= 255
    assert long.endswith("ä.tmp")


def test_an_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_file(tmp_path / "missing" / "a", b"")
    assert caught.value.remedy
