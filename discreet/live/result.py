"""What remains of a recording besides picture and sound: its faces, and when and why the whole picture was masked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np

from capture.live import RecordingReport
from discreet.config.settings import Settings
from discreet.version import __version__
from timeline import FaceTrack, Provenance, Recording, Redaction, Timeline, public_form, write_file


def with_covered(recorded: RecordingReport) -> RecordingReport:
    """The report with a whole-picture track for each span that the guard covered."""
    if recorded.picture is None:
        return recorded
    size = recorded.picture.width, recorded.picture.height
    covered = [
        FaceTrack.whole_picture(f"c{number}", np.unique(np.array([span.start, span.end])), size, span.reason)
        for number, span in enumerate(recorded.covered, 1)
    ]
    return replace(recorded, tracks=[*recorded.tracks, *covered])


def write_timeline(target: Path, recorded: RecordingReport, settings: Settings) -> Path:
    """Write the document beside the recording. Raises OutputError if it cannot be written."""
    path = target.with_suffix(".timeline.json")
    made = timeline(recorded, settings)
    write_file(path, (public_form(made) if settings.process.timeline == "public" else made).to_json())
    return path


def timeline(recorded: RecordingReport, settings: Settings) -> Timeline:
    """The document of a recording: its faces, without names, and when and why the whole picture was masked."""
    masked = [track for track in recorded.tracks if not (len(track.shown) and track.shown.all())]
    masked.sort(key=lambda track: track.start)
    redactions = [
        Redaction(
            id=f"r{number}",
            kind="face",
            start=track.start,
            end=track.end,
            operator="whole picture" if track.covers_picture else settings.vision.mask.style,
            reason=track.reason,
        )
        for number, track in enumerate(masked, 1)
    ]
    notes = [*recorded.notes]
    if recorded.dropped and not any("did not keep up" in note for note in notes):
        notes.append(f"{recorded.dropped} of {recorded.frames_in} pictures were dropped: the machine was too slow.")
    if recorded.error is not None:
        notes.append(f"The recording ended early ({type(recorded.error).__name__}).")
    picture = recorded.picture
    return Timeline(
        recording=Recording(
            duration=recorded.duration,
            width=picture.width if picture else 0,
            height=picture.height if picture else 0,
            fps=round(picture.fps, 3) if picture else 0.0,
            sample_rate=recorded.rate,
        ),
        tracks=[track.to_document(None) for track in recorded.tracks],
        redactions=redactions,
        provenance=Provenance(
            version=__version__,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            profile=settings.profile,
            settings={"record": settings.record.model_dump(mode="json")},
            notes=notes,
        ),
    )
