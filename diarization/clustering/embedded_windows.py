"""One pass over the sound that collects everything clustering needs, in constant memory except for small rows.

The segmentation windows and the embeddings of short pieces are computed while their samples are at hand; an hour leaves
some 7 MB of local activities (one byte each) and a few thousand embeddings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from diarization.base import SubsegmentEmbedder
from diarization.clustering.segmentation import (
    FIELD,
    HOP,
    REACH,
    SAMPLE_RATE,
    WINDOW,
    Aggregator,
    Segmenter,
    frames_of,
    multilabel,
)
from diarization.clustering.settings import (
    BATCHES_AHEAD,
    CHANGE_PEAK,
    CHANGE_SMOOTHING,
    CHANGES_APART,
    FRAMES,
    LONGEST_PIECE,
    LONGEST_STRETCH,
    MARGIN,
    PAUSE_DIP,
    SHORTEST_PIECE,
    WAITING_JOBS,
)
from diarization.settings import DiarizationSettings
from diarization.vad import hysteresis
from timeline import Audio, FloatArray, Progress, silent


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """The result of one pass.

    Attributes:
        scores: ``[T, 3]``: speech, overlap and change, 0..1, one row per frame of 270 samples.
        windows: ``[W, 589, 3]`` uint8: activity (255: certain) of each window's local speakers.
        step: frames from one window to the next.
        spans: ``[N, 2]`` first and last+1 frame of each piece.
        double: ``[N]`` whether two voices are heard in the piece.
        weights: ``[N]`` the piece's share of its stretch, in frames (pieces of a stretch overlap).
        vectors: ``[N, D]`` unit embeddings of the pieces.
    """

    scores: FloatArray
    windows: npt.NDArray[np.uint8]
    step: int
    spans: npt.NDArray[np.int64]
    double: npt.NDArray[np.bool_]
    weights: FloatArray
    vectors: FloatArray

    @property
    def durations(self) -> npt.NDArray[np.int64]:
        """``[N]`` length of each piece, frames."""
        return self.spans[:, 1] - self.spans[:, 0]


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    double: bool
    weight: float


def speech_mask(scores: FloatArray, settings: DiarizationSettings) -> npt.NDArray[np.bool_]:
    """``[T]`` where somebody talks: from ``speech_rise`` on the way up to ``speech_on`` until ``speech_off``."""
    mask = np.zeros(len(scores), np.bool_)
    speech = scores[:, 0]
    # For each frame, the first frame since which speech has stayed above `speech_rise`.
    since = np.maximum.accumulate(np.where(speech > settings.speech_rise, 0, np.arange(1, len(speech) + 1)))
    for start, end in hysteresis(speech, settings.speech_on, settings.speech_off):
        mask[min(start, int(since[start])) : end] = True
    return mask


def overlap_mask(scores: FloatArray, settings: DiarizationSettings) -> npt.NDArray[np.bool_]:
    """``[T]`` where two people talk, wherever somebody talks at all."""
    return np.asarray(scores[:, 1] > settings.overlap)


def _smooth(row: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return (
        np.convolve(row, np.full(CHANGE_SMOOTHING, 1 / CHANGE_SMOOTHING, row.dtype), "same")
        if len(row) >= CHANGE_SMOOTHING
        else row
    )


def stretches(scores: FloatArray, settings: DiarizationSettings) -> list[tuple[int, int, bool]]:
    """``(start, end, double)``: runs of one kind of speech (one voice, or two), cut where the speaker changes."""
    from scipy.signal import find_peaks  # slow to import

    speech, double = scores[:, 0] > settings.speech_off, overlap_mask(scores, settings)
    kind = np.where(speech, 1 + double, 0)
    peaks, _ = find_peaks(_smooth(scores[:, 2]), height=CHANGE_PEAK, distance=CHANGES_APART)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(kind)) + 1, [len(kind)]])
    # A change close to an edge is that edge, seen through the model's blur (the scores may begin at one).
    apart = np.abs(peaks[:, None] - edges).min(axis=1) > REACH
    dips, _ = find_peaks(-_smooth(scores[:, 0]), prominence=PAUSE_DIP, distance=SHORTEST_PIECE)
    dips = dips[np.abs(dips[:, None] - edges).min(axis=1) >= SHORTEST_PIECE]
    cuts = np.unique(np.concatenate([edges, peaks[(kind[peaks] == 1) & apart], dips])).astype(int)
    return [(int(a), int(b), bool(kind[a] == 2)) for a, b in pairwise(cuts) if kind[a]]


def _cut(start: int, end: int, double: bool) -> list[_Piece]:
    length = end - start
    if length < SHORTEST_PIECE:
        return []
    if length <= LONGEST_PIECE:
        return [_Piece(start, end, double, float(length))]
    count = int(np.ceil((length - LONGEST_PIECE) / (LONGEST_PIECE / 2))) + 1
    starts = np.linspace(start, end - LONGEST_PIECE, count).round().astype(int)
    return [_Piece(int(at), int(at) + LONGEST_PIECE, double, length / count) for at in starts]


class _Scanner:
    """The running state of a pass: the samples and frames of pieces that are still to be made."""

    def __init__(
        self, embedder: SubsegmentEmbedder, settings: DiarizationSettings, step: int, pool: ThreadPoolExecutor
    ) -> None:
        self._embedder, self._settings, self._pool = embedder, settings, pool
        self._running: deque[Future[FloatArray]] = deque()
        self._aggregator = Aggregator(step)
        self._samples = np.zeros(0, np.float32)
        self._first = 0  # index of the first sample that is held
        self._rows = np.zeros((0, 3), np.float32)  # scores from frame self._done on
        self._done = 0
        self._waiting: list[tuple[_Piece, FloatArray]] = []
        self.scores: list[FloatArray] = []
        self.pieces: list[_Piece] = []
        self.vectors: list[FloatArray] = []

    def window(self, posterior: FloatArray, new_samples: FloatArray) -> None:
        self._samples = np.concatenate([self._samples, new_samples])
        self._add(self._aggregator.push(posterior))
        self._emit(final=False)

    def finish(self, total: int) -> None:
        """Finish: no window follows, and ``total`` frames are real."""
        self._add(self._aggregator.rest())
        have = sum(len(rows) for rows in self.scores)
        if have > total:
            self.scores = [np.concatenate(self.scores)[:total]]
            self._rows = self._rows[: max(0, total - self._done)]
        self._emit(final=True)
        self._embed()
        self._gather(0)

    def _add(self, rows: FloatArray) -> None:
        self.scores.append(rows)
        self._rows = np.concatenate([self._rows, rows])

    def _emit(self, final: bool) -> None:
        limit = len(self._rows) if final else len(self._rows) - MARGIN
        if limit <= 0:
            return
        upto = 0
        for start, end, double in stretches(self._rows, self._settings):
            if end > limit:
                if start >= limit or limit - start < LONGEST_STRETCH:
                    upto = start
                    break
                end = limit
            for piece in _cut(start, end, double):
                self._take(piece)
            upto = end
        else:
            upto = max(upto, limit)
        upto = min(upto, limit)
        self._rows = self._rows[upto:]
        self._done += upto
        drop = self._done * HOP - self._first
        if drop > 0:
            self._samples, self._first = self._samples[drop:], self._first + drop

    def _take(self, piece: _Piece) -> None:
        moved = _Piece(piece.start + self._done, piece.end + self._done, piece.double, piece.weight)
        begin = moved.start * HOP + (FIELD - HOP) // 2 - self._first
        samples = self._samples[begin : begin + (moved.end - moved.start) * HOP]
        self._waiting.append((moved, samples.copy()))
        if len(self._waiting) >= BATCHES_AHEAD * self._settings.batch:
            self._embed()

    def _embed(self) -> None:
        """Start computing embeddings while the next windows are segmented; few jobs wait, so that memory stays
        constant.
        """
        if self._waiting:
            self._running.append(self._pool.submit(self._embedder.pieces, [samples for _, samples in self._waiting]))
            self.pieces += [piece for piece, _ in self._waiting]
            self._waiting = []
            self._gather(WAITING_JOBS)

    def _gather(self, left: int) -> None:
        while len(self._running) > left:
            self.vectors.append(self._running.popleft().result())


def _windows(audio: Audio, hop: int) -> Iterator[tuple[FloatArray, FloatArray, int]]:
    """Yield ``(window [160000], its new samples, samples read so far)``, at least once, zero-padded at the end."""
    held, at, read = np.zeros(0, np.float32), 0, 0
    given = 0  # samples handed out as new
    for block in audio.blocks():
        held = np.concatenate([held, np.asarray(block, np.float32)])
        read += len(block)
        while len(held) >= WINDOW:
            yield held[:WINDOW], held[given - at : WINDOW], read
            given = at + WINDOW
            held, at = held[hop:], at + hop
    if given < read or read == 0:
        yield np.pad(held, (0, WINDOW - len(held))), held[given - at :], read


def scan(
    audio: Audio,
    segmenter: Segmenter,
    embedder: SubsegmentEmbedder,
    settings: DiarizationSettings,
    progress: Progress = silent,
) -> Scan:
    """Run the models once over ``audio``.

    Raises:
        ValueError: unless the sound is at 16 kHz.
    """
    if audio.sample_rate != SAMPLE_RATE:
        raise ValueError(f"diarization needs 16 kHz, not {audio.sample_rate}")
    with ThreadPoolExecutor(1, "voiceprints") as pool:
        return _scan(audio, segmenter, embedder, settings, pool, progress)


def _scan(
    audio: Audio,
    segmenter: Segmenter,
    embedder: SubsegmentEmbedder,
    settings: DiarizationSettings,
    pool: ThreadPoolExecutor,
    progress: Progress,
) -> Scan:
    step = min(FRAMES, max(1, round(settings.step * SAMPLE_RATE / HOP)))
    scanner = _Scanner(embedder, settings, step, pool)
    local: list[npt.NDArray[np.uint8]] = []
    batch: list[tuple[FloatArray, FloatArray]] = []
    read = 0

    def run() -> None:
        posteriors = segmenter(np.stack([window for window, _ in batch]))
        for posterior, (_, new) in zip(posteriors, batch, strict=True):
            local.append(np.rint(multilabel(posterior) * 255).astype(np.uint8))
            scanner.window(posterior, new)
        batch.clear()

    for window, new, read in _windows(audio, step * HOP):
        batch.append((window, new))
        if len(batch) >= settings.batch:
            run()
            progress(min(1.0, read / SAMPLE_RATE / max(audio.duration, 1e-9)))
    if batch:
        run()
    scanner.finish(frames_of(read))
    progress(1.0)
    scores = np.concatenate(scanner.scores)
    # If the sound is shorter than a step, pieces may consist of padding, made before its end was known.
    real = [i for i, piece in enumerate(scanner.pieces) if piece.start < len(scores)]
    pieces = [replace(scanner.pieces[i], end=min(scanner.pieces[i].end, len(scores))) for i in real]
    vectors = np.concatenate(scanner.vectors)[real] if real else np.zeros((0, 1), np.float32)
    return Scan(
        scores=scores,
        windows=np.stack(local),
        step=step,
        spans=np.array([(p.start, p.end) for p in pieces], np.int64).reshape(-1, 2),
        double=np.array([p.double for p in pieces], np.bool_),
        weights=np.array([p.weight for p in pieces], np.float32),
        vectors=vectors,
    )
