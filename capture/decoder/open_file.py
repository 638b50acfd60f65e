"""Opening an untrusted file in the child: only from disk, and only formats of recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
from av.container import InputContainer

from capture.decoder.pipe import RefusedError
from capture.mp4_boxes import top_level_boxes

# Playlists (HLS, concat, ...) would make FFmpeg open other files and network addresses, image sequences treat file
# names as patterns, and subtitles and text are not recordings. So only these demuxers may open anything.
FORMATS = (
    "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,live_flv,ogg,asf,asf_o,wav,w64,mp3,aac,flac,aiff,caf,amr,amrnb,"
    "amrwb,au,ac3,eac3,dts,h264,hevc,m4v,av1,obu,ivf,mxf,nut,rm,dv,wtv,tta,wv,ape,mpc,mpc8,voc,h263,mjpeg,truehd,dsf,rf64"
)
_OPTIONS = {"protocol_whitelist": "file,subfile", "format_whitelist": FORMATS}
_REMEDY = "Give a recording: MP4, MOV, MKV, WebM, AVI, MPEG-TS, WAV, MP3, M4A, FLAC, OGG and others."
_IMAGES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF"}


def _open(url: str) -> InputContainer:
    container: Any = av.open(url, mode="r", options=_OPTIONS, metadata_errors="replace")
    return container  # type: ignore[no-any-return]


def _open_cut_recording(path: str, error: Exception) -> InputContainer:
    """Open a fragmented MP4 that was cut inside a fragment's index, else raise the error that says what is wrong."""
    with open(path, "rb") as file:
        head = file.read(64)
    parts = top_level_boxes(Path(path))
    kinds = [kind for kind, _, _ in parts]
    size = Path(path).stat().st_size
    if b"ftyp" in kinds[:2] or b"moov" in kinds or b"mdat" in kinds:
        cut = bool(parts) and parts[-1][2] > size
        if b"moov" in kinds and b"moof" in kinds:
            end = max((end for _, _, end in parts if end <= size), default=0)
            try:
                return _open(f"subfile,,start,0,end,{end},,:file:{path}")
            except av.FFmpegError:
                pass
        if b"moov" not in kinds or (cut and kinds[-1] == b"moov"):
            raise RefusedError(
                "is an MP4 that was cut off: its index, written at the very end, is missing",
                "Copy the file again; a recording that was interrupted can sometimes be recovered with `untrunc`.",
            )
    for magic, kind in _IMAGES.items():
        if head.startswith(magic):
            raise RefusedError(f"is a picture ({kind}), not a recording", _REMEDY)
    if head.startswith((b"#EXTM3U", b"ffconcat")):
        raise RefusedError("is a playlist, not a recording; playlists are not followed", _REMEDY)
    if isinstance(error, av.error.PermissionError):
        raise RefusedError("cannot be read: you do not have permission", "Check the file's permissions.") from error
    raise RefusedError("is not a recording that can be read", _REMEDY) from error


def open_input(path: str) -> InputContainer:
    """Open a recording.

    Raises:
        RefusedError: it cannot be opened; says what is wrong.
    """
    try:
        container = _open(f"file:{path}")
    except (av.FFmpegError, ValueError) as error:
        container = _open_cut_recording(path, error)
    if not len(container.streams):
        raise RefusedError("holds neither picture nor sound", _REMEDY)
    return container
