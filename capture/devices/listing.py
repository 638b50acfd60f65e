"""The available cameras and microphones, with numbers and names."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import av

from capture.clock import Clock
from capture.devices.camera import Camera, backend
from capture.devices.microphone import library
from capture.media_info import Picture
from timeline import DeviceError


@dataclass(frozen=True, slots=True)
class Device:
    """A device: the number that selects it, its name, and what its backend calls it."""

    number: int
    name: str
    url: str
    default: bool = False


def list_cameras() -> list[Device]:
    """The cameras, with the system's numbers."""
    if sys.platform == "linux":
        return _video4linux(Path("/sys/class/video4linux"))
    return _listed()


def _video4linux(folder: Path) -> list[Device]:
    """One entry per camera: the other nodes of the same device (``index`` above 0) deliver no pictures."""
    found = []
    for node in folder.glob("video*") if folder.is_dir() else ():
        try:
            number = int(node.name.removeprefix("video"))
            index = (node / "index").read_text(encoding="utf-8").strip()
            name = (node / "name").read_text(encoding="utf-8", errors="replace").strip()
        except (OSError, ValueError):
            continue
        if index == "0":
            found.append(Device(number, name, f"/dev/{node.name}"))
    return sorted(found, key=lambda device: device.number)


def _listed() -> list[Device]:  # pragma: no cover - macOS and Windows
    kind = backend()
    try:
        devices = av.enumerate_input_devices(kind)
    except (AttributeError, av.FFmpegError, OSError, ValueError):
        return []
    wanted = [device for device in devices if "video" in [str(media) for media in device.media_types]]
    return [
        Device(
            number,
            device.description or device.name,
            f"video={device.description or device.name}" if kind == "dshow" else str(number),
        )
        for number, device in enumerate(wanted)
    ]


def list_microphones() -> list[Device]:
    """The input devices, with PortAudio's numbers.

    Raises:
        DeviceError: sounddevice or PortAudio is not installed.
    """
    return _sound_devices("max_input_channels", 0)


def list_loudspeakers() -> list[Device]:
    """The output devices, virtual ones among them, numbered as PortAudio numbers them.

    Raises:
        DeviceError: what lists them is not installed.
    """
    return _sound_devices("max_output_channels", 1)


def _sound_devices(channels: str, default: int) -> list[Device]:
    sd = library()
    chosen = sd.default.device[default]
    return [
        Device(number, str(info["name"]), str(number), number == chosen)
        for number, info in enumerate(sd.query_devices())
        if info[channels] > 0
    ]


def choose(devices: list[Device], asked: str, kind: str) -> Device:
    """The device that ``asked`` names: its number, or a part of its name that matches only one device.

    Raises:
        DeviceError: no device matches, or more than one.
    """
    hits = [d for d in devices if asked == str(d.number)] or [d for d in devices if asked.lower() in d.name.lower()]
    if len(hits) == 1:
        return hits[0]
    found = ", ".join(f"{d.number} {d.name}" for d in devices) or "none"
    what = "is not there" if not hits else "could be several"
    raise DeviceError(f"the {kind} {asked!r} {what}; found: {found}", "choose one by its number: `discreet devices`")


def open_camera(clock: Clock, asked: str, wanted: Picture | None = None) -> Camera:
    """The camera with this number, name or device path (``/dev/video2``).

    Raises:
        DeviceError: no camera matches, or more than one.
    """
    if asked.startswith("/dev/"):
        return Camera(clock, asked, wanted)
    device = choose(list_cameras(), asked, "camera")
    return Camera(clock, device.url, wanted, device.name)
