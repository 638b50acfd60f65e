from __future__ import annotations

import hmac
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registered import SealError, Vault
from registered.vault import OVERHEAD
from timeline import OutputError, PeopleError

COVERS = ("registered.keys",)

VAULT = Vault(bytes(range(32)))


class MemoryKeyring(keyring.backend.KeyringBackend):
    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked("locked")
        self.kept[service, username] = password


@pytest.fixture
def memory_keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    backend = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    monkeypatch.setenv("DISCREET_KEYRING", "auto")
    return backend


@given(st.binary(max_size=2000), st.binary(max_size=60))
def test_what_was_sealed_opens_again(data: bytes, aad: bytes) -> None:
    sealed = VAULT.seal(data, aad)
    assert len(sealed) == len(data) + OVERHEAD
    assert VAULT.open_sealed(sealed, aad) == data


@given(st.binary(max_size=80), st.binary(max_size=20), st.data())
def test_one_flipped_bit_anywhere_is_refused(data: bytes, aad: bytes, draw: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal(data, aad))
    bit = draw.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealError):
        VAULT.open_sealed(bytes(sealed), aad)


def test_every_bit_of_one_seal_counts_and_so_does_every_length() -> None:
    sealed = VAULT.seal(b"templates", b"p-1")
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealError):
            VAULT.open_sealed(bytes(changed), b"p-1")
    for length in range(len(sealed)):
        with pytest.raises(SealError):
            VAULT.open_sealed(sealed[:length], b"p-1")
    with pytest.raises(SealError):
        VAULT.open_sealed(sealed + b"\0", b"p-1")


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_associated_data_is_bound(aad: bytes, other: bytes) -> None:
    sealed = VAULT.seal(b"x", aad)
    if aad == other:
        assert VAULT.open_sealed(sealed, other) == b"x"
    else:
        with pytest.raises(SealError):
            VAULT.open_sealed(sealed, other)


def test_sealing_twice_gives_two_nonces_and_two_texts() -> None:
    seals = [VAULT.seal(b"same", b"same") for _ in range(1000)]
    assert len({s[5:17] for s in seals}) == 1000
    assert len({s[17:] for s in seals}) == 1000


def test_another_key_does_not_open() -> None:
    with pytest.raises(SealError) as caught:
        Vault(bytes(32)).open_sealed(VAULT.seal(b"x"))
    assert caught.value.remedy


def test_secrets_are_stable_apart_and_not_the_key() -> None:
    names = ["voice", "spool", "Voice", "voice ", "", "stimme-ü"]
    secrets = [VAULT.secret(name) for name in names]
    assert secrets == [Vault(bytes(range(32))).secret(name) for name in names]
    assert len({*secrets, bytes(range(32))}) == len(names) + 1
    assert {len(s) for s in secrets} == {32}
    # Voices must stay the same in every meeting, also after an update: this value may never change.
    assert VAULT.secret("voice").hex() == "6acbd7c7734370aab8fbe8509ecc2ba58cc84aac59374bac2db9c09dd7874941"


def test_secrets_are_those_of_rfc_5869() -> None:
    extracted = hmac.digest(bytes(32), bytes(range(32)), "sha256")
    assert VAULT.secret("spool") == hmac.digest(extracted, b"discreet/1/secret/spool\x01", "sha256")


def test_keys_do_not_show_in_text() -> None:
    assert "0001" not in repr(VAULT)
    assert repr(VAULT) == "Vault()"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(bytes(length))


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        sealed = Vault.open(tmp_path / "v").seal(b"x")
    finally:
        os.umask(before)
    assert Vault.open(tmp_path / "v").open_sealed(sealed) == b"x"
    assert stat.S_IMODE((tmp_path / "v").stat().st_mode) == 0o700
    assert sorted(p.name for p in (tmp_path / "v").iterdir()) == [".lock", "key", "vault.json"]
    for path in (tmp_path / "v").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_vaults_of_two_folders_do_not_open_each_other(tmp_path: Path) -> None:
    sealed = Vault.open(tmp_path / "a").seal(b"x")
    with pytest.raises(SealError):
        Vault.open(tmp_path / "b").open_sealed(sealed)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o666, 0o611])
