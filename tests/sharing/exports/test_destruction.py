"""Destruction: nothing is left, a copy elsewhere is found, and only then it is certified."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sharing.exports import Certificate, Places, Signer, destroy, signed_certificate
from sharing.exports.destruction import KIND
from sharing.exports.signing import opened
from tests.sharing.exports.conftest import AT
from timeline import InputError, UnsafeError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "export"
    (place / "data").mkdir(parents=True)
    (place / "data" / "safe.mp4").write_bytes(os.urandom(5000))
    (place / "data" / "words.txt").write_text("The quick brown fox jumps over the lazy dog and comes back at once.")
    (place / "empty").write_text("")
    return place


def test_the_folder_is_gone_and_every_file_is_in_the_certificate(folder: Path, tmp_path: Path) -> None:
    certificate = destroy(folder, "E-1", Places([tmp_path]), AT)
    assert not folder.exists()
    assert certificate.files.keys() == {"data/safe.mp4", "data/words.txt", "empty"}
    assert certificate.overwritten
    assert certificate.markers == 2 + 2 + 2, "two of the recording, two planted, two whole files"
    assert certificate.searched == (str(tmp_path),)


def test_a_part_of_a_recording_is_found_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    content = next(folder.rglob("safe.mp4")).read_bytes()[2000:4000]
    copy = tmp_path / "elsewhere" / "deep" / "holiday.bin"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(os.urandom((1 << 20) - 700) + content + os.urandom(10))
    with pytest.raises(UnsafeError, match=r"holiday\.bin"):
        destroy(folder, "E-1", Places([tmp_path]), AT)


def test_a_folder_that_cannot_be_read_is_no_proof(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    plain = os.scandir

    def locked(place: object) -> object:
        if str(place).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(place))
        return plain(place)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", locked)
    with pytest.raises(UnsafeError, match="could not be searched"):
        destroy(folder, "E-1", Places([tmp_path]), AT)


def test_a_copy_of_a_text_is_found_under_another_name_and_not_where_it_is_known(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "known").mkdir()
    (tmp_path / "known" / "a.bin").write_bytes((folder / "data" / "words.txt").read_bytes())
    destroy(folder, "E-1", Places([tmp_path], [tmp_path / "known"]), AT)
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "words.txt").write_bytes((tmp_path / "known" / "a.bin").read_bytes())
    with pytest.raises(UnsafeError, match=r"a\.bin"):
        destroy(folder, "E-1", Places([tmp_path]), AT)


def test_other_files_are_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("mine")
    (folder / "link").symlink_to(tmp_path / "other.txt")
    destroy(folder, "E-1", Places([tmp_path]), AT)
    assert (tmp_path / "other.txt").read_text() == "mine"


def test_the_certificate_is_signed(folder: Path, tmp_path: Path, signer: Signer) -> None:
    certificate = destroy(folder, "E-1", Places([tmp_path]), AT)
    payload = opened(json.loads(signed_certificate(certificate, signer)), KIND, signer.public_key())
    assert Certificate.model_validate_json(payload) == certificate


def test_what_is_no_folder_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    for wrong in (tmp_path / "none", tmp_path / "link", folder / "empty"):
        with pytest.raises(InputError):
            destroy(wrong, "E-1", Places([]), AT)
    assert folder.exists()
