"""Checking whether a clip is good enough to recognise somebody's voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from registered.enrolment_problems import Problem
from registered.finder_protocols import SpeechFinder, VoiceEmbedder
from registered.same_person import ratio
from registered.settings import VoiceQuality
from timeline import ArrayAudio, Audio, DiscreetError, FloatArray, PeopleError, Segment, union

RATE = 16000
_FRAME = RATE * 30 // 1000
_FLOOR = 1e-10
_MOST_WINDOWS = 60
_ROUNDS = 4
_SPECTRUM = 512
_CLEAR = 0.15
"""Cosine by which a window must be nearer to its own group than to the other; most are nearer by .3."""
_NARROW = 0.5
"""Cosine of two people over a telephone; elsewhere it is near 0."""
_QUIET_ROOM = "record it again in a quiet room"


@dataclass(frozen=True, slots=True)
class Clip:
    """A voice clip: the user's name for it, and its sound at 16 kHz."""

    source: str
    audio: Audio


@dataclass(frozen=True, slots=True, eq=False)
class GoodVoice:
    """A clip that passed: ``embeddings`` ``[K, D]``, quality ``[K]`` in (0, 1], seconds of speech, samples ``[n]``.

    ``left_out``: seconds of speech that were not used, because they may be another voice.
    """

    source: str
    embeddings: FloatArray
    quality: FloatArray
    speech: float
    samples: FloatArray
    left_out: float = 0.0


def read_clip(clip: Clip, longest: float) -> FloatArray | Problem:
    """The first ``longest`` seconds of a clip ``[n]``, or why it cannot be read.

    Raises:
        ValueError: the sound is not at 16 kHz.
    """
    if clip.audio.sample_rate != RATE:
        raise ValueError(f"{clip.source}: {clip.audio.sample_rate} Hz, not {RATE}")
    blocks: list[FloatArray] = []
    have, want = 0, round(longest * RATE)
    try:
        for block in clip.audio.blocks():
            blocks.append(block[: want - have])
            have += len(blocks[-1])
            if have >= want:
                break
    except DiscreetError as error:
        return Problem(clip.source, "unreadable", str(error), error.remedy or "choose another clip")
    samples = np.concatenate([np.zeros(0, np.float32), *blocks])
    if not len(samples):
        return Problem(clip.source, "unreadable", "holds no sound", "choose another clip")
    if not np.isfinite(samples).all():
        return Problem(clip.source, "unreadable", "holds samples that are no numbers", "choose another clip")
    return samples


def joined_speech(samples: FloatArray, speech: Sequence[Segment]) -> FloatArray:
    """The samples inside the spans, concatenated."""
    parts = [samples[round(s.start * RATE) : round(s.end * RATE)] for s in union(speech)]
    return np.concatenate([np.zeros(0, np.float32), *parts])


def level(samples: FloatArray) -> float:
    """Root mean square level, dB below full scale; -100 for silence."""
    power = float(np.mean(samples.astype(np.float64) ** 2)) if len(samples) else 0.0
    return 10.0 * float(np.log10(max(power, _FLOOR)))


def clipped(samples: FloatArray) -> float:
    """Share of samples in flat tops: three or more in a row within 0.1 % of the loudest, if that is loud.

    Also finds sound that was clipped first and made quieter afterwards.
    """
    loud = np.abs(samples)
    peak = float(loud.max(initial=0.0))
    if peak < 0.05:
        return 0.0
    top = (loud >= 0.999 * peak).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], top, [0]]).astype(np.int8)))
    runs = edges[1::2] - edges[::2]
    return float(runs[runs >= 3].sum()) / len(samples)


