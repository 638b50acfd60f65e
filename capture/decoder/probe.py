"""Measuring, in the child, what a file holds: containers are often wrong about it."""

from __future__ import annotations

from array import array
from itertools import pairwise
from pathlib import Path
from typing import Any

import av

from capture.decoder import protocol, settings
from capture.decoder.open_file import open_input
from capture.decoder.picture_sizes import PictureSizes, canvas, size_notes
from capture.decoder.pipe import Pipe, RefusedError
from capture.decoder.pixel_shape import check_pixels
from capture.decoder.video import check_size, orientation
from capture.mp4_boxes import is_cut

_STILLS = {"mjpeg", "png", "bmp", "gif", "webp", "tiff", "jpeg2000", "jpegls"}
_NO_PICTURE = ("attached_pic", "timed_thumbnails", "still_image")


class Track:
    """Packet times of one stream, in seconds on its own clock."""

    def __init__(self, stream: Any) -> None:
        self.tb = float(stream.time_base or 0) or 1e-6
        self.pts = array("d")
        self.end = float("-inf")
        self.packets = 0
        self._shift = 0.0
        self._last: float | None = None
        self._sizes = PictureSizes(stream) if stream.type == "video" else None

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Sizes of the pictures, px as stored, as far as they are known."""
        return list(self._sizes.found) if self._sizes is not None else []

    @property
    def reshaped(self) -> bool:
        """Whether its pixels change their shape."""
        return self._sizes is not None and len(self._sizes.shapes) > 1

    def see(self, packet: Any) -> None:
        """Take in one packet."""
        self.packets += 1
        if self._sizes is not None:
            self._sizes.see(packet)
        length = (packet.duration or 0) * self.tb
        if (
            packet.dts is not None
        ):  # dts is in decoding order: a step back means that the clock restarted, as in FrameClock
            now = packet.dts * self.tb + self._shift
            if self._last is not None and not -settings.JUMP_BACK <= now - self._last <= settings.JUMP_AHEAD:
                self._shift += self._last + length - now
                now = self._last + length
            self._last = now
        t = packet.pts if packet.pts is not None else packet.dts
        if t is not None:
            self.pts.append(t * self.tb + self._shift)
            self.end = max(self.end, self.pts[-1] + length)

    def skip_gap(self) -> None:
        """Continue elsewhere in the file: do not compare the next packet's time with the last one's."""
        self._last = None


def choose(container: Any) -> tuple[Any, Any]:
    """The video and the audio stream to use, or None: the container's defaults, never covers or thumbnails."""
    videos = [s for s in container.streams.video if s.codec_context is not None and not _cover(s)]
    audios = [s for s in container.streams.audio if s.codec_context is not None]
    best_video, best_audio = container.streams.best("video"), container.streams.best("audio")
    video = best_video if best_video in videos else (videos[0] if videos else None)
    audio = best_audio if best_audio in audios else (audios[0] if audios else None)
    return video, audio


def left_out(container: Any, video: Any, audio: Any) -> list[str]:
    """One line for each kind of track (sound, video) of which some are left out beside the chosen one."""
    notes = []
    for kind, chosen in (("sound", audio), ("video", video)):
        streams = container.streams.audio if kind == "sound" else container.streams.video
        more = [s for s in streams if s is not chosen and s.codec_context is not None and not _cover(s)]
        if chosen is not None and more:
            notes.append(f"it holds {len(more) + 1} {kind} tracks: one was taken, the others are left out")
    return notes


def _cover(stream: Any) -> bool:
    return any(getattr(type(stream.disposition), name) in stream.disposition for name in _NO_PICTURE)


