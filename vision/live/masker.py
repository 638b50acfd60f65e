"""Masking faces during recording, behind a short delay line (:mod:`vision.live.delay_line`).

Pictures wait for :attr:`LiveMasker.latency` seconds while a worker analyses some of them. A picture is output with its
faces masked if an analysis of it or of a later picture, and one shortly before it, were done in time; otherwise it is
output wholly masked, with a notice. So whatever happens to the worker, no unchecked picture is output.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from timeline import FaceTrack, ModelError, failure, log_error, tolerated
from vision.detection.base import Image
from vision.factory import ModelStore, calibrated, detector_names, make_detector, make_recogniser, stored_models
from vision.geometry import PictureShape
from vision.live.analyser import BlindError, LiveAnalyser, LiveModels
from vision.live.delay_line import DelayLine
from vision.live.history import LiveHistory, WholePictureMask
from vision.live.messages import SMALL, Failure, Frame, shrunk
from vision.live.scene import LiveFace, LiveScene
from vision.live.settings import GATHER_SECONDS, MOST_WORKERS, LiveMaskingSettings
from vision.live.worker import Job, ThreadWorker, Worker, on_square_pixels
from vision.masking.factory import masker
from vision.masking.placeholder import placeholder
from vision.recognition.identification import EnrolledFaces, FaceGallery
from vision.settings import VisionSettings
from vision.square_pixels import SquarePixels
from vision.tracking.shot_change import ShotChangeDetector

TITLE = "PICTURE MASKED"


class LiveMasker:
    """Takes pictures as they come and returns all of them masked, in order, with their times.

    Use it from one thread, except :meth:`status`. Memory: the pictures of the delay line, 250 bytes per second and
    face, and about 1 kB each time somebody had to be recognised anew.
    """

    def __init__(
        self,
        start: Callable[[], Worker],
        settings: VisionSettings,
        live: LiveMaskingSettings,
        consent: Mapping[str, bool],
        size: tuple[int, int],
        fps: float,
    ) -> None:
        """Create a masker; ``start`` starts a worker and is called again when one has ended or hangs.

        Args:
            start: see above. It must not block.
            settings: of the room.
            live: of live masking.
            consent: enrolled id -> agrees to be seen; looked up for every picture, so it may change.
            size: width and height of the pictures, px; pictures of another size are masked wholly.
            fps: expected pictures per second, for the bound of the delay line.
        """
        self.latency = live.latency
        self._start, self._live, self._consent, self._size = start, live, consent, size
        self._line = DelayLine(live.latency, fps)
        self._draw = masker(settings.mask)
        self._scene = LiveScene(settings.mask, live)
        self._record = LiveHistory()
        self._changes, self._changed = ShotChangeDetector(settings.track.cut, SMALL), float("-inf")
        self._small: deque[tuple[float, Image]] = deque(maxlen=self._line.most)
        self._masked_until, self._reason = float("-inf"), ""
        self._retry, self._wait = float("-inf"), 1.0
        self._left: list[Worker] = []
        self._counts = {"pictures": 0, "looks": 0, "failures": 0, "masked_wholly": 0, "restarts": 0}
        self._state: dict[str, float | int | str] = {
            "notice": "",
            "shown": 0,
            "masked": 0,
            "detect_fps": 0.0,
            "look_ms": 0.0,
            "lag": 0.0,
        }
        self._closed = False
        self._worker = start()

    @classmethod
    def from_store(
        cls,
        store: ModelStore,
        settings: VisionSettings,
        gallery: FaceGallery | None,
        consent: Mapping[str, bool],
        picture: PictureShape,
        live: LiveMaskingSettings | None = None,
    ) -> LiveMasker:
        """Create a masker for pictures like ``picture``, with the models that ``settings`` name, loaded and warm.

        Raises:
            ModelError: one is not in the store, or the detector does not even find a drawn face.
        """
        store.require(stored_models(settings))
        settings = calibrated(store, settings)
        chosen = live or LiveMaskingSettings()
        known = EnrolledFaces.of(gallery)
        numbers = itertools.count(1)
        size = picture.width, picture.height
        pixels = SquarePixels(size, picture.sar)

        def make() -> Job:
            detector = make_detector(store, settings.detect.detector, settings)
            recogniser = make_recogniser(store, settings.recognise.recogniser, settings)
            looker = LiveAnalyser(LiveModels(detector, recogniser), known, settings, chosen, pixels.size, numbers)
            looker.warm(pixels.size)
            return on_square_pixels(looker, pixels)

        try:
            # the first one here, so that missing models are reported at once; others in their own thread
            ready = [make()]
        except BlindError as error:
            remedy = f"fetch it again: discreet weights fetch {' '.join(detector_names(settings))}"
            raise ModelError("the face detector does not find a drawn face", remedy) from error
        return cls(
            lambda: ThreadWorker(lambda: ready.pop() if ready else make()), settings, chosen, consent, size, picture.fps
        )

    def push(self, t: float, picture: Image) -> list[tuple[float, Image]]:
        """Take the picture at ``t`` (s), BGR ``[H, W, 3]``, which belongs to the masker from now on.

        Returns:
            the masked pictures that are old enough, with their times.

        Raises:
            ValueError: ``t`` is not after the last picture's.
        """
        self._line.add(t, picture if picture.flags.writeable else picture.copy())
        small = shrunk(picture)
        self._small.append((t, small))
        self._collect()
        self._offer_due(t, small)
        self._supervise()
        return [self._masked(*waited) for waited in self._line.due()]

    def flush(self) -> list[tuple[float, Image]]:
        """All pictures that still wait, after an analysis of the last one. More may be pushed afterwards."""
        if self._line and self._scene.last < self._line.now and not self._closed:
            self._collect()
            self._offer()
            self._worker.wait(self._line.now, GATHER_SECONDS if self._worker.alive else 0.0)
        self._collect()
        return [self._masked(*waited) for waited in self._line.rest()]

    def close(self) -> None:
        """Stop the worker. Pictures that wait or are pushed later, and were not analysed, are masked wholly."""
        if self._closed:
            return
        self._closed = True
        self._worker.close(GATHER_SECONDS)

    def tracks(self) -> list[FaceTrack]:
        """The faces so far, ten rows per second with whether they were shown, and what was masked wholly.

        They have no speaking scores.
        """
        return self._record.tracks(self._size, self._consent)

    @property
    def lapses(self) -> tuple[WholePictureMask, ...]:
        """When and why the whole picture was masked, one entry each for the timeline."""
        return self._record.lapses

    def status(self) -> Mapping[str, float | int | str]:
        """The current state.

        ``notice``: why the whole picture is masked, or empty; ``shown`` and ``masked``: faces in the last picture;
        ``detect_fps``: analyses per second; ``look_ms``: time of one analysis; ``lag``: seconds from the last analysed
        picture to the newest one; ``waiting``: pictures in the delay line; and counts of ``pictures``, ``looks``
        (analyses), ``failures``, ``masked_wholly`` and ``restarts``.
        """
        return MappingProxyType({**self._state, "waiting": len(self._line), **self._counts})

    def _offer_due(self, t: float, small: Image) -> None:
        """Offer the newest picture if an analysis is due, or at once if a part of it was replaced.

        A face may be there that is gone before the next analysis. Nothing newer replaces such a picture.
        """
        self._changes(small, [], np.zeros((0, 4), np.float32))
        if self._worker.taken < self._changed:
            return
        if self._changes.changed:
            self._changed = t
            self._offer()
        elif t - self._worker.taken >= self._live.every - 1e-3:
            self._offer()

    def _offer(self) -> None:
        t, picture = self._line.newest
        taken = self._worker.taken
        while self._small and self._small[0][0] <= taken:
            self._small.popleft()
        self._worker.offer(Frame(t, picture, tuple(self._small)))

    def _collect(self) -> None:
        for outcome in self._worker.poll(self._line.now):
            if isinstance(outcome, Failure):
                self._counts["failures"] += 1
                self._scene.fail(outcome)
                continue
            self._counts["looks"] += 1
            self._wait = 1.0
            since = outcome.t - self._scene.last
            self._average("look_ms", 1000.0 * outcome.cost)
            if 0 < since < 1.0:
                self._average("detect_fps", 1.0 / since)
            self._scene.add(outcome)
            self._record.look(outcome)
        self._state["lag"] = round(self._line.now - self._scene.last, 3) if self._counts["looks"] else 0.0

    def _average(self, name: str, value: float) -> None:
        was = float(self._state[name])
        self._state[name] = round(was + (value - was) * (0.1 if was else 1.0), 2)

    def _supervise(self) -> None:
        """Replace a worker that has ended or hangs."""
        hangs = self._worker.busy and self._line.now - self._worker.taken > self._live.hang
        if (self._worker.alive and not hangs) or self._line.now < self._retry or self._closed:
            return
        self._left = [worker for worker in self._left if worker.alive]
        if len(self._left) >= MOST_WORKERS:
            return
        self._scene.fail(Failure(self._line.now, "the face detector hangs" if hangs else "the face detector ended"))
        self._worker.close(0.0)
        self._left.append(self._worker)
        self._retry, self._wait = self._line.now + self._wait, min(2 * self._wait, 30.0)
        self._counts["restarts"] += 1
        self._worker, self._changed = self._start(), float("-inf")
        self._offer()

    def _masked(self, t: float, picture: Image) -> tuple[float, Image]:
        """Mask the picture at ``t`` (s), which leaves the line, and return it with its time.

        It is masked in place only after an analysis of it or of a later one was done; the worker takes pictures in
        order, so it no longer uses this one. A wholly masked picture is a new array.
        """
        self._counts["pictures"] += 1
        self._scene.forget(t)
        reason = self._scene.blind(t)
        if picture.shape[:2] != (self._size[1], self._size[0]):
            reason = "the camera's picture has another size"
        if reason is not None:
            self._masked_until, self._reason = t + self._live.recover, reason
        elif t < self._masked_until:
            reason = self._reason
        if reason is None:
            try:
                faces = self._scene.faces(t, self._agreed)
                self._draw(picture, self._scene.boxes(t, self._size, faces))
                self._tell(t, faces)
                return t, picture
            except Exception as error:  # whatever it was: nobody can tell whether everything was masked
                log_error("a picture was not masked face by face", error)
                reason = failure("masking", error)
                self._masked_until, self._reason = t + self._live.recover, reason
        self._counts["masked_wholly"] += 1
        self._state.update(notice=reason, shown=0, masked=0)
        self._record.lapsed(t, reason)
        return t, placeholder((picture.shape[0], picture.shape[1]), (TITLE, reason))

    def _tell(self, t: float, faces: list[LiveFace]) -> None:
        self._record.drawn(t, faces)
        shown = sum(face.shown for face in faces)
        self._state.update(notice="", shown=shown, masked=len(faces) - shown)

    def _agreed(self, person: str) -> bool:
        with tolerated("consent could not be asked"):
            return bool(self._consent.get(person, False))
        return False
