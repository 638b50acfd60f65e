"""The memory of streaming Sortformer: the speaker cache, the queue in front of it, and the mean embedding of silence.

The network takes three stretches side by side: frames kept from the whole meeting so far (the cache), the latest frames
(a first-in-first-out queue), and the new chunk. Frames that leave the queue enter the cache, and when the cache exceeds
its size, the frames that distinguish its speakers best are kept, ordered by speaker. So speaker 1 of the first minute
is speaker 1 of the last, and memory does not grow. Source: Medennikov et al. 2025, "Streaming Sortformer: Speaker
Cache-Based Online Speaker Diarization with Arrival-Time Ordering" (arXiv:2507.18446); details that the paper leaves
open follow NeMo 3.0, and are tested against it to 1e-4 (tests/diarization/nemo_checks.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CacheRules:
    """Sizes (frames of 80 ms) and thresholds; the defaults are those the published models were trained with.

    Attributes:
        cache: frames in the speaker cache, at least ``speakers * (1 + silence)``.
        queue: frames in the queue.
        update: frames that move from the queue to the cache at once.
        speakers: slots of the network.
        silence: frames of mean silence between the speakers in the cache.
        speech: probability above which a speaker talks in a frame.
        quiet: sum of all probabilities below which a frame is silence.
        floor: lower bound of probabilities before their logarithm.
        latest: how much the scores of frames new to the cache are raised.
        strong, weak: shares of a speaker's room in the cache whose scores are raised by 2 ln 2, and by ln 2.
        enough: share of a speaker's room from which frames with overlap are not kept.
    """

    cache: int = 188
    queue: int = 0
    update: int = 188
    speakers: int = 4
    silence: int = 3
    speech: float = 0.5
    quiet: float = 0.2
    floor: float = 0.25
    latest: float = 0.05
    strong: float = 0.75
    weak: float = 1.5
    enough: float = 0.5

    def __post_init__(self) -> None:
        if self.speakers < 1 or self.silence < 0 or self.queue < 0 or self.update < 1:
            raise ValueError(f"not sizes of a speaker cache: {self}")
        if self.cache < self.speakers * (1 + self.silence):
            raise ValueError(f"a cache of {self.cache} frames has no room for {self.speakers} speakers")

    @property
    def room(self) -> int:
        """Frames of speech that each speaker has room for."""
        return self.cache // self.speakers - self.silence


def frame_scores(activity: FloatArray, rules: CacheRules) -> FloatArray:
    """``[T, S]``: how well a frame represents a speaker; > 0: talks surely and alone; -inf: not to be kept."""
    yes = np.log(np.maximum(activity, np.float32(rules.floor)))
    no = np.log(np.maximum(1 - activity, np.float32(rules.floor)))
    score = yes - no + no.sum(axis=1, keepdims=True) - np.float32(np.log(0.5))
    talks = activity > rules.speech
    score[~talks] = -np.inf
    alone = score > 0
    plenty = alone.sum(axis=0) >= int(rules.room * rules.enough)
    score[~alone & plenty] = -np.inf
    return np.asarray(score, np.float32)


def highest(score: FloatArray, count: int) -> Indices:
    """Rows of the ``count`` highest values of ``score [T]``; on a tie, earlier rows."""
    return np.argsort(-score, kind="stable")[:count]


def boosted(score: FloatArray, count: int, by: float) -> FloatArray:
    """``score [T, S]`` with each speaker's ``count`` highest values raised by ``by`` (-inf stays)."""
    out = score.copy()
    for speaker in range(score.shape[1]):
        out[highest(score[:, speaker], count), speaker] += np.float32(by)
    return out


def chosen(score: FloatArray, rules: CacheRules) -> tuple[Indices, Mask]:
    """Choose which of ``T`` frames to keep: rows by speaker, in order of time, and the places filled with silence.

    Returns:
        ``(rows [cache], silence [cache])``; where ``silence`` is true, the row has no meaning.
    """
    frames = len(score) + rules.silence
    rest = np.full((rules.silence, score.shape[1]), np.inf, np.float32)
    flat = np.concatenate([score, rest]).T.reshape(-1)
    places = highest(flat, rules.cache)
    none = ~(flat[places] > -np.inf)
    order = np.sort(np.where(none, flat.size, places))
    rows = order % frames
    silence = (order == flat.size) | (rows >= len(score))
    return np.where(silence, 0, rows), silence


