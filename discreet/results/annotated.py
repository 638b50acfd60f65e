"""``annotated.mp4``: the safe recording with the results drawn on it, so that a person can check them.

It is made only from ``safe.mp4`` and the document, so it shows nothing that is not in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import cv2
import numpy as np

from capture import AudioFile, CaptureSettings, Image, MediaInfo, SafeWriter, VideoFile, probe
from timeline import Caption, Progress, Timeline, Track, Turn, labels_of, to_captions

T = TypeVar("T", Track, Turn, Caption)
Colour = tuple[int, int, int]
COLOURS: tuple[Colour, ...] = (
    (0, 159, 230),
    (233, 180, 86),
    (115, 158, 0),
    (66, 228, 240),
    (178, 114, 0),
    (0, 94, 213),
    (167, 121, 204),
)
"""BGR colours that colour-blind people can tell apart (Okabe and Ito, "Color Universal Design", 2008)."""
NOBODY: Colour = (150, 150, 150)
INK, BAND = (255, 255, 255), (24, 24, 24)
FONT = cv2.FONT_HERSHEY_SIMPLEX
LINES = 3
"""Most lines of captions."""


def annotate(safe: Path, timeline: Timeline, target: Path, settings: CaptureSettings, progress: Progress) -> None:
    """Make ``target`` (.mp4) from ``safe``, which must have a picture.

    Raises:
        InputError: ``safe`` cannot be read.
        OutputError: ``target`` cannot be written; nothing of it is left.
    """
    info = probe(safe, settings)
    rate = info.sample_rate if info.has_audio else None
    channels = min(2, max(1, info.channels))
    overlay = Overlay(timeline, info.width, info.height)
    with SafeWriter(target, info, rate, channels, settings) as writer:
        sound = _Sound(safe, info, settings, writer)
        for t, picture in VideoFile(safe, info=info, settings=settings):
            overlay.draw(picture, t)
            sound.until(t + 1.0)
            writer.write_frame(t, picture)
            progress(min(0.99, t / info.duration) if info.duration else 0.0)
        sound.until(float("inf"))


class _Sound:
    """Copies the recording's sound, slightly ahead of the picture."""

    def __init__(self, safe: Path, info: MediaInfo, settings: CaptureSettings, writer: SafeWriter) -> None:
        self._rate, self._writer, self._at = info.sample_rate, writer, 0
        audio = AudioFile(safe, sample_rate=None, mono=False, info=info, settings=settings) if info.has_audio else None
        self._blocks = iter(audio.blocks(0.5)) if audio is not None else iter(())

    def until(self, t: float) -> None:
        """Write all sound before ``t`` seconds."""
        while self._rate and self._at < t * self._rate:
            block = next(self._blocks, None)
            if block is None:
                return
            self._at += len(block)
            self._writer.write_audio(block)


class Overlay:
    """Draws boxes in the speakers' colours, names or pseudonyms, who speaks now, and captions."""

    def __init__(self, timeline: Timeline, width: int, height: int) -> None:
        """Create an overlay for pictures of ``width`` x ``height`` px of the recording that ``timeline`` describes."""
        self._size = width, height
        self._scale = max(0.35, height / 1100)
        self._labels = {person.id: person.label for person in timeline.people}
        self._colours = {p.id: COLOURS[i % len(COLOURS)] for i, p in enumerate(timeline.people)}
        self._by_label = {label: self._colours[id] for id, label in labels_of(timeline).items()}
        self._tracks = _Spans(timeline.tracks)
        self._paths = {t.id: np.array(t.boxes, np.float64).reshape(-1, 5) for t in timeline.tracks}
        self._turns = _Spans(timeline.turns)
        self._captions = _Spans(to_captions(timeline))

    def speaking(self, t: float) -> list[str]:
        """Ids of the people who speak at ``t`` seconds, sorted by when they began."""
        return list(dict.fromkeys(turn.person for turn in self._turns.at(t)))

    def draw(self, picture: Image, t: float) -> None:
        """Draw the state at ``t`` seconds on ``picture``, BGR ``[H, W, 3]``."""
        speaking = self.speaking(t)
        faces = self._tracks.at(t)
        for track in faces:
            self._face(picture, track, t, track.person in speaking)
        on_screen = {track.person for track in faces}
        self._off_screen(picture, [person for person in speaking if person not in on_screen])
        self._caption(picture, self._captions.at(t))

    def _face(self, picture: Image, track: Track, t: float, speaks: bool) -> None:
        path = self._paths[track.id]
        if not len(path):
            return
        x, y, w, h = (round(float(np.interp(t, path[:, 0], path[:, i]))) for i in range(1, 5))
        colour = self._colours.get(track.person or "", NOBODY)
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour, max(1, round((6 if speaks else 2) * self._scale)))
        label = self._labels.get(track.person or "", "unknown") + (" speaks" if speaks else "")
        self._label(picture, label, x, y, colour)

    def _label(self, picture: Image, text: str, x: int, y: int, colour: Colour) -> int:
        """Draw a label whose bottom is at ``y``, moved to lie inside the picture; returns its height."""
        thick = max(1, round(2 * self._scale))
        (width, height), _ = cv2.getTextSize(text, FONT, self._scale, thick)
        pad = max(2, round(6 * self._scale))
        x = max(0, min(x, self._size[0] - width - 2 * pad))
        y = max(height + 2 * pad, min(y, self._size[1]))
        cv2.rectangle(picture, (x, y - height - 2 * pad), (x + width + 2 * pad, y), colour, cv2.FILLED)
        ink = (0, 0, 0) if sum(colour) > 330 else INK
        cv2.putText(picture, text, (x + pad, y - pad), FONT, self._scale, ink, thick, cv2.LINE_AA)
        return height + 2 * pad

    def _off_screen(self, picture: Image, people: Sequence[str]) -> None:
        y = 0
        for person in people:
            y += self._label(picture, f"{self._labels[person]} speaks", 0, y, self._colours[person])

    def _caption(self, picture: Image, now: Iterable[Caption]) -> None:
        width, height = self._size
        thick = max(1, round(2 * self._scale))
        step = round(44 * self._scale)
        lines = [(line, self._by_label.get(c.speaker, NOBODY)) for c in now for line in self._wrapped(c, thick)]
        lines = lines[-LINES:]
        if not lines:
            return
        top = max(0, height - step * len(lines) - step // 2)
        band = picture[top:]
        band[:] = (band * 0.35 + np.array(BAND) * 0.65).astype(np.uint8)
        for row, (line, colour) in enumerate(lines, 1):
            across = cv2.getTextSize(line, FONT, self._scale, thick)[0][0]
            at = (max(0, (width - across) // 2), min(height - 2, top + step * row))
            cv2.putText(picture, line, at, FONT, self._scale, colour, thick, cv2.LINE_AA)

    def _wrapped(self, caption: Caption, thick: int) -> list[str]:
        words = (f"{caption.speaker}: " if caption.speaker else "") + caption.text
        lines: list[str] = []
        for word in words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            fits = cv2.getTextSize(longer, FONT, self._scale, thick)[0][0] <= 0.94 * self._size[0]
            if lines and fits:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines


class _Spans(Generic[T]):
    """Finds which of many time spans contain a moment."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items: list[T] = sorted(items, key=lambda item: (item.start, item.end))
        self._starts = np.array([item.start for item in self._items])
        self._ends = np.array([item.end for item in self._items])

    def at(self, t: float) -> list[T]:
        """The items that contain ``t`` seconds, sorted by start."""
        return [self._items[i] for i in np.flatnonzero((self._starts <= t) & (t <= self._ends))]
