"""A synthetic voice for surrogates: Kokoro-82M (hexgrad, Apache-2.0) as int8 ONNX, and fitting a name into its span.

The model takes phonemes. The list of surrogate names includes theirs, so no conversion from spelling to phonemes is
needed at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from redaction.operators.settings import CLIP_EDGE, FASTEST, LOW_VOICE_BELOW, SILENT, VOICED
from redaction.operators.surrogate import RATE, SURROGATE, Clip
from redaction.operators.surrogate_names import SurrogateName
from timeline import Audio, FloatArray, Redaction, Segment
from weights import Store

MODEL = "kokoro"
_HIGH, _LOW = "af_heart", "am_michael"
_IDS = {
    " ": 16, ".": 4, "A": 24, "I": 25, "O": 31, "W": 39, "b": 44, "d": 46, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53,
    "l": 54, "m": 55, "n": 56, "p": 58, "s": 61, "t": 62, "u": 63, "v": 64, "w": 65, "z": 68, "æ": 72, "ŋ": 112,
    "ɑ": 69, "ɔ": 76, "ə": 83, "ɛ": 86, "ɜ": 87, "ɡ": 92, "ɪ": 102, "ɹ": 123, "ɾ": 125, "ʃ": 131, "ʌ": 138, "ʤ": 82,
    "ʧ": 133, "ˈ": 156, "ˌ": 157, "ᵊ": 42,
}  # fmt: skip
"""The part of the model's alphabet that the list of names uses."""


class Speaker(Protocol):
    """Speaks phonemes."""

    def __call__(self, phonemes: str, low: bool, speed: float) -> FloatArray:
        """Speech, float32 ``[n]`` at :data:`RATE`, in a low or a high voice, ``speed`` times as fast as usual."""
        ...


class Kokoro:
    """The Kokoro model of the store, a :class:`Speaker`."""

    def __init__(self, session: Any, voices: dict[bool, FloatArray]) -> None:
        self._session, self._voices = session, voices

    @classmethod
    def from_store(cls, store: Store) -> Kokoro:
        """Load the model and its two voices.

        Raises:
            ModelError: they are missing or damaged.
        """
        folder = Path(store.path(MODEL))
        voices = {
            low: np.fromfile(folder / f"{name}.bin", np.float32).reshape(-1, 1, 256)
            for low, name in ((True, _LOW), (False, _HIGH))
        }
        return cls(_session(folder / "kokoro-v1.0.int8.onnx"), voices)

    def __call__(self, phonemes: str, low: bool, speed: float) -> FloatArray:
        """See :meth:`Speaker.__call__`."""
        ids = [_IDS[letter] for letter in phonemes]
        given = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": self._voices[low][len(ids)],
            "speed": np.array([speed], np.float32),
        }
        (samples,) = self._session.run(None, given)
        return np.asarray(samples, np.float32).reshape(-1)


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def fit_surrogate(
    speaker: Speaker, said: Sequence[SurrogateName], span: Segment, original: FloatArray, rate: int
) -> Clip | None:
    """Speak the names in place of ``original``; None if they do not fit.

    Args:
        speaker: speaks them.
        said: one or two names.
        span: the time that is taken out (s); the clip stays within it.
        original: the original sound, float32 ``[n]`` at ``rate``; sets level and pitch.
        rate: samples per second.
    """
    room = span.duration - 2 * CLIP_EDGE
    phonemes, low = " ".join(name.phonemes for name in said), is_low_voice(original, rate)
    speed = 1.0
    for _ in range(3):
        samples = trim_silence(speaker(phonemes + ".", low, speed))
        length = len(samples) / RATE
        if 0 < length <= room:
            break
        if speed >= FASTEST:
            return None
        speed = min(FASTEST, speed * 1.05 * length / max(room, 1e-3))
    else:
        return None
    level, own = loudness(original, rate), loudness(samples, RATE)
    samples = samples * np.float32(min(level / max(own, 1e-6), 0.95 / max(float(np.abs(samples).max()), 1e-6)))
    fade = round(0.008 * RATE)
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(fade) + 1) / (fade + 1))).astype(np.float32)
    samples[:fade] *= ramp
    samples[-fade:] *= ramp[::-1]
    start = span.start + CLIP_EDGE + (room - length) / 2
    return Clip(start, samples, " ".join(name.text for name in said))


