"""Content credentials: a recording says what was done to it, and whoever removes, changes or forges that is found."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import struct
from pathlib import Path

import pytest
from cryptography import x509

from evaluation.data.planted_words import riff, wav, write_clean
from sharing.exports import Issuer, Signer, actions, add_credentials, credential_problems
from sharing.exports.credentials import AUTHORITY
from sharing.gate import check_media
from tests.sharing.exports.conftest import AT
from timeline import Person, Recording, Timeline

c2pa = pytest.importorskip("c2pa")


def document(*, heard: bool) -> Timeline:
    person = Person(id="P-1", pseudonym="P-1", registered=True, heard=heard)
    return Timeline(recording=Recording(duration=1.0), people=[person])


@pytest.fixture(scope="session")
def _signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("credentials") / "export"
    write_clean(folder)
    wav(folder, b"")
    shutil.copy(folder / "safe.mp4", folder / "plain.mp4")
    signer = Signer(bytes(32))
    for name in ("safe.mp4", "talk.wav"):
        add_credentials(folder / name, actions(document(heard=False)), "1.0", Issuer(signer, AT), signer)
    (folder / AUTHORITY).write_bytes(Issuer(signer, AT).authority())
    return folder


@pytest.fixture
def signed(_signed: Path, tmp_path: Path) -> Path:
    """A folder with a signed MP4, a signed WAV, and the MP4 as it was."""
    return Path(shutil.copytree(_signed, tmp_path / "export"))


def manifest(path: Path) -> dict[str, object]:
    with c2pa.Reader(str(path)) as reader:
        read = json.loads(reader.json())
    (only,) = read["manifests"].values()
    return dict(only)


@pytest.mark.parametrize("name", ["safe.mp4", "talk.wav"])
def test_a_signed_recording_is_trusted_and_may_hold_nothing_else(signed: Path, name: str) -> None:
    assert credential_problems(signed, [name]) == []
    assert check_media(signed / name, name, credentials=True) == []
    assert [finding.kind for finding in check_media(signed / name, name)] == ["metadata"]


def test_a_second_set_of_credentials_is_refused(signed: Path) -> None:
    data = (signed / "safe.mp4").read_bytes()
    at = data.index(b"uuid") - 4
    (size,) = struct.unpack(">I", data[at : at + 4])
    (signed / "safe.mp4").write_bytes(data + data[at : at + size])
    assert check_media(signed / "safe.mp4", "safe.mp4", credentials=True)


def test_a_second_chunk_in_a_wav_is_refused(signed: Path) -> None:
    path = signed / "talk.wav"
    data = path.read_bytes() + riff(b"C2PA", b"note")
    path.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
    assert check_media(path, "talk.wav", credentials=True)


@pytest.mark.parametrize("heard", [True, False])
def test_it_lists_what_was_redacted_and_whether_a_voice_is_generated(heard: bool) -> None:
    done = actions(document(heard=heard))
    assert [action["action"] for action in done[:2]] == ["c2pa.created", "org.discreet.redacted"]
    assert any("trainedAlgorithmicMedia" in str(action) for action in done[2:]) == (not heard)


def test_neither_the_credentials_nor_the_certificate_name_a_person_a_file_or_a_date(signed: Path) -> None:
    read = manifest(signed / "safe.mp4")
    assert read["title"] == "safe.mp4"
    assert "ingredients" not in read
    certificate = x509.load_pem_x509_certificate((signed / AUTHORITY).read_bytes())
    assert {str(part.value) for part in certificate.subject} == {"Discreet", "Discreet project"}
    assert certificate.not_valid_before_utc == dt.datetime(2026, 2, 28, tzinfo=dt.UTC)


def test_removed_credentials_are_found(signed: Path) -> None:
    shutil.copy(signed / "plain.mp4", signed / "safe.mp4")
    assert credential_problems(signed, ["safe.mp4"]) == ["safe.mp4: its content credentials were removed"]


def test_somebody_elses_credentials_are_found(signed: Path) -> None:
    shutil.copy(signed / "plain.mp4", signed / "safe.mp4")
    other = Signer(bytes([1]) * 32)
    add_credentials(signed / "safe.mp4", actions(document(heard=True)), "1.0", Issuer(other, AT), other)
    (problem,) = credential_problems(signed, ["safe.mp4"])
    assert "not the sender's" in problem


def test_without_the_certificate_nothing_is_trusted(signed: Path) -> None:
    (signed / AUTHORITY).unlink()
    assert credential_problems(signed, ["safe.mp4"])
    assert credential_problems(signed, ["transcript.vtt"]) == []


def test_a_changed_picture_or_sound_is_found(signed: Path) -> None:
    path = signed / "safe.mp4"
    whole = path.read_bytes()
    start, drawn = whole.index(b"mdat") + 4, random.Random(7)
    for _ in range(20):
        data = bytearray(whole)
        data[drawn.randrange(start, start + 500)] ^= 1 << drawn.randrange(8)
        path.write_bytes(data)
        assert credential_problems(signed, ["safe.mp4"])
