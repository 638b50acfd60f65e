"""The picture of one file of ours and the sound of another in a third: packets are copied, nothing is coded anew."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av

from capture.writing.atomic import PartialFile
from capture.writing.encoder import MUXER
from timeline import write_error


def join(picture: Path, sound: Path | None, target: Path) -> None:
    """Write ``target`` (MP4) with the video packets of ``picture`` and the sound packets of ``sound``.

    Both files were written here: they are opened in this process.

    Args:
        picture: gives every video packet, and the comment tag.
        sound: gives every sound packet; None: there is no sound.
        target: appears whole or not at all; an existing file is replaced.

    Raises:
        OutputError: a file cannot be read or written; nothing is left.
    """
    file = PartialFile(target.absolute())
    try:
        with av.open(f"file:{picture}") as seen, av.open(f"file:{file.url}", "w", format="mp4", options=MUXER) as out:
            if "comment" in seen.metadata:
                out.metadata["comment"] = seen.metadata["comment"]
            rows = [_packets(0, seen, out, seen.streams.video[0])]
            if sound is None:
                _copy(rows, out)
            else:
                with av.open(f"file:{sound}") as heard:
                    rows.append(_packets(1, heard, out, heard.streams.audio[0]))
                    _copy(rows, out)
    except (av.FFmpegError, OSError, IndexError) as error:
        file.discard()
        raise write_error(target, error) from None
    except BaseException:
        file.discard()
        raise
    file.commit()


Row = tuple[float, int, int, Any]


def _packets(order: int, source: Any, out: Any, stream: Any) -> Iterator[Row]:
    """Time of each packet (s), a number that orders equal times, and the packet, given to its new stream."""
    new = out.add_stream_from_template(stream)

    def rows() -> Iterator[Row]:
        for number, packet in enumerate(source.demux(stream)):
            if packet.dts is None:
                continue  # the end mark of a stream
            at = float(packet.dts * packet.time_base)
            packet.stream = new
            yield at, order, number, packet

    return rows()


def _copy(rows: list[Iterator[Row]], out: Any) -> None:
    for _, _, _, packet in heapq.merge(*rows, key=lambda row: row[:3]):
        out.mux(packet)