def trim_silence(samples: FloatArray, floor: float = SILENT) -> FloatArray:
    """Cut the silence off both ends: frames of 10 ms below ``floor`` times the loudest one."""
    hop = RATE // 100
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    if not len(frames):
        return samples[:0]
    power = np.sqrt(np.square(frames).mean(axis=1))
    loud = np.flatnonzero(power > floor * power.max(initial=0.0))
    return samples[loud[0] * hop : (loud[-1] + 1) * hop].copy() if len(loud) else samples[:0]


def loudness(samples: FloatArray, rate: int) -> float:
    """RMS of the louder half of 20 ms frames, so of the speech and not of its pauses."""
    hop = max(1, rate // 50)
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    if not len(frames):
        return 0.0
    power = np.sort(np.square(frames, dtype=np.float64).mean(axis=1))
    return float(np.sqrt(power[len(power) // 2 :].mean()))


def is_low_voice(samples: FloatArray, rate: int) -> bool:
    """Whether a voice is low, by the autocorrelation of its loudest 40 ms frames."""
    size = round(0.04 * rate)
    starts: Iterable[int] = range(0, max(1, len(samples) - size), size // 2)
    frames = [samples[s : s + size].astype(np.float64) for s in starts if len(samples[s : s + size]) == size]
    frames = sorted(frames, key=lambda f: -float(np.square(f).sum()))[:5]
    pitches = []
    for frame in frames:
        frame = frame - frame.mean()
        by_lag = np.correlate(frame, frame, "full")[size - 1 :]
        first, last = round(rate / 350), min(size - 1, round(rate / 70))
        lag = first + int(np.argmax(by_lag[first:last]))
        if by_lag[0] > 0 and by_lag[lag] > VOICED * by_lag[0]:
            pitches.append(rate / lag)
    return bool(pitches) and float(np.median(pitches)) < LOW_VOICE_BELOW


def speak_surrogates(
    audio: Audio,
    redactions: Sequence[Redaction],
    chosen: Mapping[str, Sequence[SurrogateName]],
    speaker: Callable[[], Speaker],
) -> tuple[list[Redaction], dict[str, Clip]]:
    """Make the clips for redactions whose operator is ``surrogate``; those that cannot have one become beeps.

    Args:
        audio: the sound before redaction.
        redactions: all of them.
        chosen: redaction id -> names to be said there.
        speaker: creates the speaker; called only if there is anything to say.

    Returns:
        the redactions, and redaction id -> clip.
    """
    wanted = [r for r in redactions if r.operator == SURROGATE and r.id in chosen]
    clips: dict[str, Clip] = {}
    if wanted:
        said, rate = speaker(), audio.sample_rate
        originals = _cut(audio, [Segment(r.start, r.end) for r in wanted])
        for redaction, original in zip(wanted, originals, strict=True):
            span = Segment(redaction.start, redaction.end)
            clip = fit_surrogate(said, chosen[redaction.id], span, original, rate)
            if clip is not None:
                clips[redaction.id] = clip
    return [_beep_unless_spoken(r, r.id in clips, r.id in chosen) for r in redactions], clips


def _beep_unless_spoken(redaction: Redaction, spoken: bool, chosen: bool) -> Redaction:
    if redaction.operator != SURROGATE or spoken:
        return redaction
    why = "no room for a surrogate" if chosen else "nothing of its kind to say in its place"
    return redaction.model_copy(update={"operator": "beep", "reason": f"{redaction.reason}; beep: {why}"})


def _cut(audio: Audio, spans: Sequence[Segment]) -> list[FloatArray]:
    """The sound of each span, in one pass."""
    rate, at = audio.sample_rate, 0
    bounds = [(round(s.start * rate), round(s.end * rate)) for s in spans]
    parts: list[list[FloatArray]] = [[] for _ in spans]
    for block in audio.blocks():
        for part, (first, last) in zip(parts, bounds, strict=True):
            if first < at + len(block) and last > at:
                part.append(block[max(0, first - at) : max(0, last - at)].copy())
        at += len(block)
    return [np.concatenate(part) if part else np.zeros(0, np.float32) for part in parts]