def test_a_key_file_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    Vault.open(tmp_path / "v")
    (tmp_path / "v" / "key").chmod(mode)
    with pytest.raises(PeopleError, match="read by others") as caught:
        Vault.open(tmp_path / "v")
    assert caught.value.remedy == f"chmod 600 '{tmp_path / 'v' / 'key'}'"
    subprocess.run(caught.value.remedy, shell=True, check=True)
    Vault.open(tmp_path / "v")


@pytest.mark.parametrize("mode", [0o777, 0o720, 0o702])
def test_a_folder_others_can_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v").chmod(mode)
    with pytest.raises(PeopleError, match="others may write") as caught:
        Vault.open(tmp_path / "v")
    subprocess.run(caught.value.remedy, shell=True, check=True)
    Vault.open(tmp_path / "v")


@pytest.mark.parametrize(
    "text", ["", "garbage", "discreet-key-1:", "discreet-key-1:AAAA", "discreet-key-1:?", "\xff\0"]
)
def test_a_damaged_key_file_is_told(tmp_path: Path, text: str) -> None:
    Vault.open(tmp_path)
    (tmp_path / "key").write_text(text, encoding="latin-1")
    with pytest.raises(PeopleError, match="not a key") as caught:
        Vault.open(tmp_path)
    assert "backup" in caught.value.remedy


def test_another_key_file_is_told(tmp_path: Path) -> None:
    Vault.open(tmp_path / "a")
    Vault.open(tmp_path / "b")
    (tmp_path / "a" / "key").write_bytes((tmp_path / "b" / "key").read_bytes())
    with pytest.raises(PeopleError, match="it is the wrong key"):
        Vault.open(tmp_path / "a")


def test_a_lost_key_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    Vault.open(tmp_path)
    (tmp_path / "key").unlink()
    with pytest.raises(PeopleError, match="no longer in the key file"):
        Vault.open(tmp_path)
    (tmp_path / "vault.json").unlink()
    (tmp_path / "p-0123456789abcdef.person").write_bytes(b"x")
    with pytest.raises(PeopleError, match=r"neither vault\.json nor a key"):
        Vault.open(tmp_path)
    assert not (tmp_path / "key").exists()


def test_a_first_run_cut_short_after_the_key_goes_on_with_it(tmp_path: Path) -> None:
    sealed = Vault.open(tmp_path).seal(b"x")
    (tmp_path / "vault.json").unlink()
    assert Vault.open(tmp_path).open_sealed(sealed) == b"x"


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b'{"format": 2, "id": "x", "key": "file"}', b"\xff"])
def test_a_damaged_description_is_told(tmp_path: Path, text: bytes) -> None:
    Vault.open(tmp_path)
    (tmp_path / "vault.json").write_bytes(text)
    with pytest.raises(PeopleError, match=r"vault\.json"):
        Vault.open(tmp_path)


def test_a_proof_that_is_no_proof_is_refused(tmp_path: Path) -> None:
    Vault.open(tmp_path)
    place = json.loads((tmp_path / "vault.json").read_text())
    for check in ("", "zz", "00", place["check"][:-2] + "00"):
        (tmp_path / "vault.json").write_text(json.dumps({**place, "check": check}))
        with pytest.raises(PeopleError, match="does not open"):
            Vault.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        Vault.open(tmp_path / "file" / "people")


def test_the_keyring_keeps_the_key(tmp_path: Path, memory_keyring: MemoryKeyring) -> None:
    sealed = Vault.open(tmp_path).seal(b"x")
    assert Vault.open(tmp_path).open_sealed(sealed) == b"x"
    assert not (tmp_path / "key").exists()
    assert len(memory_keyring.kept) == 1
    key = next(iter(memory_keyring.kept.values())).split(":")[1]
    assert key not in (tmp_path / "vault.json").read_text()


