"""The unchanged sound, encrypted: `discreet process` needs it later, and it must never lie on the disk unencrypted.

A file ``NAME.spool``: the line ``DISCREET-SPOOL-1``, an id of 16 bytes, then records, each its length (4 bytes,
big-endian) and that many bytes sealed with the vault (AES-256-GCM). Record 0 is JSON about the sound, the others hold
16-bit samples of about a tenth of a second; an empty one marks the end. Each is bound to its position and to this
sidecar, so none can be left out, moved or brought in from another; only an end that a crash cut off can be missing.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from capture.reading.resample import StreamResampler
from capture.writing.atomic import sync_data
from capture.writing.settings import CHUNK_SECONDS, ID_BYTES, MOST_SEALED
from registered import SealError, Vault
from timeline import BLOCK_SECONDS, FloatArray, InputError, OutputError, create_file, write_error

SUFFIX = ".spool"
_FIRST = b"DISCREET-SPOOL-1\n"
_LENGTH = struct.Struct(">I")
_SCALE = 32767.0


def sidecar_name(recording: Path) -> Path:
    """The path of a recording's sidecar."""
    return recording.with_suffix(SUFFIX)


def _aad(id: str, number: int) -> bytes:
    return f"discreet/spool/1/{id}/{number}".encode()


class EncryptedSidecar:
    """Writes a sidecar; a :class:`capture.live.protocols.SidecarWriter`.

    Args:
        path: the file, which must not exist.
        vault: whose key encrypts it.
        rate: samples per second.
        id: 32 hex digits that identify the recording; random by default.

    Raises:
        OutputError: the file exists, or cannot be written.
    """

    def __init__(self, path: Path, vault: Vault, rate: int, id: str = "") -> None:
        self.path = path
        self._vault, self._rate = vault, rate
        self._id = id or os.urandom(16).hex()
        self._number = 0
        self._held: list[FloatArray] = []
        self._samples = 0
        try:
            self._fd = create_file(path, private=True)
        except FileExistsError:
            raise OutputError(f"{path} already exists", "choose another name") from None
        except OSError as error:
            raise write_error(path, error) from None
        self._put(_FIRST + bytes.fromhex(self._id))
        self._seal(json.dumps({"rate": rate}).encode())

    def write(self, samples: FloatArray) -> None:
        """Add float32 ``[n]``. Raises OutputError if it cannot be written."""
        self._held.append(samples)
        self._samples += len(samples)
        if self._samples >= CHUNK_SECONDS * self._rate:
            self._flush()

    def close(self) -> None:
        """Write what is held and the end mark. May be called twice."""
        if self._fd < 0:
            return
        try:
            if self._samples:
                self._flush()
            self._seal(b"")
            sync_data(self._fd)
        finally:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def sync(self) -> None:
        """Flush what was sealed to the disk. Any thread may call it."""
        sync_data(self._fd)

    def discard(self) -> None:
        """Close and remove the file."""
        self._held, self._samples = [], 0
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
        self.path.unlink(missing_ok=True)

    def _flush(self) -> None:
        block = np.concatenate(self._held)
        self._held, self._samples = [], 0
        clean = np.clip(np.nan_to_num(block, nan=0.0), -1.0, 1.0)
        self._seal(np.round(clean * _SCALE).astype("<i2").tobytes())

    def _seal(self, data: bytes) -> None:
        sealed = self._vault.seal(data, _aad(self._id, self._number))
        self._number += 1
        self._put(_LENGTH.pack(len(sealed)) + sealed)

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while len(view):
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            raise write_error(self.path, error) from None


class SidecarSound:
    """The sound of a sidecar: a :class:`timeline.Audio`, read like :class:`capture.AudioFile`.

    Args:
        path: the file.
        vault: whose key encrypted it.
        sample_rate: Hz, resampled; None keeps the sidecar's own.
        mono: blocks ``[n]``, else ``[n, 1]``.

    Attributes:
        id: identifies the recording.
        truncated: a crash cut its end off.

    Raises:
        InputError: it is not a sidecar, or not even its beginning is complete.
        SealError: it was changed, or encrypted with another key.
    """

    has_sound = True
    channels = 1

    def __init__(self, path: Path, vault: Vault, sample_rate: int | None = 16000, mono: bool = True) -> None:
        self.path, self._vault, self.mono = path, vault, mono
        self.truncated, self.id = False, ""
        about = json.loads(self._about())
        self.own_rate = int(about["rate"])
        self._rate = sample_rate or self.own_rate
        self._length = sum(len(block) for block in self._blocks())

    @property
    def sample_rate(self) -> int:
        """Samples per second of the blocks."""
        return self._rate

    @property
    def duration(self) -> float:
        """Seconds."""
        return self._length / self.own_rate

    def _about(self) -> bytes:
        for record in self._records():
            return record
        raise InputError(f"{self.path}: is an incomplete sidecar", "its sound cannot be recovered")

    def _records(self) -> Iterator[bytes]:
        """Yield all complete records, in order."""
        try:
            with self.path.open("rb") as file:
                if file.read(len(_FIRST)) != _FIRST or len(head := file.read(ID_BYTES)) < ID_BYTES:
                    raise InputError(f"{self.path}: is not a sidecar made by Discreet", "name the recording beside it")
                self.id, number = head.hex(), 0
                while len(size := file.read(4)) == 4:
                    (length,) = _LENGTH.unpack(size)
                    if length > MOST_SEALED:
                        raise SealError(f"{self.path} was changed", "restore it from a backup")
                    sealed = file.read(length)
                    if len(sealed) < length:
                        break
                    data = self._vault.open_sealed(sealed, _aad(self.id, number))
                    if not data:
                        return
                    yield data
                    number += 1
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}", "check its permissions") from None
        self.truncated = True

    def _blocks(self) -> Iterator[FloatArray]:
        records = self._records()
        next(records, None)
        for data in records:
            yield np.frombuffer(data, "<i2").astype(np.float32) / np.float32(_SCALE)

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Iterator[FloatArray]:
        """Yield a new pass of float32 blocks ``[n]`` (mono) or ``[n, 1]``, ``seconds`` each, the last one shorter."""
        step = max(1, round(seconds * self._rate))
        held: FloatArray = np.zeros(0, np.float32)
        for block in self._resampled():
            held = np.concatenate([held, block])
            while len(held) >= step:
                yield self._as_channels(held[:step])
                held = held[step:]
        if len(held):
            yield self._as_channels(held)

    def _as_channels(self, block: FloatArray) -> FloatArray:
        return block if self.mono else block[:, None]

    def _resampled(self) -> Iterator[FloatArray]:
        if self._rate == self.own_rate:
            yield from self._blocks()
            return
        resample = StreamResampler(self.own_rate, self._rate)
        for block in self._blocks():
            yield resample(block)
        yield resample.flush()