def scan(path: str, pipe: Pipe, indices: set[int], whole: bool) -> tuple[dict[int, Track], bool]:
    """Read the packets of the streams; return their tracks and whether reading ended in an error."""
    with open_input(path) as container:
        wanted = [s for s in container.streams if s.index in indices]
        tracks = {s.index: Track(s) for s in wanted}
        broken = False

        def run(limit: int | None) -> None:
            nonlocal broken
            try:
                for seen, packet in enumerate(container.demux(*wanted)):
                    pipe.beat()
                    if packet.size or packet.pts is not None:
                        tracks[packet.stream.index].see(packet)
                        broken = broken or packet.is_corrupt
                    if limit is not None and seen >= limit:
                        return
            except av.FFmpegError:
                broken = True

        run(None if whole else settings.HEAD_PACKETS)
        if not whole:
            container.seek(
                max(
                    0,
                    int(((container.duration or 0) / 1e6 - settings.TAIL_SECONDS) * 1e6) + (container.start_time or 0),
                )
            )
            head = {i: len(t.pts) for i, t in tracks.items()}
            for track in tracks.values():
                track.skip_gap()
            run(None)
            for i, track in tracks.items():
                del track.pts[head[i] :]
        return tracks, broken


def first_frames(path: str, pipe: Pipe, indices: set[int]) -> dict[int, Any]:
    """The first frame of each stream that can be decoded."""
    found: dict[int, Any] = {}
    tries = dict.fromkeys(indices, 0)
    with open_input(path) as container:
        wanted: list[Any] = [s for s in container.streams if s.index in indices]
        try:
            for packet in container.demux(*wanted):
                pipe.beat()
                index = packet.stream.index
                if index in found:
                    continue
                tries[index] += 1
                try:
                    frames = [f for f in packet.decode() if getattr(f, "samples", 1)]
                    if frames:
                        found[index] = frames[0]
                except av.FFmpegError:
                    pass
                if all(i in found or tries[i] > settings.TRIES for i in indices):
                    break
        except av.FFmpegError:
            for stream in wanted:  # what the decoder still holds of a file that was cut early
                try:
                    frames = [] if stream.index in found else stream.decode(None)
                except av.FFmpegError:
                    continue
                if frames:
                    found[stream.index] = frames[0]
        return found


