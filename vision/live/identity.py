"""Identifying a face during the meeting: slow to accept, quick to doubt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from vision.geometry import Floats
from vision.live.settings import FEWER_CROPS_SECONDS, LiveMaskingSettings
from vision.recognition.face_threshold import RecogniseSettings
from vision.recognition.identification import EnrolledFaces, identify, unit
from vision.settings import SHOWN_REACH


class Identity:
    """What is known about one tracked face. Times in s, never decreasing."""

    def __init__(
        self, known: EnrolledFaces, settings: RecogniseSettings, live: LiveMaskingSettings, number: Callable[[], int]
    ) -> None:
        """``number`` returns the next epoch's number, unique among all faces."""
        self._known, self._live, self._number = known, live, number
        self._accept = settings.model_copy(update={"agree": live.agree})
        self._keep = settings.model_copy(update={"track": max(0.01, settings.track - live.slack)})
        self._crops: deque[tuple[float, Floats, float]] = deque(maxlen=live.window)
        self._seen = self._last = float("-inf")
        self._crossing = False
        self._tries = 0
        self._before: str | None = None
        self._certain = float("-inf")
        self._likely = False
        self.person: str | None = None
        self.since = 0.0
        self.similarity = 0.0
        self.reason = "not recognised"
        self.epoch = number()

    def record_sighting(self, t: float, crossing: bool) -> None:
        """Record a sighting at ``t``; ``crossing``: another face shares its place."""
        if t - self._seen > SHOWN_REACH or crossing != self._crossing:
            self._start_again(t, "another face was in the same place" if crossing else "not recognised")
        self._seen, self._crossing = t, crossing

    def follow(self, other: Identity) -> None:
        """Note that this face is where ``other`` was just before the picture jumped."""
        self._before, self._certain = other.person, other._certain

    def _start_again(self, t: float, reason: str) -> None:
        self._before = self.person or self._before
        self.person, self.similarity, self.reason = None, 0.0, reason
        self.epoch, self.since = self._number(), t
        self._crops.clear()
        self._tries = 0

    def _is_another_face(self, embedding: Floats) -> bool:
        """Whether this is a different face from that of the previous crops."""
        if not self._crops:
            return False
        mean = unit(np.sum([row * weight for _, row, weight in self._crops], axis=0))
        return float(mean @ embedding) < self._accept.reject

    def due(self, t: float) -> float:
        """How urgent a crop is at ``t``: 0 is not at all; shown faces that are overdue come first."""
        if self._crossing:
            return 0.0
        waited = t - self._last + 1e-3
        if self.person is not None:
            return 2.0 + min(waited, 10.0) if waited >= self._live.check else 0.0
        if self._tries < 2 * self._live.agree or waited >= (self._live.check if self._likely else self._live.stranger):
            return 1.0 + min(waited, 10.0) / 20.0
        return 0.0

    def crop(self, t: float, embedding: Floats, quality: float) -> bool | None:
        """Take in a crop at ``t``. True: it agrees; False: it disagrees, and the face is masked from now on; None:
        neither.
        """
        self._last, self._tries = t, self._tries + 1
        if quality < self._accept.quality:
            return None
        if self.person is None and self._is_another_face(embedding):
            self._start_again(t, "no longer like the face it was")
        self._crops.append((t, embedding, quality))
        rows = np.stack([row for _, row, _ in self._crops])
        weights = np.asarray([weight for _, _, weight in self._crops], np.float32)
        self._likely = bool((self._known.similarity(embedding[None]) >= self._accept.crop).any())
        if self.person is not None:
            verdict = identify(rows, weights, self._known, self._keep, None, 1)
            if verdict.person != self.person or verdict.rejects[-1]:
                self._start_again(t, "no longer like the person it was")
                self._before = None  # fewer crops are not enough to remove a doubt
                self._crops.append((t, embedding, quality))
                return False
            self.similarity, self._certain = verdict.similarity, t
            return True if verdict.agrees[-1] else None
        verdict = identify(rows, weights, self._known, self._accept)
        if verdict.person is None and self._before is not None and t - self._certain <= FEWER_CROPS_SECONDS:
            verdict = identify(rows, weights, self._known, self._keep, self._before, self._keep.again)
        self.reason = verdict.reason
        if verdict.person is None or not verdict.agrees[-1]:
            return None
        times = np.asarray([when for when, _, _ in self._crops])
        agreeing = times[verdict.agrees]
        if verdict.person != self._before and agreeing[-1] - agreeing[0] < self._live.span - 1e-3:
            self.reason = "not yet seen for long enough"
            return None
        if verdict.rejects.any():  # only since the last sign of somebody else in its place
            self.since = float(agreeing[agreeing > times[verdict.rejects].max()][0])
        self.person, self.similarity, self._certain = verdict.person, verdict.similarity, t
        return True
