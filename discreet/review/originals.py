"""What lies behind a redaction: only for an owner of the sharing project, and each look is a line of the audit log.

The line is on disk before anything is read. Without a project nobody has the right, and nothing could be logged.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from capture import AudioFile, CaptureSettings, VideoFile, probe
from discreet.pipeline.source import source_hash
from discreet.results.sealed_details import source_token
from discreet.share.identity_links import key_of
from discreet.share.project import Project, account
from registered import Registry
from sharing.policy import OWNER
from timeline import REMOVE, InputError, RefusedError, Timeline

LONGEST = 60.0
"""Seconds that one look may show."""
BEFORE = 0.25
"""Seconds around a redaction that are heard with it."""
_RATE = 16000


@dataclass(frozen=True)
class Originals:
    """The recording that a result was made from. Make it with :meth:`open`."""

    path: Path
    timeline: Timeline
    project: Project
    capture: CaptureSettings

    @classmethod
    def open(
        cls, path: Path, timeline: Timeline, registry: Registry, project: str, capture: CaptureSettings
    ) -> Originals:
        """Check that this is the recording, and that whoever asks may see it.

        Args:
            path: of the recording.
            timeline: of the result.
            registry: with which it was made.
            project: whose owners may look, and in whose log each look is noted.
            capture: how the recording is read.

        Raises:
            RefusedError: the account is no owner of the project.
            InputError: this is another recording, or its times are no longer those of the result.
            GovernanceError: the governance cannot be read.
        """
        found = cls(path, timeline, Project(project, registry), capture)
        found._allow("open", 0.0, 0.0)
        if source_token(registry, source_hash(path)) != timeline.provenance.source:
            raise InputError(f"{path} is not the recording that these results were made from", "give that one")
        if any(redaction.operator == REMOVE for redaction in timeline.redactions):
            raise InputError(
                "parts of this recording were cut out, so its times are not those of the results",
                "look at the original with another program",
            )
        return found

    def sound(self, start: float, end: float) -> bytes:
        """What is heard from ``start`` to ``end`` (s), as a WAV file.

        Raises:
            InputError: the span is too long or outside, or the recording cannot be read.
            RefusedError: the account is no owner of the project any more.
        """
        self._within(start, end)
        self._allow("sound", start, end)
        audio = AudioFile(self.path, sample_rate=_RATE, settings=self.capture)
        first, last = round(max(0.0, start - BEFORE) * _RATE), round((end + BEFORE) * _RATE)
        parts, at = [np.zeros(0, np.float32)], 0
        for block in audio.blocks(1.0):
            parts.append(block[max(0, first - at) : max(0, last - at)])
            at += len(block)
            if at >= last:
                break
        samples = np.clip(np.concatenate(parts), -1.0, 1.0)
        target = io.BytesIO()
        with wave.open(target, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(_RATE)
            file.writeframes((samples * 32767).astype("<i2").tobytes())
        return target.getvalue()

    def picture(self, at: float) -> bytes:
        """What is seen at a time, s, as a JPEG file. Raises as :meth:`sound`."""
        self._within(at, at)
        self._allow("picture", at, at)
        video = VideoFile(self.path, info=probe(self.path, self.capture), settings=self.capture)
        pictures = video.frames(start=max(0.0, at - 0.002))
        found = next(pictures, None)
        if found is None:
            raise InputError("there is no picture at that time", "choose an earlier one")
        return bytes(cv2.imencode(".jpg", found[1])[1].tobytes())

    def _within(self, start: float, end: float) -> None:
        if not (0.0 <= start <= end <= self.timeline.recording.duration + 0.5 and end - start <= LONGEST):
            raise InputError(f"one look shows {LONGEST:.0f} s of the recording at most", "select less")

    def _allow(self, what: Literal["open", "sound", "picture"], start: float, end: float) -> None:
        """Note the look before it happens; refuse whoever is no owner, and note that as well."""
        subject = self.project.tokens.session(key_of(self.project.registry, self.timeline))
        owner = account() in self.project.governance.roles[OWNER].members
        self.project.note(
            "original",
            subject=subject,
            outcome="allowed" if owner else "refused",
            role=OWNER,
            detail={"what": what, "start": round(start, 3), "end": round(end, 3)},
        )
        if not owner:
            raise RefusedError(
                "this account may not see what lies behind redactions",
                f"owners of the project may; see {self.project.path}",
            )
