"""The sources that a request asks for."""

from pathlib import Path

import pytest

from capture import VirtualClock
from capture.devices import SyntheticPictures, SyntheticSound
from discreet.config.settings import Settings
from discreet.live.request import RecordingRequest
from discreet.live.sources import sources
from timeline import DeviceError, InputError

PATH = Path("a.mp4")


def asked(camera: str, microphone: str | None) -> list[type | None]:
    found = sources(RecordingRequest(PATH, camera, microphone), Settings(), VirtualClock())
    return [type(source) if source is not None else None for source in found]


@pytest.mark.parametrize(
    ("camera", "microphone", "made"),
    [
        ("synthetic", "synthetic", [SyntheticPictures, SyntheticSound]),
        ("synthetic", "none", [SyntheticPictures, None]),
        ("none", "synthetic", [None, SyntheticSound]),
    ],
)
def test_what_is_not_wanted_is_left_out(camera: str, microphone: str, made: list[type | None]) -> None:
    assert asked(camera, microphone) == made


def test_nothing_to_record_is_refused() -> None:
    with pytest.raises(InputError, match="there is nothing to record"):
        asked("none", "none")


def test_a_camera_that_is_not_there_is_a_device_error() -> None:
    with pytest.raises(DeviceError):
        asked("no such camera", "none")


def test_a_file_is_played_in_place_of_both() -> None:
    with pytest.raises(InputError):
        sources(RecordingRequest(PATH, play=Path("absent.mp4")), Settings(), VirtualClock())
