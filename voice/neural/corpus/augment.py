"""Speech as it comes in life: with noise, from a room, fast, through a telephone. For training and for comparisons."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

Numbers = npt.NDArray[np.floating]
RATE = 16000
Change = Callable[[FloatArray, int], FloatArray]
"""Sound ``[n]`` at 16 kHz and a seed to sound ``[m]``."""
_QUIET = 1e-6


def noise(sound: FloatArray, seed: int, snr: float = 10.0, slope: float = 1.0) -> FloatArray:
    """With noise whose power falls with ``1 / f ** slope``, ``snr`` dB below the speech."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal(len(sound)))
    at = np.maximum(np.arange(len(spectrum)), 1.0)
    return _mixed(sound, np.fft.irfft(spectrum / at ** (slope / 2), len(sound)), snr)


def babble(sound: FloatArray, seed: int, snr: float = 10.0) -> FloatArray:
    """With the murmur of many: noise with the spectrum of this speech, and its loudness shuffled in time."""
    random = np.random.default_rng(seed)
    size = len(sound)
    phases = np.exp(2j * np.pi * random.random(size // 2 + 1))
    murmur = np.fft.irfft(np.abs(np.fft.rfft(sound)) * phases, size)
    steps = random.uniform(0.4, 1.6, max(2, size // (RATE // 4)))
    return _mixed(sound, murmur * np.interp(np.arange(size), np.linspace(0, size, len(steps)), steps), snr)


def street(sound: FloatArray, seed: int, snr: float = 5.0) -> FloatArray:
    """With the rumble of traffic that passes."""
    size = len(sound)
    random = np.random.default_rng(seed)
    swell = 1.0 + 0.9 * np.sin(2 * np.pi * (np.arange(size) / RATE / random.uniform(2, 5) + random.random()))
    rumble = noise(np.zeros(size, np.float32) + _QUIET, seed, 0.0, 2.0)
    return _mixed(sound, np.asarray(rumble) * swell, snr)


def room(sound: FloatArray, seed: int, seconds: float = 0.5) -> FloatArray:
    """In a room whose echo falls by 60 dB in ``seconds``; the direct sound stays in place."""
    from scipy.signal import fftconvolve

    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    echo = random.standard_normal(count) * 10.0 ** (-3.0 * np.arange(count) / count)
    echo[: round(0.003 * RATE)] = 0.0
    response = np.concatenate([[1.0], 0.5 * echo[1:] / max(float(np.linalg.norm(echo)), _QUIET)])
    return _levelled(fftconvolve(np.asarray(sound, np.float64), response)[: len(sound)], sound)


def telephone(sound: FloatArray, seed: int) -> FloatArray:
    """300 to 3400 Hz at 8 kHz, 8 bits by the mu-law (ITU-T G.711)."""
    from scipy.signal import butter, resample_poly, sosfiltfilt

    band = butter(3, (300, 3400), "bandpass", fs=RATE, output="sos")
    narrow = sosfiltfilt(band, np.asarray(sound, np.float64)) if len(sound) > 30 else np.zeros(len(sound))
    half = np.clip(resample_poly(narrow, 1, 2), -1.0, 1.0)
    squeezed = np.sign(half) * np.log1p(255 * np.abs(half)) / np.log(256)
    coded = np.rint(squeezed * 127) / 127
    wide = resample_poly(np.sign(coded) * (256 ** np.abs(coded) - 1) / 255, 2, 1)
    return np.asarray(np.resize(wide, len(sound)) if len(wide) < len(sound) else wide[: len(sound)], np.float32)


def microphone(sound: FloatArray, seed: int) -> FloatArray:
    """Through one of many cheap microphones: the spectrum bent by up to 6 dB, with some hiss."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(sound)
    places = np.linspace(0, len(spectrum) - 1, 8)
    bend = 10.0 ** (np.interp(np.arange(len(spectrum)), places, random.uniform(-6, 6, 8)) / 20)
    return noise(_levelled(np.fft.irfft(spectrum * bend, len(sound)), sound), seed, 35.0, 0.0)


def faster(sound: FloatArray, seed: int, rate: float = 1.25) -> FloatArray:
    """Said faster by ``rate``, at the same pitch (overlap-add where the waveforms fit; Verhelst, Roelands, 1993)."""
    size, reach = 512, 160
    window = np.hanning(size + 1)[:size]
    count = int(len(sound) / rate)
    padded = np.pad(np.asarray(sound, np.float64), (size, 3 * size))
    out, weight = np.zeros(count + 3 * size), np.full(count + 3 * size, 1e-9)
    follows = size
    for at in range(0, count + size, size // 2):
        wanted = round(at * rate) + size // 2
        near = padded[max(0, wanted - reach) : wanted + reach + size]
        if len(near) < size:
            break
        shift = int(np.argmax(np.correlate(near, padded[follows : follows + size], "valid"))) if at else 0
        place = max(0, wanted - reach) + shift if at else wanted
        out[at : at + size] += window * padded[place : place + size]
        weight[at : at + size] += window
        follows = place + size // 2
        if follows + size > len(padded):
            break
    return np.asarray((out / weight)[size // 2 : size // 2 + count], np.float32)


def augmented(sound: FloatArray, seed: int) -> FloatArray:
    """One of the changes that keep the length, drawn from ``seed``, or none of them (one time in three)."""
    kinds: tuple[Change, ...] = (noise, babble, room, telephone, microphone)
    random = np.random.default_rng(seed)
    which = int(random.integers(0, 3 * len(kinds) // 2 + 1))
    return kinds[which](sound, seed) if which < len(kinds) else sound


def _mixed(sound: FloatArray, other: Numbers, snr: float) -> FloatArray:
    own, its = (float(np.sqrt(np.mean(np.square(each)))) if len(each) else 0.0 for each in (sound, other))
    mixed = sound + other * (own / max(its, 1e-12) * 10.0 ** (-snr / 20))
    return np.asarray(np.clip(mixed, -1.0, 1.0), np.float32)


def _levelled(changed: Numbers, sound: FloatArray) -> FloatArray:
    """As loud as ``sound``."""
    own, its = (float(np.sqrt(np.mean(np.square(each)))) if len(each) else 0.0 for each in (sound, changed))
    return np.asarray(np.clip(changed * own / max(its, 1e-12), -1.0, 1.0), np.float32)
