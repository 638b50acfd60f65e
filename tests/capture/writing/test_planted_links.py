"""A link planted at a name that a recorder or writer uses: what it points to stays as it is, and files are 0600."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest
from live_fakes import FAST, SMALL

from capture.writing.atomic import partial_name
from capture.writing.audio import SoundWriter
from capture.writing.encrypted_sidecar import EncryptedSidecar, sidecar_name
from capture.writing.fragmented_mp4 import FragmentWriter, growing_name, recover
from registered import Vault
from timeline import OutputError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions and links")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim"
    path.write_bytes(b"precious")
    return path


def recorded(target: Path) -> Path:
    writer = FragmentWriter(target, SMALL, None, FAST)
    for n in range(30):
        writer.add_picture(n / 30, np.zeros((64, 96, 3), np.uint8))
    writer.finish()
    return writer.path


def test_a_recording_is_not_begun_through_a_link(tmp_path: Path, victim: Path) -> None:
    growing_name(tmp_path / "a.mp4").symlink_to(victim)
    sidecar_name(tmp_path / "a.mp4").symlink_to(victim)
    with pytest.raises(OutputError):
        FragmentWriter(tmp_path / "a.mp4", SMALL, None, FAST)
    with pytest.raises(OutputError):
        EncryptedSidecar(sidecar_name(tmp_path / "a.mp4"), Vault(b"k" * 32), 16000)
    assert victim.read_bytes() == b"precious"


def test_sound_and_finished_recordings_replace_links(tmp_path: Path, victim: Path) -> None:
    for name in ("a.wav", "b.mp4"):
        partial_name(tmp_path / name).symlink_to(victim)
    (tmp_path / "a.wav").symlink_to(victim)
    with SoundWriter(tmp_path / "a.wav", 16000, 1) as out:
        out.write(np.zeros(1600, np.float32))
    recover(recorded(tmp_path / "b.mp4"))
    assert victim.read_bytes() == b"precious"
    assert not any(path.is_symlink() for path in tmp_path.iterdir())


def test_everything_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    growing = recorded(tmp_path / "a.mp4")
    assert stat.S_IMODE(growing.stat().st_mode) == 0o600
    recover(growing)
    with SoundWriter(tmp_path / "a.wav", 16000, 1) as out:
        out.write(np.zeros(1600, np.float32))
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