def rate_of(track: Track, average: float | None) -> tuple[float, bool]:
    """``(average frames per second, whether the rate varies)``, measured from packet times.

    The rate varies when more than one step in fifty differs from the median step by over a tenth of it. (Containers
    that count in milliseconds round every step, so 1.5 ms is always allowed.)
    """
    times = sorted(track.pts)
    if len(times) < 2 or times[-1] <= times[0]:
        return (average or 1.0), False
    steps = sorted(b - a for a, b in pairwise(times))
    middle = steps[len(steps) // 2]
    odd = sum(abs(s - middle) > max(0.1 * middle, 0.0015) for s in steps)
    measured = (len(times) - 1) / (times[-1] - times[0])
    if average and abs(measured - average) < settings.SAME_RATE * average:
        measured = average
    return measured, odd > settings.ODD_STEPS * len(steps)


def check_rate(rate: int) -> None:
    """Raise RefusedError if sound has too few samples per second to hold speech."""
    if rate < settings.LEAST_RATE:
        raise RefusedError(
            f"has sound of {rate} samples a second, too few to hold speech", "Give the recording as it was made."
        )


def serve(pipe: Pipe, path: str, max_pixels: int, max_hours: float) -> None:
    """Send one INFO message, or raise :class:`RefusedError`."""
    container = open_input(path)  # stays open: the streams of a closed container are freed memory
    video, audio = choose(container)
    indices = {s.index for s in (video, audio) if s is not None}
    unknown = [s.type for s in container.streams if s.type in ("video", "audio") and s.codec_context is None]
    claimed = container.duration / 1e6 if container.duration else 0.0
    named = container.format.name
    average = float(video.average_rate) if video is not None and video.average_rate else None
    if not indices:
        if unknown:
            raise RefusedError("is coded in a way that cannot be decoded here", "Convert it to MP4 (H.264, AAC) first.")
        raise RefusedError("holds neither moving picture nor sound", "Give a recording.")
    whole = Path(path).stat().st_size <= settings.WHOLE_BYTES or not claimed
    tracks, broken = scan(path, pipe, indices, whole)
    measured = max(t.end for t in tracks.values())
    if not whole and abs(measured - claimed) > max(2.0, 0.02 * claimed):
        whole = True
        tracks, broken = scan(path, pipe, indices, whole)
    firsts = first_frames(path, pipe, indices)
    info: dict[str, Any] = {"container": named, "has_video": False, "has_audio": False}
    notes = left_out(container, video, audio)
    starts: dict[int, float] = {}
    for stream in (video, audio):
        if stream is None:
            continue
        frame = firsts.get(stream.index)
        if frame is None:
            what = "picture" if stream is video else "sound"
            notes.append(f"the {what} cannot be decoded and is left out")
            continue
        track = tracks[stream.index]
        fallback = track.pts[0] if track.pts else 0.0
        starts[stream.index] = float(frame.pts * frame.time_base) if frame.pts is not None else fallback
    if (
        video is not None
        and tracks[video.index].packets <= 1
        and firsts
        and video.index in starts
        and _is_still_picture(firsts[video.index], video)
    ):
        notes.append("its only picture is a still; it is treated as sound alone")
        starts.pop(video.index)
    if not starts:
        raise RefusedError("is damaged: nothing in it can be decoded", "Copy the file again from where it came from.")
    origin = min(starts.values())
    ends = {i: max(tracks[i].end, starts[i]) - origin for i in starts}
    if video is not None and video.index in starts:
        frame, track = firsts[video.index], tracks[video.index]
        width, height = canvas((frame.width, frame.height), track.sizes)
        check_size(width, height, max_pixels)
        degrees, mirrored = orientation(frame)
        fps, varies = rate_of(track, average)
        if not track.end > track.pts[-1] if track.pts else False:
            ends[video.index] += 1 / fps
        sar = float(video.sample_aspect_ratio or 0) or 1.0
        check_pixels(sar)
        upright = degrees % 180 == 0
        notes += size_notes([(frame.width, frame.height), *track.sizes], (width, height), upright)
        if track.reshaped:
            notes.append("the shape of its pixels changes: all pictures are shown with that of the first")
        info |= {
            "has_video": True,
            "width": width if upright else height,
            "height": height if upright else width,
            "fps": fps,
            "variable_rate": varies,
            "frames": track.packets if whole else round(ends[video.index] * fps),
            "rotation": degrees,
            "mirrored": mirrored,
            "sar": sar if upright else 1 / sar,
            "video_codec": video.codec_context.codec.canonical_name,
            "video_start": starts[video.index] - origin,
            "video_end": ends[video.index],
            "video_stream": video.index,
        }
    if audio is not None and audio.index in starts:
        frame = firsts[audio.index]
        check_rate(frame.sample_rate)
        info |= {
            "has_audio": True,
            "sample_rate": frame.sample_rate,
            "channels": len(frame.layout.channels),
            "audio_codec": audio.codec_context.codec.canonical_name,
            "audio_start": starts[audio.index] - origin,
            "audio_end": ends[audio.index],
            "audio_stream": audio.index,
        }
    duration = max(ends.values())
    if duration > max_hours * settings.HOUR:
        raise RefusedError(
            f"lasts {duration / settings.HOUR:.0f} hours by its times, more than the {max_hours:g} that can be handled",
            "Cut it into parts, or set capture.max_hours.",
        )
    cut = is_cut(Path(path)) or (
        claimed - duration > max(1.0, 0.02 * claimed) and named.startswith(("mov", "matroska", "avi", "flv"))
    )
    if cut or broken:
        notes.append(f"it breaks off after {duration:.1f} s")
    info |= {"duration": duration, "origin": origin, "truncated": cut or broken, "notes": notes}
    pipe.send_json(protocol.INFO, info)


def _is_still_picture(frame: Any, stream: Any) -> bool:
    return stream.codec_context.codec.canonical_name in _STILLS
