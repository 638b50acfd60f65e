"""The picture of one file of ours and the sound of another in a third: packets are copied, nothing is coded anew.

Where some pictures changed, theirs are coded anew and the others copied.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av

from capture.writing.atomic import PartialFile
from capture.writing.encoder import MUXER
from capture.writing.picture_splice import PictureChanges, spliced_pictures


def join(picture: Path, sound: Path | None, target: Path, changes: PictureChanges | None = None) -> None:
    """Write ``target`` (MP4) with the video packets of ``picture`` and the sound packets of ``sound``.

    Both files were written here: they are opened in this process.

    Args:
        picture: gives every video packet, and the comment tag.
        sound: gives every sound packet; None: there is no sound.
        target: appears whole or not at all; an existing file is replaced.
        changes: pictures to be coded anew in place of those of ``picture``; None: none.

    Raises:
        OutputError: a file cannot be read or written; nothing is left.
        UnspliceableError: the changes do not fit ``picture``; nothing is left.
    """
    file = PartialFile(target.absolute())
    with (
        file.guard(av.FFmpegError, IndexError),
        av.open(f"file:{picture}") as seen,
        av.open(f"file:{file.url}", "w", format="mp4", options=MUXER) as out,
    ):
        if "comment" in seen.metadata:
            out.metadata["comment"] = seen.metadata["comment"]
        shown = out.add_stream_from_template(seen.streams.video[0])
        copied = _packets(seen, seen.streams.video[0], shown)
        rows = [_rows(0, copied if changes is None else spliced_pictures(seen, picture, shown, changes))]
        if sound is None:
            _copy(rows, out)
        else:
            with av.open(f"file:{sound}") as heard:
                audio = heard.streams.audio[0]
                rows.append(_rows(1, _packets(heard, audio, out.add_stream_from_template(audio))))
                _copy(rows, out)
    file.commit()


Row = tuple[float, int, int, Any]


def _packets(source: Any, stream: Any, new: Any) -> Iterator[Any]:
    """Every packet of ``stream``, given to the stream ``new``."""
    for packet in source.demux(stream):
        if packet.dts is not None:  # the end mark of a stream has none
            packet.stream = new
            yield packet


def _rows(order: int, packets: Iterator[Any]) -> Iterator[Row]:
    """Time of each packet (s), a number that orders equal times, and the packet."""
    for number, packet in enumerate(packets):
        yield float(packet.dts * packet.time_base), order, number, packet


def _copy(rows: list[Iterator[Row]], out: Any) -> None:
    for _, _, _, packet in heapq.merge(*rows, key=lambda row: row[:3]):
        out.mux(packet)
