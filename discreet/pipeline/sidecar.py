"""What the recorder leaves beside a recording for ``discreet process``: the sealed sound and the sealed face tracks.

The recording's comment tag holds a random id, and so do the sidecars. A sidecar that lies beside another recording,
after renaming or copying, is not used.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from capture import MediaInfo, top_level_boxes
from capture.writing import SpooledSound, spool_name
from discreet.pipeline import codec
from registered import Answers, Vault
from timeline import DiscreetError, InputError, OutputError, write_file

FACES = ".faces"
COMMENT = "discreet recording "
_TAG = re.compile(rb"discreet recording ([0-9a-f]{32})")
_MOST = 1 << 26
WITHDRAWN = "agrees no longer to be seen"
"""Why a face is masked that the recorder showed."""
APART = 1.5
"""Seconds by which the lengths of the sealed sound and the recording may differ: a crash truncates them unevenly."""


def comment(id: str) -> str:
    """The comment tag of the recording ``id`` (32 hex digits)."""
    return COMMENT + id


def recording_id(path: Path) -> str:
    """The id in the file's comment tag; empty if the recorder did not make the file."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
            riff = head[:4] == b"RIFF" and head[8:] == b"AVI "
            found = _TAG.search(_avi_info(file) if riff else _moov(file, path))
    except OSError:
        return ""
    return found.group(1).decode() if found else ""


def _moov(file: BinaryIO, path: Path) -> bytes:
    """The part of an MP4 that holds its tags; empty without one."""
    for kind, start, end in top_level_boxes(path):
        if kind == b"moov" and end - start < _MOST:
            file.seek(start)
            return file.read(end - start)
    return b""


def _avi_info(file: BinaryIO) -> bytes:
    """The list of an AVI's tags, which stands before its pictures; empty without one. ``file`` is behind its head."""
    while len(head := file.read(8)) == 8:
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        inside = file.read(4) if kind == b"LIST" and length >= 4 else b""
        if inside == b"movi" or length >= _MOST:
            break
        if inside == b"INFO":
            return file.read(length - 4)
        file.seek(length - len(inside) + length % 2, os.SEEK_CUR)
    return b""


def _aad(id: str) -> bytes:
    return f"discreet/recording/faces/1/{id}".encode()


def write_faces(recording: Path, id: str, faces: codec.Faces, vault: Vault) -> Path:
    """Seal the faces beside the recording. Raises OutputError if they cannot be written."""
    path = recording.with_suffix(FACES)
    write_file(path, vault.seal(codec.encode_faces(faces), _aad(id)), private=True)
    return path


class Session:
    """The sidecars of one recording. Make it with :func:`find`.

    Attributes:
        spool: path of the sealed sound, or None.
        notes: what could not be used, and why.
    """

    def __init__(self, recording: Path, id: str, vault: Vault) -> None:
        self.id = id
        self.notes: list[str] = []
        self.spool: Path | None = None
        self._faces: codec.Faces | None = None
        self._vault = vault
        self._sound: SpooledSound | None = None
        spool = spool_name(recording)
        if spool.exists():
            try:
                sound = SpooledSound(spool, vault, None)
                if sound.id != id:
                    raise InputError(f"{spool} belongs to another recording")
                self.spool, self._sound = spool, sound
                if sound.truncated:
                    self.notes.append("The recording was cut off: so was its sealed sound.")
            except DiscreetError as error:
                self.notes.append(f"The sealed sound beside the recording was not used: {error}.")
        else:
            self.notes.append("The recording's sealed sound is gone: voices were told apart in the changed sound.")
        try:
            self._faces = codec.decode_faces(vault.open_sealed(recording.with_suffix(FACES).read_bytes(), _aad(id)))
            if not any(len(track.speaking) for track in self._faces.tracks):
                self.notes.append(
                    "The faces are those that the recorder found: who speaks was told by voice and face, not by lips."
                )
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, DiscreetError) as error:
            self.notes.append(f"The sealed faces beside the recording were not used ({type(error).__name__}).")

    @property
    def facts(self) -> dict[str, str]:
        """What a result depends on besides the recording itself."""
        digest = hashlib.sha256()
        if self._faces is not None:
            digest.update(codec.encode_faces(self._faces))
        return {"id": self.id, "sound": str(self.spool is not None), "faces": digest.hexdigest()}

    def heard(self, info: MediaInfo) -> MediaInfo:
        """The recording's media info, with the sealed sound instead of its own."""
        if self._sound is None:
            return info
        if abs(self._sound.duration - info.duration) > APART:
            self.notes.append("The sealed sound beside the recording was not used: it is not as long as the recording.")
            self.spool = self._sound = None
            return info
        return replace(
            info,
            has_audio=True,
            sample_rate=self._sound.own_rate,
            channels=1,
            audio_start=0.0,
            audio_end=self._sound.duration,
        )

    def sound(self, sample_rate: int | None = 16000, mono: bool = True) -> SpooledSound:
        """The sealed sound. Raises ValueError if there is none."""
        if self.spool is None:
            raise ValueError("no sealed sound")
        return SpooledSound(self.spool, self._vault, sample_rate, mono)

    def faces(self, answers: Mapping[str, Answers]) -> codec.Faces | None:
        """The recorder's faces, shown only where their owners still agree today; None if there are none."""
        if self._faces is None:
            return None
        tracks = []
        for track in self._faces.tracks:
            agreed = track.enrolled is not None and track.enrolled in answers and answers[track.enrolled].seen
            if not agreed and track.ever_shown:
                track = replace(track, shown=np.zeros_like(track.shown), reason=WITHDRAWN)
            if track.enrolled is not None and track.enrolled not in answers:
                track = replace(track, enrolled=None, similarity=0.0)
            tracks.append(track)
        return codec.Faces(tracks, self._faces.times)

    def drop_spool(self) -> None:
        """Remove the sealed sound. Raises OutputError if it cannot be removed."""
        if self.spool is not None:
            try:
                self.spool.unlink(missing_ok=True)
            except OSError as error:
                raise OutputError(f"{self.spool} cannot be removed: {error.strerror}", "remove it by hand") from error


def find(recording: Path, vault: Vault) -> Session | None:
    """The sidecars of the recording; None if the recorder did not make it."""
    id = recording_id(recording)
    return Session(recording, id, vault) if id else None
