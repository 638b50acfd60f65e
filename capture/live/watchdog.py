"""The recorder's watchdog: notices a silent source, a hanging encoder and a nearly full disk."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from capture.live.recorder_threads import FileWriter, PictureReader
from capture.live.settings import MEGABYTE
from capture.live.sound_threads import SoundReader
from capture.live.worker import SharedState
from capture.live_settings import RecordSettings
from timeline import DeviceError, OutputError


class Watchdog:
    """Ends a recording that cannot go on, while it can still be finished.

    Args:
        shared: the state that the recording's threads share.
        target: the recording.
        settings: the time limits and the disk reserve.
    """

    def __init__(self, shared: SharedState, target: Path, settings: RecordSettings) -> None:
        self._shared, self._target, self._settings = shared, target, settings

    def look(
        self, now: float, readers: Iterable[tuple[PictureReader | SoundReader | None, str]], file: FileWriter
    ) -> None:
        """Check everything at ``now``; ``readers`` are the readers with the names of their devices."""
        settings, shared = self._settings, self._shared
        patience = settings.stall_seconds if shared.ledger.begun else settings.start_seconds
        for reader, what in readers:
            if reader is not None and reader.doing == "reading" and reader.busy(now) > patience:
                message = f"the {what} {reader.source.name} gives nothing any more"
                shared.fail(DeviceError(message, "check that it is plugged in"))
        if file.busy(now) > settings.hang_seconds:
            shared.fail(OutputError(f"{self._target}: writing has stalled", "check the disk"))
        with contextlib.suppress(OSError):
            if shutil.disk_usage(self._target.parent).free < settings.reserve_mb * MEGABYTE:
                message = f"the disk is nearly full: less than {settings.reserve_mb} MB are left"
                shared.fail(OutputError(message, "free some space"))
