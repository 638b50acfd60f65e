"""A camera and a microphone for machines without: ``python -m evaluation.data.virtual_devices FILM COMMAND ...``.

Only the drivers are replaced. The microphone is PortAudio's on a PulseAudio of its own, into whose null sink the film's
sound is played; the camera is FFmpeg's, which reads the film at its own pace. Both run in real time, and a program that
is too slow loses pictures. Needs PulseAudio with ALSA's plugin for it (Debian: pulseaudio pulseaudio-utils
libasound2-plugins).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from capture import AudioFile, Clock, Picture, probe
from capture.devices import Camera, Device, list_microphones, open_camera
from discreet.cli import main as discreet
from timeline import FloatArray

RATE = 48000
SINK = "virt"
"""Name of the null sink; what is played into it is what the microphone hears."""


class DevicesMissingError(RuntimeError):
    """What the devices need is not installed, or does not start."""


@contextlib.contextmanager
def sound_server(folder: Path) -> Iterator[dict[str, str]]:
    """A PulseAudio of its own with a null sink; gives the environment in which programs use it.

    Args:
        folder: for its socket.

    Raises:
        DevicesMissingError: it is not installed, or does not start.
    """
    for program in ("pulseaudio", "paplay", "pactl"):
        if shutil.which(program) is None:
            raise DevicesMissingError(
                f"{program} is not installed (Debian: pulseaudio pulseaudio-utils libasound2-plugins)"
            )
    folder.chmod(0o700)
    server = folder / "native"
    names = {"XDG_RUNTIME_DIR": str(folder), "PULSE_SERVER": f"unix:{server}", "PULSE_LATENCY_MSEC": "20"}
    modules = [f"--dl-search-path={path}"] if (path := os.environ.get("PULSE_MODULES")) else []
    native = f"module-native-protocol-unix auth-anonymous=1 socket={server}"
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", *modules]
    process = subprocess.Popen(
        [*command, "-L", f"module-null-sink sink_name={SINK}", "-L", native],
        env={**os.environ, **names},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        while subprocess.run(["pactl", "info"], env={**os.environ, **names}, capture_output=True).returncode:
            if time.monotonic() > deadline or process.poll() is not None:
                raise DevicesMissingError("pulseaudio does not start here")
            time.sleep(0.1)
        yield names
    finally:
        process.terminate()
        process.wait(10)


def microphone_number() -> str:
    """The number by which ``--mic`` chooses the null sink. Raises DevicesMissingError if ALSA does not know it."""
    found = [device.number for device in list_microphones() if device.name == "pulse"]
    if not found:
        raise DevicesMissingError("ALSA has no device called pulse (Debian: libasound2-plugins)")
    return str(found[0])


def write_sound(film: Path, target: Path) -> None:
    """Write the film's sound as a WAV file that ``paplay`` reads."""
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for block in AudioFile(film, RATE).blocks(1.0):
            file.writeframes((np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())


def begin(sound: Path) -> None:
    """Begin to play into the null sink."""
    subprocess.Popen(["paplay", f"--device={SINK}", "--latency-msec=20", str(sound)])


class FilmCamera(Camera):
    """A camera whose driver is FFmpeg's reader of a film, which stays on its last picture.

    The sound begins to play when it is opened.

    Args:
        clock: as of :class:`Camera`.
        film: its sound lies beside it, as :func:`write_sound` leaves it.
        wanted: as of :class:`Camera`.
        name: for messages.
    """

    def __init__(self, clock: Clock, film: str, wanted: Picture | None = None, name: str = "") -> None:
        rate = probe(Path(film)).fps
        super().__init__(
            clock, f"movie='{film}',setpts=N/{rate:g}/TB,tpad=stop=-1:stop_mode=clone,realtime", wanted, name, "lavfi"
        )
        self._film = Path(film)

    def open(self) -> Any:
        """Open the camera, and let the film begin."""
        got = super().open()
        begin(self._film.with_suffix(".wav"))
        return got


def offset(played: FloatArray, recorded: FloatArray, rate: int) -> float:
    """Seconds at which ``played`` begins within ``recorded``, by how loud both are; voices may be changed.

    Args:
        played: ``[n]`` samples.
        recorded: ``[m]`` samples.
        rate: of both, Hz.
    """
    step = rate // 100
    own, heard = (_loudness(x, step) for x in (played, recorded))
    size = 1 << (len(own) + len(heard)).bit_length()
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(own, size)), size)
    best = int(np.argmax(match))
    return (best - size if best > size // 2 else best) / 100


def drift(played: FloatArray, recorded: FloatArray, rate: int) -> float:
    """Seconds by which the second half of ``played`` begins later in ``recorded`` than its first half tells.

    A busy machine plays a film with gaps. Then the times of its truth do not hold for the recording.
    """
    half = len(played) // 2
    first, second = (offset(part, recorded, rate) for part in (played[:half], played[half:]))
    return second - half / rate - first


def _loudness(sound: FloatArray, step: int) -> FloatArray:
    rows = sound[: len(sound) // step * step].reshape(-1, step)
    level = np.log10(np.sqrt((rows**2).mean(axis=1)) + 1e-3)
    return np.asarray(level - level.mean(), np.float32)


def environment(sound: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program that is to use the devices: that of :func:`sound_server`, with our packages."""
    own = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [own, os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, **sound, "PYTHONPATH": path}


def main(arguments: Sequence[str]) -> None:
    """Run a command of ``discreet`` with the film as camera 0. ``MIC`` among its words is the microphone's number."""
    film, *words = arguments
    drivers: Any = sys.modules[open_camera.__module__]
    drivers.Camera = FilmCamera
    drivers.list_cameras = lambda: [Device(0, "Film", film)]
    sys.argv = ["discreet", *(microphone_number() if word == "MIC" else word for word in words)]
    discreet()


if __name__ == "__main__":
    main(sys.argv[1:])
