"""A piece of picture or sound, coded with the settings of a whole recording, as packets that can stand in its place."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av

from capture.settings import CaptureSettings
from capture.writing.encoder import TICKS, Encoder, EncoderOptions, Streams, key_frames

_MUXER: Mapping[str, str] = {"movie_timescale": str(TICKS)}


class UnspliceableError(Exception):
    """An earlier recording cannot give a part of a new one: the new one has to be coded as a whole."""


class CodedPiece:
    """Codes a piece in memory: feed ``encoder``, then take the packets.

    Args:
        streams: what is coded: either pictures or sound.
        settings: of the encoder.
    """

    def __init__(self, streams: Streams, settings: CaptureSettings) -> None:
        self._file = io.BytesIO()
        kind = "mp4" if streams.picture is not None else "ipod"
        options = EncoderOptions(kind, _MUXER, key_frames(streams.picture))
        self.encoder = Encoder(Path("piece"), streams, settings, options, target=self._file)

    def packets(self) -> tuple[bytes, list[Any]]:
        """The codec's parameter sets, and every packet in the order of coding."""
        self.encoder.finish()
        self._file.seek(0)
        coded: Any
        with av.open(self._file) as coded:
            (stream,) = coded.streams
            found = [packet for packet in coded.demux(stream) if packet.dts is not None]
            return parameters(stream), found


def parameters(stream: Any) -> bytes:
    """The parameter sets of a stream: packets of two streams go together only if these are equal."""
    return bytes(stream.codec_context.extradata or b"")
