"""Make the README's picture from the demo: ``python -m evaluation.runs.readme_picture demo-out docs/demo.jpg``.

It shows one frame of ``safe.mp4`` above the timeline of the clip: who speaks when, and what was removed.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from capture import VideoFile
from timeline import Timeline

SCALE = 2
ROW = 34
MARGIN = 16
LABEL = 190
AWAY = 1.0
"""How far from a word that was taken out the frame is, s."""
INK, GREY, SPEECH, BEEP, MASK = (40, 40, 40), (225, 225, 225), (150, 160, 60), (60, 60, 220), (190, 190, 190)


def draw(timeline: Timeline, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """``picture`` (BGR ``[H, W, 3]``) above a strip with one row per person and one for words."""
    top = cv2.resize(picture, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
    width = top.shape[1]
    rows = len(timeline.people) + 1
    strip = np.full((2 * MARGIN + rows * ROW, width, 3), 255, np.uint8)
    across = (width - LABEL - MARGIN) / max(timeline.recording.duration, 1e-9)

    def bar(row: int, start: float, end: float, colour: tuple[int, int, int]) -> None:
        y = MARGIN + row * ROW
        left, right = LABEL + round(start * across), LABEL + round(end * across)
        cv2.rectangle(strip, (left, y + 6), (right, y + ROW - 8), colour, -1)

    def label(row: int, text: str) -> None:
        at = (MARGIN, MARGIN + row * ROW + 22)
        cv2.putText(strip, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, INK, 1, cv2.LINE_AA)

    for row, person in enumerate(timeline.people):
        label(row, person.label + ("" if person.seen else " (masked)"))
        bar(row, 0.0, timeline.recording.duration, GREY if person.seen else MASK)
        for turn in timeline.turns:
            if turn.person == person.id:
                bar(row, turn.start, turn.end, SPEECH)
    label(rows - 1, "Private words")
    bar(rows - 1, 0.0, timeline.recording.duration, GREY)
    for redaction in timeline.redactions:
        if redaction.kind == "word":
            bar(rows - 1, redaction.start, redaction.end, BEEP)
            at = (LABEL + round(redaction.start * across) + 4, MARGIN + (rows - 1) * ROW + 21)
            cv2.putText(
                strip, redaction.entity or "", at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1, cv2.LINE_AA
            )
    return np.asarray(np.vstack([top, strip]), np.uint8)


def _distance(timeline: Timeline, time: float) -> float:
    """How far ``time`` is from the middle, s; infinite near a word that was taken out.

    The speaker's mouth is covered there.
    """
    words = (word for word in timeline.redactions if word.kind == "word")
    if any(word.start - AWAY <= time <= word.end + AWAY for word in words):
        return math.inf
    return abs(time - timeline.recording.duration / 2)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="results of the demo")
    parser.add_argument("target", type=Path, help="picture to write, .jpg")
    arguments = parser.parse_args()
    folder, target = arguments.folder, arguments.target
    timeline = Timeline.from_json((folder / "timeline.json").read_bytes())
    picture = min(VideoFile(folder / "safe.mp4"), key=lambda frame: _distance(timeline, frame[0]))[1]
    cv2.imwrite(str(target), draw(timeline, picture), [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
