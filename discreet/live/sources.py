"""The camera and microphone of a recording."""

from __future__ import annotations

from capture import Clock, Picture, PictureSource, SoundSource
from capture.devices import Microphone, SyntheticPictures, SyntheticSound, open_camera, play
from discreet.config.settings import Settings
from discreet.live.request import NONE, SYNTHETIC, RecordingRequest
from timeline import InputError

Sources = tuple[PictureSource | None, SoundSource | None]


def sources(request: RecordingRequest, settings: Settings, clock: Clock) -> Sources:
    """The requested camera and microphone, not opened yet; None for one that is not wanted.

    Raises:
        DeviceError: a device is missing.
        InputError: the file to play is not a recording, or neither camera nor microphone is wanted.
    """
    live = settings.record
    if request.play is not None:
        return play(request.play, clock, settings=settings.capture)
    origin = clock.now() + 1.0
    found = (
        _camera(request, Picture(live.width, live.height, live.fps), clock, origin),
        _microphone(request, live.sample_rate, clock, origin),
    )
    if found == (None, None):
        raise InputError("there is nothing to record: both --cam and --mic are none", "leave one of them out")
    return found


def _camera(request: RecordingRequest, picture: Picture, clock: Clock, origin: float) -> PictureSource | None:
    if request.camera == NONE:
        return None
    if request.camera == SYNTHETIC:
        return SyntheticPictures(clock, picture, origin=origin)
    return open_camera(clock, request.camera, picture)


def _microphone(request: RecordingRequest, rate: int, clock: Clock, origin: float) -> SoundSource | None:
    name = request.microphone
    if name == NONE:
        return None
    if name == SYNTHETIC:
        return SyntheticSound(clock, rate, origin=origin)
    return Microphone(clock, int(name) if name and name.isdigit() else name, rate)
