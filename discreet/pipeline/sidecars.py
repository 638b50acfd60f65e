"""What the recorder leaves beside a recording for ``discreet process``: the sealed sound and the sealed face tracks.

A recording and its sidecars hold the same random id. A sidecar that lies beside another recording, after
renaming or copying, is not used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from capture import MediaInfo
from capture.writing import SidecarSound, sidecar_name
from discreet.pipeline import serialise
from discreet.pipeline.recording_id import recording_id
from registered import Answers, Vault
from timeline import DiscreetError, InputError, OutputError, write_file

FACES = ".faces"
WITHDRAWN = "agrees no longer to be seen"
"""Why a face is masked that the recorder showed."""
APART = 1.5
"""Seconds by which the lengths of the sealed sound and the recording may differ: a crash truncates them unevenly."""


def _aad(id: str) -> bytes:
    return f"discreet/recording/faces/1/{id}".encode()


def write_faces(recording: Path, id: str, faces: serialise.Faces, vault: Vault) -> Path:
    """Seal the faces beside the recording. Raises OutputError if they cannot be written."""
    path = recording.with_suffix(FACES)
    write_file(path, vault.seal(serialise.encode_faces(faces), _aad(id)), private=True)
    return path


class Sidecars:
    """The sidecars of one recording. Make it with :func:`find`.

    Attributes:
        sound_path: path of the sealed sound, or None.
        notes: what could not be used, and why.
    """

    def __init__(self, recording: Path, id: str, vault: Vault) -> None:
        self.id = id
        self.notes: list[str] = []
        self.sound_path: Path | None = None
        self._faces: serialise.Faces | None = None
        self._vault = vault
        self._sound: SidecarSound | None = None
        path = sidecar_name(recording)
        if path.exists():
            try:
                sound = SidecarSound(path, vault, None)
                if sound.id != id:
                    raise InputError(f"{path} belongs to another recording")
                self.sound_path, self._sound = path, sound
                if sound.truncated:
                    self.notes.append("The recording was cut off: so was its sealed sound.")
            except DiscreetError as error:
                self.notes.append(f"The sealed sound beside the recording was not used: {error}.")
        else:
            self.notes.append("The recording's sealed sound is gone: voices were told apart in the changed sound.")
        try:
            self._faces = serialise.decode_faces(vault.open_sealed(recording.with_suffix(FACES).read_bytes(), _aad(id)))
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
            digest.update(serialise.encode_faces(self._faces))
        return {"id": self.id, "sound": str(self.sound_path is not None), "faces": digest.hexdigest()}

    def heard(self, info: MediaInfo) -> MediaInfo:
        """The recording's media info, with the sealed sound instead of its own."""
        if self._sound is None:
            return info
        if abs(self._sound.duration - info.duration) > APART:
            self.notes.append("The sealed sound beside the recording was not used: it is not as long as the recording.")
            self.sound_path = self._sound = None
            return info
        return replace(
            info,
            has_audio=True,
            sample_rate=self._sound.own_rate,
            channels=1,
            audio_start=0.0,
            audio_end=self._sound.duration,
        )

    def sound(self, sample_rate: int | None = 16000, mono: bool = True) -> SidecarSound:
        """The sealed sound. Raises ValueError if there is none."""
        if self.sound_path is None:
            raise ValueError("no sealed sound")
        return SidecarSound(self.sound_path, self._vault, sample_rate, mono)

    def faces(self, answers: Mapping[str, Answers]) -> serialise.Faces | None:
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
        return serialise.Faces(tracks, self._faces.times)

    def drop_sound(self) -> None:
        """Remove the sealed sound. Raises OutputError if it cannot be removed."""
        if self.sound_path is not None:
            try:
                self.sound_path.unlink(missing_ok=True)
            except OSError as error:
                raise OutputError(
                    f"{self.sound_path} cannot be removed: {error.strerror}", "remove it by hand"
                ) from error


def find(recording: Path, vault: Vault) -> Sidecars | None:
    """The sidecars of the recording; None if the recorder did not make it."""
    id = recording_id(recording)
    return Sidecars(recording, id, vault) if id else None
