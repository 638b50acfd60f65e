"""Meetings assembled from read utterances: any number of speakers, any length, exact truth, constant memory.

The voices are those of ``../shared/media/voices`` and, beyond nine speakers, ``meetings/people``. Speakers take turns
at random, nobody twice in a row. Each turn is a piece of an utterance at one level, with a pause before it and a
little noise under everything. The truth comes from the energy of the clean clips, so no model decides it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import soundfile

from evaluation.data.media import MEDIA, RATE
from timeline import FloatArray

TURN = (1.5, 6.0)
"""Seconds of a turn."""
PAUSE = (0.1, 0.8)
_LEVEL, _NOISE = 0.3, 1e-3
_HOP = RATE // 100
_QUIET_DB, _CLOSED = -38.0, 20
"""Below this level, relative to the clip's loudest 10 ms, it is a pause; pauses of up to 0.2 s do not count."""

Truth = tuple[tuple[float, float, str], ...]


def clips(count: int) -> dict[str, list[FloatArray]]:
    """Utterances at 16 kHz of the first ``count`` voices. Raises ValueError if there are fewer."""
    folders = [path for path in sorted(MEDIA.glob("voices/*")) if path.is_dir()]
    files = {folder.name: sorted(folder.glob("*.flac")) for folder in folders}
    # One of each collection in turn, so that few voices are not all of one kind.
    kinds: dict[str, list[str]] = {}
    for name in files:
        kinds.setdefault(name.partition("_")[0], []).append(name)
    order = [row[i] for i in range(len(files)) for row in kinds.values() if i < len(row)]
    people = {path.parent.name: [path] for path in sorted(MEDIA.glob("meetings/people/*/voice.wav"))}
    files.update(people)
    order += list(people)
    if count > len(order):
        raise ValueError(f"{count} voices wanted, {len(order)} there")
    return {name: [soundfile.read(path, dtype="float32")[0] for path in files[name]] for name in order[:count]}


def speech(clip: FloatArray) -> list[tuple[int, int]]:
    """Samples ``(start, end)`` between which a clean clip is not quiet."""
    count = len(clip) // _HOP
    power = (clip[: count * _HOP].reshape(count, _HOP) ** 2).mean(axis=1)
    loud = 10 * np.log10(power / max(float(power.max()), 1e-12) + 1e-12) > _QUIET_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if spans and start - spans[-1][1] <= _CLOSED:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [(start * _HOP, end * _HOP) for start, end in spans if end - start >= 5]


@dataclass(frozen=True, slots=True)
class _Turn:
    start: int
    who: str
    clip: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class AssembledMeeting:
    """A meeting that is made while it is read; a ``timeline.Audio``.

    Attributes:
        voices: utterances by speaker.
        seconds: approximate length.
        seed: the same seed gives the same meeting.
        quiet: share of the turns that the last voice has; None: as many as any other.
    """

    voices: Mapping[str, Sequence[FloatArray]]
    seconds: float
    seed: int = 0
    sample_rate: int = RATE
    quiet: float | None = None
    turns: list[_Turn] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        names, at, last, each = list(self.voices), 0, "", -1
        while at < self.seconds * RATE:
            each += 1
            others = [name for name in names if name != last] or names
            # Everybody once first, so that nobody is missing from a short meeting.
            who = names[each] if each < len(names) else str(rng.choice(others, p=self._chances(others)))
            clip = int(rng.integers(len(self.voices[who])))
            size = len(self.voices[who][clip])
            length = min(size, round(rng.uniform(*TURN) * RATE))
            at += round(rng.uniform(*PAUSE) * RATE)
            self.turns.append(_Turn(at, who, clip, int(rng.integers(size - length + 1)), length))
            at, last = at + length, who

    def _chances(self, names: Sequence[str]) -> npt.NDArray[np.float64] | None:
        """Probability that each of ``names`` is next; None: all equal."""
        last = [*self.voices][-1]
        if self.quiet is None or last not in names or len(names) < 2:
            return None
        return np.array([self.quiet if name == last else (1 - self.quiet) / (len(names) - 1) for name in names])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return (self.turns[-1].start + self.turns[-1].length) / RATE

    @property
    def truth(self) -> Truth:
        """Who talks when: ``(start, end, who)``, s."""
        spans = {(who, i): speech(clip) for who, rows in self.voices.items() for i, clip in enumerate(rows)}
        out = []
        for turn in self.turns:
            for start, end in spans[turn.who, turn.clip]:
                a, b = max(start, turn.offset), min(end, turn.offset + turn.length)
                if b > a:
                    out.append(((turn.start + a - turn.offset) / RATE, (turn.start + b - turn.offset) / RATE, turn.who))
        return tuple(out)

    def blocks(self, seconds: float = 10.0) -> Iterator[FloatArray]:
        """A pass from the start, in blocks of ``seconds``."""
        rng = np.random.default_rng(self.seed + 1)
        size, held, at = round(seconds * RATE), np.zeros(0, np.float32), 0
        for turn in self.turns:
            clip = self.voices[turn.who][turn.clip]
            part = clip[turn.offset : turn.offset + turn.length] * (_LEVEL / max(float(np.abs(clip).max()), 1e-6))
            held = np.concatenate([held, np.zeros(turn.start - at, np.float32), part])
            at = turn.start + turn.length
            while len(held) >= size:
                yield _noisy(held[:size], rng)
                held = held[size:]
        if len(held):
            yield _noisy(held, rng)


def _noisy(block: FloatArray, rng: np.random.Generator) -> FloatArray:
    noise: npt.NDArray[np.float64] = rng.normal(scale=_NOISE, size=len(block))
    return np.asarray(block + noise, np.float32)
