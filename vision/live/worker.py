"""The thread that analyses pictures while more arrive: the newest picture wins, and nothing waits for it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from timeline import failure, log_error
from vision.live.messages import Failure, Frame, FrameResult, Outcome
from vision.live.settings import RESULTS_KEPT
from vision.square_pixels import SquarePixels

Job = Callable[[Frame], FrameResult]


class Worker(Protocol):
    """Analyses pictures at its own pace. Frames are taken in order of time, one at a time."""

    @property
    def taken(self) -> float:
        """Time of the last frame taken; -inf before the first."""
        ...

    @property
    def busy(self) -> bool:
        """Whether the last frame taken is still being analysed."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it still works."""
        ...

    def offer(self, frame: Frame) -> None:
        """Analyse ``frame`` next, replacing any that waits. Never blocks."""
        ...

    def poll(self, now: float) -> list[Outcome]:
        """The results since the last call; ``now``: the time of the newest picture, s."""
        ...

    def wait(self, t: float, timeout: float) -> None:
        """Return when the frame offered for ``t`` is done, nothing can be expected, or after ``timeout`` s."""
        ...

    def close(self, timeout: float) -> None:
        """Stop after the current frame, waiting up to ``timeout`` s for it."""
        ...


class ThreadWorker:
    """A :class:`Worker` in its own thread."""

    def __init__(self, make: Callable[[], Job]) -> None:
        """``make`` is called in the thread; the job it returns is called for every frame."""
        self._make = make
        self._change = threading.Condition()
        self._next: Frame | None = None
        self._done: deque[Outcome] = deque(maxlen=RESULTS_KEPT)
        self._taken = float("-inf")
        self._busy = self._closed = False
        self._thread = threading.Thread(target=self._run, name="live-faces", daemon=True)
        self._thread.start()

    @property
    def taken(self) -> float:
        """See :class:`Worker`."""
        return self._taken

    @property
    def busy(self) -> bool:
        """See :class:`Worker`."""
        return self._busy

    @property
    def alive(self) -> bool:
        """See :class:`Worker`."""
        return self._thread.is_alive()

    def offer(self, frame: Frame) -> None:
        """See :class:`Worker`."""
        with self._change:
            self._next = frame
            self._change.notify_all()

    def poll(self, now: float) -> list[Outcome]:
        """See :class:`Worker`."""
        del now
        with self._change:
            done = list(self._done)
            self._done.clear()
        return done

    def wait(self, t: float, timeout: float) -> None:
        """See :class:`Worker`."""
        with self._change:
            self._change.wait_for(
                lambda: not self._thread.is_alive() or self._closed or (self._taken >= t and not self._busy), timeout
            )

    def close(self, timeout: float) -> None:
        """See :class:`Worker`."""
        with self._change:
            self._closed = True
            self._next = None
            self._change.notify_all()
        if timeout > 0:
            self._thread.join(timeout)

    def _run(self) -> None:
        try:
            self._work()
        except SystemExit:  # the way to end a thread; the masker sees that it is no longer alive
            return
        finally:
            with self._change:
                self._closed = True
                self._change.notify_all()

    def _work(self) -> None:
        try:
            job = self._make()
        except Exception as error:  # the masker sees that the thread ended
            log_error("the face worker did not start", error)
            return
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._next is not None)
                if self._closed or self._next is None:
                    return
                frame, self._next = self._next, None
                self._taken, self._busy = frame.t, True
            outcome: Outcome
            try:
                outcome = job(frame)
            except Exception as error:  # whatever it was: this picture was not analysed
                log_error("a picture was not analysed", error)
                outcome = Failure(frame.t, failure("the face detector", error))
            with self._change:
                self._busy = False
                self._done.append(outcome)
                self._change.notify_all()
            del frame


def on_square_pixels(job: Job, pixels: SquarePixels) -> Job:
    """``job`` for frames on square pixels; the boxes it returns are in stored px."""
    if pixels.square:
        return job

    def look(frame: Frame) -> FrameResult:
        small = tuple((t, pixels.small(picture)) for t, picture in frame.small)
        result = job(Frame(frame.t, pixels.picture(frame.picture), small))
        return replace(result, faces=tuple(replace(face, box=pixels.stored(face.box)) for face in result.faces))

    return look
