"""Random channels between a mouth and a recording: rooms, microphones, telephones, codecs and noise.

A voice is compared with itself through different channels to learn how much they change its embedding
(``evaluation.runs.speaker_scores``) and to test that two takes of one person are recognised as one.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.data.media import RATE
from timeline import FloatArray

Gain = Callable[[npt.NDArray[np.float64]], npt.NDArray[Any]]
Channel = Callable[[FloatArray, np.random.Generator], FloatArray]
_LEVEL = 0.05
"""RMS of the output."""


def _levelled(sound: FloatArray) -> FloatArray:
    rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if len(sound) else 0.0
    return np.asarray(np.clip(sound * (_LEVEL / max(rms, 1e-6)), -1, 1), np.float32)


def clean(sound: FloatArray, _: np.random.Generator) -> FloatArray:
    """Unchanged but for its level."""
    return _levelled(sound)


def _echo(sound: FloatArray, dice: np.random.Generator, reverberation: float, direct: float) -> FloatArray:
    """Add the echo of a room with a reverberation time in seconds (-60 dB), ``direct`` dB below the direct sound."""
    from scipy.signal import fftconvolve  # slow to import

    times = np.arange(round(reverberation * RATE)) / RATE
    tail = dice.normal(size=len(times)) * 10 ** (-3 * times / reverberation)
    tail[: round(dice.uniform(0.002, 0.012) * RATE)] = 0.0  # the first wall
    echo = tail * 10 ** (-direct / 20) / np.sqrt((tail**2).sum())
    echo[0] += 1.0
    return np.asarray(fftconvolve(sound, echo)[: len(sound)], np.float32)


def room(sound: FloatArray, dice: np.random.Generator) -> FloatArray:
    """In a room, near the microphone."""
    return _levelled(_echo(sound, dice, dice.uniform(0.2, 0.6), dice.uniform(0, 8)))


def far(sound: FloatArray, dice: np.random.Generator) -> FloatArray:
    """At the other end of a room, with its noise."""
    return noise(_echo(sound, dice, dice.uniform(0.4, 0.9), dice.uniform(-8, -1)), dice, (15.0, 25.0))


def _shaped(sound: FloatArray, gain: Gain) -> FloatArray:
    spectrum = np.fft.rfft(sound)
    hertz = np.asarray(np.fft.rfftfreq(len(sound), 1 / RATE), np.float64)
    return np.asarray(np.fft.irfft(spectrum * gain(hertz), len(sound)), np.float32)


def microphone(sound: FloatArray, dice: np.random.Generator) -> FloatArray:
    """Another microphone: a smooth response that varies by a few dB from octave to octave."""
    octaves = np.array([30, 60, 125, 250, 500, 1000, 2000, 4000, 8000.0])
    decibels = np.cumsum(dice.normal(0, 2.5, len(octaves)))
    decibels[:2] -= dice.uniform(0, 15)
    decibels -= decibels[5]
    shaped = _shaped(sound, lambda f: 10 ** (np.interp(np.log(f + 1), np.log(octaves + 1), decibels) / 20))
    return _levelled(shaped)


def telephone(sound: FloatArray, dice: np.random.Generator) -> FloatArray:
    """300 to 3400 Hz, and 8-bit mu-law."""
    low, high = dice.uniform(200, 350), dice.uniform(3200, 3600)
    band = _levelled(_shaped(sound, lambda f: ((f > low) & (f < high)).astype(np.float32)))
    mu = np.sign(band) * np.log1p(255 * np.abs(band)) / np.log(256)
    coarse = np.round(mu * 127) / 127
    return np.asarray(np.sign(coarse) * (256 ** np.abs(coarse) - 1) / 255, np.float32)


def noise(sound: FloatArray, dice: np.random.Generator, snr: tuple[float, float] = (8.0, 18.0)) -> FloatArray:
    """With steady noise, pink or nearly white, ``snr`` dB below the speech."""
    slope = dice.uniform(0.1, 1.0)
    hiss = _shaped(dice.normal(size=len(sound)).astype(np.float32), lambda f: np.maximum(f, 50.0) ** (-slope / 2))
    ratio = np.mean(sound**2) / max(float(np.mean(hiss**2)), 1e-12) / 10 ** (dice.uniform(*snr) / 10)
    return _levelled(np.asarray(sound + hiss * np.sqrt(ratio), np.float32))


def codec(sound: FloatArray, dice: np.random.Generator) -> FloatArray:
    """Through Opus or MP3 at a low rate, like calls and old recordings."""
    import av

    name, rate, kind = [("libopus", 48000, "ogg"), ("libmp3lame", 24000, "mp3")][dice.integers(2)]
    bits = int(dice.uniform(9000, 20000)) if name == "libopus" else 24000
    whole = np.round(np.clip(_levelled(sound), -1, 1) * 32767).astype(np.int16)
    file = io.BytesIO()
    with av.open(file, "w", kind) as out:
        stream: Any = out.add_stream(name, rate=rate)
        stream.bit_rate, stream.layout = bits, "mono"
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate)
        frame = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as back:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        parts = [p.to_ndarray()[0] for f in back.decode(audio=0) for p in resampler.resample(f)]
        parts += [p.to_ndarray()[0] for p in resampler.resample(None)]
    heard = np.concatenate(parts).astype(np.float32)
    return _levelled(np.resize(heard, len(sound)) if len(heard) < len(sound) else heard[: len(sound)])


def laptop(sound: FloatArray, dice: np.random.Generator) -> FloatArray:
    """A laptop's microphone in a room with a fan, in a call."""
    return codec(noise(microphone(room(sound, dice), dice), dice, (12.0, 22.0)), dice)


CHANNELS: dict[str, Channel] = {
    "clean": clean,
    "room": room,
    "far": far,
    "microphone": microphone,
    "telephone": telephone,
    "noise": noise,
    "codec": codec,
    "laptop": laptop,
}
