"""Cameras, microphones and their substitutes: files that are played back, synthetic pictures and sound."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from capture.devices.camera import Camera
    from capture.devices.listing import Device, choose, list_cameras, list_loudspeakers, list_microphones, open_camera
    from capture.devices.loudspeaker import Loudspeaker
    from capture.devices.microphone import Microphone
    from capture.devices.playback import play
    from capture.devices.synthetic import DeviceClock, SyntheticPictures, SyntheticSound
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "camera": ["Camera"],
            "listing": ["Device", "list_cameras", "choose", "list_loudspeakers", "list_microphones", "open_camera"],
            "loudspeaker": ["Loudspeaker"],
            "microphone": ["Microphone"],
            "playback": ["play"],
            "synthetic": ["DeviceClock", "SyntheticPictures", "SyntheticSound"],
        },
    )

__all__ = [
    "Camera",
    "Device",
    "DeviceClock",
    "Loudspeaker",
    "Microphone",
    "SyntheticPictures",
    "SyntheticSound",
    "choose",
    "list_cameras",
    "list_loudspeakers",
    "list_microphones",
    "open_camera",
    "play",
]