def snr(samples: FloatArray) -> float:
    """Estimated ratio of speech to noise, dB: mean power of 30 ms frames above the quietest tenth, over that tenth.

    Speech pauses for breath, so the quietest tenth of a clip is its noise. Digital silence does not count as a pause.
    """
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.sort(np.mean(frames.astype(np.float64) ** 2, axis=1))
    power = power[power > _FLOOR]
    if len(power) < 10:
        return 0.0
    noise = float(power[: max(1, len(power) // 10)].mean())
    signal = max(float(power.mean()) - noise, _FLOOR)
    return 10.0 * float(np.log10(signal / noise))


def split_voices(embeddings: FloatArray, share: float) -> npt.NDArray[np.bool_] | None:
    """``[N]`` which windows ``[N, D]`` of a clip are the second voice, if there were two with a share ``share`` each.

    Seeds are the two least similar windows; each other window joins the nearer one, then the nearer mean. None if one
    of the groups is too small to be a voice. Also finds speakers who take turns, where two halves sound alike.
    """
    if len(embeddings) < 2:
        return None
    rows = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    likeness = rows @ rows.T
    first, second = np.unravel_index(int(likeness.argmin()), likeness.shape)
    other = likeness[:, second] > likeness[:, first]
    for _ in range(_ROUNDS):
        if min(other.sum(), (~other).sum()) < max(1.0, share * len(rows)):
            return None
        nearer = rows @ rows[other].mean(axis=0) > rows @ rows[~other].mean(axis=0)
        if (nearer == other).all():
            break
        other = nearer
    return np.asarray(other, np.bool_) if min(other.sum(), (~other).sum()) >= max(1.0, share * len(rows)) else None


def narrow_band(samples: FloatArray) -> bool:
    """Whether the sound has been through a telephone: under -36 dB of its power lies above 4.2 kHz.

    Over a telephone it is -41 dB, through the other channels of ``evaluation.data.acoustic_channels`` -34 dB or more.
    """
    frames = samples[: len(samples) // _SPECTRUM * _SPECTRUM].reshape(-1, _SPECTRUM)
    if not len(frames):
        return False
    power = (np.abs(np.fft.rfft(frames * np.hanning(_SPECTRUM), axis=1)) ** 2).mean(axis=0)
    high = power[np.fft.rfftfreq(_SPECTRUM, 1 / RATE) > 4200].sum()
    return bool(high < 10**-3.6 * max(float(power.sum()), _FLOOR))


def voices_ratio(
    embeddings: FloatArray, other: npt.NDArray[np.bool_], embed: VoiceEmbedder, window: float, narrow: bool = False
) -> float:
    """Log-likelihood ratio that the two groups of windows ``[N, D]``, of ``window`` seconds each, are one voice.

    ``narrow``: the sound has been through a telephone, where two people resemble each other more.
    """
    rows = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    a, b = rows[~other].mean(axis=0), rows[other].mean(axis=0)
    cosine = float(a @ b) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-12)
    if narrow:
        cosine = 1 - (1 - cosine) / (1 - _NARROW)
    return ratio(embed, cosine, float((~other).sum()) * window, float(other.sum()) * window)


def greater_part(embeddings: FloatArray, other: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """``[N]`` the windows of the larger of the two groups that are clearly nearer to it than to the other."""
    rows = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    chosen = other if other.sum() > (~other).sum() else ~other
    nearer = rows @ rows[chosen].mean(axis=0) - rows @ rows[~chosen].mean(axis=0)
    return np.asarray(chosen & (nearer >= _CLEAR), np.bool_)


def _pieces(samples: FloatArray, seconds: float) -> list[FloatArray]:
    """Equal pieces of about ``seconds``, at least one."""
    return [p for p in np.array_split(samples, max(1, round(len(samples) / (seconds * RATE)))) if len(p)]


def _spread(pieces: list[FloatArray], most: int) -> list[FloatArray]:
    """At most ``most`` of the pieces, evenly spread over the clip."""
    return pieces if len(pieces) <= most else [pieces[int(at)] for at in np.linspace(0, len(pieces) - 1, most)]


def _embedded(embed: VoiceEmbedder, pieces: Sequence[FloatArray]) -> tuple[list[int], FloatArray]:
    """Indices and embeddings ``[K, D]`` of the pieces that have one; in a short one there may be too little speech."""
    rows: list[FloatArray] = []
    found: list[int] = []
    for index, piece in enumerate(pieces):
        try:
            row = np.asarray(embed(piece), np.float32)
        except PeopleError:
            continue
        if np.isfinite(row).all() and row.any():
            rows.append(row)
            found.append(index)
    return found, np.stack(rows) if rows else np.zeros((0, 0), np.float32)


def check_voice(
    clip: Clip, embed: VoiceEmbedder, find_speech: SpeechFinder, settings: VoiceQuality
) -> GoodVoice | list[Problem]:
    """The voice in a clip, or everything that is wrong with it (at least one problem).

    Whether there is enough speech is checked over all clips together, but a clip with under a second is useless.
    """
    samples = read_clip(clip, settings.max_clip)
    if isinstance(samples, Problem):
        return [samples]
    speech = joined_speech(samples, find_speech(ArrayAudio(samples, RATE)))
    seconds = len(speech) / RATE
    problems: list[Problem] = []

    def wrong(code: str, message: str, remedy: str) -> None:
        problems.append(Problem(clip.source, code, message, remedy))

    loudness = level(speech) if seconds >= 1.0 else level(samples)
    if loudness < settings.min_level:
        wrong("too-quiet", f"it is too quiet ({loudness:.0f} dB)", "go nearer to the microphone, or turn it up")
    if seconds < 1.0:
        wrong("no-speech", f"only {seconds:.1f} s of speech were found", "say a few sentences")
        return problems
    flat = clipped(speech)
    if flat > settings.max_clipped:
        wrong("clipped", f"{flat:.1%} of it is clipped", "turn the microphone down and record it again")
    ratio = snr(samples)
    if ratio < settings.min_snr:
        wrong("noisy", f"it is too noisy (speech {ratio:.0f} dB above the noise)", _QUIET_ROOM)
    parts = _spread(_pieces(speech, settings.window), _MOST_WINDOWS)
    heard, windows = _embedded(embed, parts)
    other, narrow = split_voices(windows, settings.other_share), narrow_band(speech)
    likely = np.inf if other is None else voices_ratio(windows, other, embed, settings.window, narrow)
    if not len(windows):
        wrong("no-template", "it gave no usable template", "choose another clip")
    elif likely <= settings.two_people:
        wrong("two-voices", "more than one voice is heard", "cut it to one person")
    if problems:
        return problems
    left_out = 0.0
    if other is not None and likely < settings.one_person:
        # Nothing tells whether it is one voice, perhaps in two rooms: the greater part alone is used.
        chosen = np.flatnonzero(greater_part(windows, other))
        if not len(chosen):
            wrong("two-voices", "more than one voice may be heard", "cut it to one person, or record it in one place")
            return problems
        samples = speech = np.concatenate([parts[heard[at]] for at in chosen])
        left_out, seconds = seconds - len(speech) / RATE, len(speech) / RATE
    pieces = _pieces(speech, settings.template)[: settings.max_templates]
    _, embeddings = _embedded(embed, pieces)
    lengths = np.full(len(embeddings), len(pieces[0]) / RATE, np.float32)
    quality = np.clip(lengths / settings.template, 0.1, 1.0) * float(np.clip(ratio / 20.0, 0.5, 1.0))
    return GoodVoice(clip.source, embeddings, quality.astype(np.float32), seconds, samples, left_out)