def compressed(
    embeddings: FloatArray, activity: FloatArray, silence: FloatArray, rules: CacheRules
) -> tuple[FloatArray, FloatArray]:
    """The ``rules.cache`` frames, of more in ``[T, D]`` and ``[T, S]``, that distinguish the speakers best.

    Args:
        embeddings, activity: the old cache, followed by the frames new to it.
        silence: ``[D]`` mean embedding of silence, which fills empty places.
        rules: sizes and thresholds.
    """
    score = frame_scores(activity, rules)
    score[rules.cache :] += np.float32(rules.latest)
    # Every speaker must keep some frames, and none may crowd out the others.
    score = boosted(score, int(rules.room * rules.strong), 2 * np.log(2))
    score = boosted(score, int(rules.room * rules.weak), np.log(2))
    rows, quiet = chosen(score, rules)
    kept, says = embeddings[rows], activity[rows]
    kept[quiet], says[quiet] = silence, 0.0
    return kept, says


class SpeakerCache:
    """The memory of one recording.

    Args:
        width: length ``D`` of a frame's embedding.
        rules: sizes and thresholds.
    """

    def __init__(self, width: int, rules: CacheRules) -> None:
        self.rules = rules
        self.cache = np.zeros((0, width), np.float32)
        self.queue = np.zeros((0, width), np.float32)
        self._says: FloatArray | None = None  # the network's output for the cached frames; None before the first choice
        self._silence = np.zeros(width, np.float32)
        self._silent = 0

    def context(self) -> FloatArray:
        """Embeddings ``[cache + queue, D]`` to put before a new chunk."""
        return np.concatenate([self.cache, self.queue])

    def update(self, chunk: FloatArray, activity: FloatArray, left: int, right: int) -> FloatArray:
        """Take in the network's output for context and chunk.

        Args:
            chunk: ``[left + n + right, D]`` embeddings of the chunk with its surroundings.
            activity: ``[cache + queue + left + n + right, S]`` probabilities of context and chunk.
            left, right: frames of the chunk that only surround it.

        Returns:
            ``[n, S]`` probabilities of the chunk itself.
        """
        rules, cached, queued = self.rules, len(self.cache), len(self.queue)
        new = len(chunk) - left - right
        if len(activity) != cached + queued + len(chunk) or new < 0:
            raise ValueError(f"{len(activity)} frames of activity for {cached} + {queued} + {len(chunk)}")
        first = cached + queued + left
        said = activity[first : first + new]
        self.queue = np.concatenate([self.queue, chunk[left : left + new]])
        queue_said = np.concatenate([activity[cached : cached + queued], said])
        if len(self.queue) > rules.queue:
            moved = min(max(rules.update, len(self.queue) - rules.queue), len(self.queue))
            self._hear_silence(self.queue[:moved], queue_said[:moved])
            self._keep(self.queue[:moved], queue_said[:moved], activity[:cached])
            self.queue = self.queue[moved:]
        return said

    def _keep(self, embeddings: FloatArray, said: FloatArray, said_now: FloatArray) -> None:
        self.cache = np.concatenate([self.cache, embeddings])
        if self._says is not None:
            self._says = np.concatenate([self._says, said])
        if len(self.cache) > self.rules.cache:
            says = self._says if self._says is not None else np.concatenate([said_now, said])
            self.cache, self._says = compressed(self.cache, says, self._silence, self.rules)

    def _hear_silence(self, embeddings: FloatArray, said: FloatArray) -> None:
        quiet = said.sum(axis=1) < self.rules.quiet
        count = int(quiet.sum())
        if count:
            total = self._silence * self._silent + embeddings[quiet].sum(axis=0)
            self._silent += count
            self._silence = np.asarray(total / self._silent, np.float32)
