"""The recorder's bench: flashes and beeps of a written file are measured against each other."""

from pathlib import Path

import pytest

from capture import Picture, RecordSettings, VirtualClock
from capture.devices import SyntheticPictures, SyntheticSound
from capture.live import PipelineParts, Recorder
from evaluation.data.moving_faces import BAND
from evaluation.runs.live_recorder import sync


class Through:
    """Masks nothing: the pictures hold nobody."""

    latency = 0.0

    def push(self, t: float, image: object) -> list[tuple[float, object]]:
        return [(t, image)]

    def flush(self) -> list[tuple[float, object]]:
        return []

    def status(self) -> dict[str, float]:
        return {}

    def tracks(self) -> list[object]:
        return []

    def close(self) -> None:
        return None


@pytest.mark.parametrize("late", [0.12])
def test_sync_is_the_distance_of_flash_and_beep(tmp_path: Path, late: float) -> None:
    clock = VirtualClock()
    origin = clock.now() + 0.5
    parts = PipelineParts(
        RecordSettings(sound="keep", preset="ultrafast", reserve_mb=0),
        SyntheticPictures(clock, Picture(64, 64, 25.0), 4, origin=origin, band=BAND),
        SyntheticSound(clock, 48000, 4, origin + late),
        lambda shape: Through(),
    )
    assert Recorder(tmp_path / "a.mp4", parts, clock=clock).run().error is None
    median, worst = sync(tmp_path / "a.mp4")
    assert median == pytest.approx(1000 * late, abs=35)
    assert worst == pytest.approx(1000 * late, abs=60)