def test_a_keyring_that_is_locked_or_emptied_is_told(tmp_path: Path, memory_keyring: MemoryKeyring) -> None:
    Vault.open(tmp_path)
    memory_keyring.locked = True
    with pytest.raises(PeopleError, match="did not answer") as caught:
        Vault.open(tmp_path)
    assert "unlock" in caught.value.remedy
    memory_keyring.locked = False
    memory_keyring.kept.clear()
    with pytest.raises(PeopleError, match="no longer in the OS keyring"):
        Vault.open(tmp_path)
    assert not (tmp_path / "key").exists()


def test_where_no_keyring_runs_nobody_is_told_to_unlock_it(
    tmp_path: Path, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault.open(tmp_path)
    monkeypatch.setattr("keyring.get_keyring", keyring.backends.fail.Keyring)
    with pytest.raises(PeopleError, match="did not answer") as caught:
        Vault.open(tmp_path)
    assert "unlock" not in caught.value.remedy
    assert "no keyring is running here" in caught.value.remedy


def test_a_keyring_that_never_answers_is_not_waited_for(
    tmp_path: Path, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault.open(tmp_path / "ring")
    monkeypatch.setattr("registered.keys.PATIENCE", 0.05)
    monkeypatch.setattr(memory_keyring, "get_password", lambda *_: time.sleep(1))
    with pytest.raises(PeopleError, match="no answer within"):
        Vault.open(tmp_path / "ring")
    Vault.open(tmp_path / "other")
    assert (tmp_path / "other" / "key").exists()


def test_without_a_usable_keyring_auto_takes_a_file(tmp_path: Path, memory_keyring: MemoryKeyring) -> None:
    memory_keyring.locked = True
    Vault.open(tmp_path / "locked")
    assert (tmp_path / "locked" / "key").exists()
    with pytest.raises(PeopleError, match="cannot be used") as caught:
        Vault.open(tmp_path / "must", "keyring")
    assert "DISCREET_KEYRING=file" in caught.value.remedy
    assert not (tmp_path / "must" / "key").exists()


def test_without_any_keyring_auto_takes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", keyring.backends.fail.Keyring)
    Vault.open(tmp_path / "none", "auto")
    assert (tmp_path / "none" / "key").exists()
    with pytest.raises(PeopleError, match="there is none"):
        Vault.open(tmp_path / "must", "keyring")


def test_plain_text_keyrings_are_not_used(tmp_path: Path, memory_keyring: MemoryKeyring) -> None:
    memory_keyring.priority = 0.5  # type: ignore[assignment]
    Vault.open(tmp_path)
    assert not memory_keyring.kept


def test_the_place_of_the_key_cannot_be_contradicted(
    tmp_path: Path, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault.open(tmp_path / "ring")
    Vault.open(tmp_path / "file", "file")
    Vault.open(tmp_path / "file", "auto")
    for folder, mode in (("ring", "file"), ("file", "keyring")):
        with pytest.raises(PeopleError, match="DISCREET_KEYRING says"):
            Vault.open(tmp_path / folder, mode)  # type: ignore[arg-type]
    monkeypatch.setenv("DISCREET_KEYRING", "fiel")
    with pytest.raises(PeopleError, match="'fiel'"):
        Vault.open(tmp_path / "ring")


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from registered import Vault;"
        "print(Vault.open(Path(sys.argv[1]), 'file').secret('voice').hex())"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "v")], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    secrets = {child.communicate(timeout=60)[0] for child in children}
    assert len(secrets) == 1
    assert len(secrets.pop().strip()) == 64


def test_a_vault_in_a_folder_that_is_read_only_opens(tmp_path: Path) -> None:
    sealed = Vault.open(tmp_path / "v").seal(b"x")
    (tmp_path / "v" / ".lock").unlink()
    before = sorted((tmp_path / "v").iterdir())
    assert Vault.open(tmp_path / "v").open_sealed(sealed) == b"x"
    assert sorted((tmp_path / "v").iterdir()) == before  # opening an existing one writes nothing
