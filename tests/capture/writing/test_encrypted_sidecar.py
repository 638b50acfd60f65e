"""The sidecar: everything comes back, nothing lies in clear, and what was changed is refused."""

from __future__ import annotations

import struct
from pathlib import Path

import media_maker as make
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.writing.encrypted_sidecar import CHUNK_SECONDS, EncryptedSidecar, SidecarSound, sidecar_name
from registered import SealError, Vault
from timeline import InputError, OutputError

VAULT = Vault(b"k" * 32)


def written(path: Path, samples: np.ndarray, rate: int = 16000, cuts: int = 700) -> Path:
    sidecar = EncryptedSidecar(path, VAULT, rate)
    for at in range(0, len(samples), cuts):
        sidecar.write(samples[at : at + cuts])
    sidecar.close()
    sidecar.close()
    return path


def noise(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, n).astype(np.float32)


def records(path: Path) -> list[tuple[int, int]]:
    data, at, found = path.read_bytes(), 17 + 16, []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append((at, at + 4 + length))
        at += 4 + length
    return found


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 30000), st.integers(1, 9000), st.floats(0.01, 3.0))
def test_what_was_written_comes_back_however_it_was_cut(
    tmp_path_factory: pytest.TempPathFactory, n: int, cuts: int, seconds: float
) -> None:
    samples = noise(n)
    sound = SidecarSound(written(tmp_path_factory.mktemp("sidecar") / "a.spool", samples, cuts=cuts), VAULT, None)
    blocks = list(sound.blocks(seconds))
    got = np.concatenate([np.zeros(0, np.float32), *blocks])
    assert len(got) == n == round(sound.duration * 16000)
    assert np.abs(got - samples).max(initial=0.0) < 1 / 32000
    assert all(len(block) == round(seconds * 16000) for block in blocks[:-1])
    assert not sound.truncated


def test_it_is_resampled_in_step(tmp_path: Path) -> None:
    beeps = make.beeping([0.5, 1.5, 2.25], 3.0)[:, 0]
    sound = SidecarSound(written(tmp_path / "a.spool", beeps, 48000), VAULT)
    got = np.concatenate(list(sound.blocks()))
    assert len(got) == 3 * 16000
    assert np.abs(np.subtract(make.onsets(got, 16000), [0.5, 1.5, 2.25])).max() < 0.003
    assert next(iter(SidecarSound(tmp_path / "a.spool", VAULT, mono=False).blocks(0.5))).shape == (8000, 1)


def test_no_sample_lies_in_clear(tmp_path: Path) -> None:
    samples = noise(64000)
    data = written(tmp_path / "a.spool", samples).read_bytes()
    for form in (samples, np.round(samples * 32767).astype("<i2"), (samples * 2**31).astype("<i4")):
        raw = form.tobytes()
        assert not any(raw[at : at + 8] in data for at in range(0, len(raw) - 8, 4001))
    assert (tmp_path / "a.spool").stat().st_mode & 0o077 == 0


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.spool", noise(16000))
    with pytest.raises(SealError):
        SidecarSound(path, Vault(b"x" * 32))


def test_what_a_crash_cut_off_is_missing_and_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.spool", noise(16000 * 4))
    data, parts = path.read_bytes(), records(path)
    for length in (parts[-1][0], parts[3][1], parts[3][1] + 2, parts[4][1] - 1):
        path.write_bytes(data[:length])
        sound = SidecarSound(path, VAULT)
        assert sound.truncated
        whole = sum(end <= length for _, end in parts) - 1
        assert sound.duration == pytest.approx(whole * 0.1, abs=0.05 * whole)


@given(st.lists(st.integers(1, 5000), max_size=30))
def test_all_but_a_tenth_of_a_second_is_in_the_file_at_any_moment(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[int]
) -> None:
    path, given_samples = tmp_path_factory.mktemp("sidecar") / "a.spool", 0
    sidecar = EncryptedSidecar(path, VAULT, 16000)
    for n in blocks:
        sidecar.write(noise(n))
        given_samples += n
        assert SidecarSound(path, VAULT, None).duration > given_samples / 16000 - CHUNK_SECONDS
    sidecar.close()


def test_what_was_changed_moved_or_left_out_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.spool", noise(16000 * 3))
    data, parts = path.read_bytes(), records(path)
    (a, b), (c, d) = parts[2], parts[3]
    flipped = bytearray(data)
    flipped[a + 40] ^= 1
    for changed in (
        data[:a] + data[c:d] + data[a:b] + data[d:],
        data[:a] + data[b:],
        bytes(flipped),
        data[:a] + b"\xff" * 9,
    ):
        path.write_bytes(changed)
        with pytest.raises(SealError):
            SidecarSound(path, VAULT)


def test_what_is_no_sidecar_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.spool"
    for content in (b"", b"RIFF" + bytes(100), b"DISCREET-SPOOL-1\n", b"DISCREET-SPOOL-1\n" + bytes(20)):
        path.write_bytes(content)
        with pytest.raises((InputError, SealError)):
            SidecarSound(path, VAULT)
    with pytest.raises(InputError):
        SidecarSound(tmp_path / "none.spool", VAULT)
    with pytest.raises(OutputError):
        EncryptedSidecar(path, VAULT, 16000)
    assert sidecar_name(tmp_path / "a.mp4") == path
