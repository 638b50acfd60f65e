"""The gate lets clean results pass and refuses every plant, naming its place."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import av
import pytest

from sharing.gate import Finding, Gate
from timeline import Timeline

NAME = "Gareth Llewellyn"
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "utf-16": lambda text: text.encode("utf-16-le"),
    "base64": lambda text: base64.b64encode(text.encode()),
    "deflate": lambda text: zlib.compress(text.encode()),
}


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def append(path: Path, content: bytes) -> None:
    path.write_bytes(path.read_bytes() + content)


def into_moov(path: Path, content: bytes) -> None:
    """Put boxes at the end of ``moov``; the media data behind it moves, and the chunk offsets with it."""
    data = bytearray(path.read_bytes())
    at = data.index(b"moov") - 4
    (size,) = struct.unpack(">I", data[at : at + 4])
    data[at : at + 4] = struct.pack(">I", size + len(content))
    start = 0
    while (start := data.find(b"stco", start + 1)) >= 0:
        (count,) = struct.unpack(">I", data[start + 8 : start + 12])
        for n in range(count):
            place = start + 12 + 4 * n
            (offset,) = struct.unpack(">I", data[place : place + 4])
            data[place : place + 4] = struct.pack(">I", offset + len(content))
    data[at + size : at + size] = content
    path.write_bytes(data)


def change_timeline(folder: Path, change: Callable[[dict[str, object]], None]) -> None:
    path = folder / "timeline.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def second_track(folder: Path, _: bytes) -> None:
    """The same recording with its sound twice."""
    path, out = folder / "safe.mp4", folder / "more.mp4"
    with av.open(str(path)) as source, av.open(str(out), "w") as target:
        sound = source.streams.audio[0]
        copies = [target.add_stream_from_template(sound) for _ in range(2)]
        for packet in source.demux(sound):
            if packet.dts is not None:
                for copy in copies:
                    packet.stream = copy
                    target.mux(packet)
    out.replace(path)


def sei(folder: Path, content: bytes) -> None:
    """Write into the encoder's own message, whose size stays as it is."""
    path = folder / "safe.mp4"
    data = path.read_bytes()
    at = data.index(b"x264 - core")
    path.write_bytes(data[:at] + content + data[at + len(content) :])


def jpeg(marker: int) -> Callable[[Path, bytes], None]:
    def plant(folder: Path, content: bytes) -> None:
        (folder / "people").mkdir()
        part = bytes([0xFF, marker]) + struct.pack(">H", 2 + len(content)) + content
        (folder / "people" / "p1.jpg").write_bytes(b"\xff\xd8" + part + b"\xff\xd9")

    return plant


def wav(folder: Path, chunks: bytes, behind: bytes = b"") -> None:
    body = b"WAVE" + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16000, 32000, 2, 16) + b"data" + bytes(4) + chunks
    (folder / "talk.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body + behind)


def riff(kind: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(content)) + content + b"\0" * (len(content) % 2)


def write(name: str) -> Callable[[Path, bytes], None]:
    return lambda folder, content: (folder / name).write_bytes(content) and None


PLANTS: dict[str, tuple[str, Callable[[Path, bytes], None]]] = {
    "free box": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"free", c))),
    "skip box": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"skip", c))),
    "uuid box": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"uuid", bytes(16) + c))),
    "unknown box": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"note", c))),
    "user data": ("safe.mp4", lambda f, c: into_moov(f / "safe.mp4", box(b"udta", box(b"\xa9nam", c)))),
    "free box in moov": ("safe.mp4", lambda f, c: into_moov(f / "safe.mp4", box(b"free", c))),
    "second media data": ("safe.mp4", lambda f, c: append(f / "safe.mp4", box(b"mdat", c))),
    "bytes behind the end": ("safe.mp4", lambda f, c: append(f / "safe.mp4", c)),
    "message of the encoder": ("safe.mp4", sei),
    "EXIF": ("people/p1.jpg", jpeg(0xE1)),
    "JPEG comment": ("people/p1.jpg", jpeg(0xFE)),
    "WAV list": ("talk.wav", lambda f, c: wav(f, riff(b"LIST", b"INFOINAM" + c))),
    "WAV behind the end": ("talk.wav", lambda f, c: wav(f, b"", c)),
    "note in captions": ("transcript.vtt", lambda f, c: append(f / "transcript.vtt", b"\n\nNOTE\n" + c + b"\n")),
    "another file": ("notes.txt", write("notes.txt")),
    "hidden file": (".notes", write(".notes")),
}


def test_clean_results_pass(clean: Path, gate: Gate) -> None:
    assert gate.check(clean) == []


def test_clean_sound_passes(clean: Path, gate: Gate) -> None:
    wav(clean, b"")
    assert gate.check(clean) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("plant", PLANTS)
def test_a_plant_is_refused_and_its_file_named(clean: Path, gate: Gate, plant: str, encoding: str) -> None:
    file, put = PLANTS[plant]
    put(clean, ENCODINGS[encoding](NAME))
    found = gate.check(clean)
    assert found
    assert {finding.file for finding in found} == {file}


def test_a_second_sound_track_is_refused(clean: Path, gate: Gate) -> None:
    second_track(clean, b"")
    assert any("beyond one picture and one sound" in finding.reason for finding in gate.check(clean))


@pytest.mark.parametrize("where", ["key", "note", "word", "twice"])
def test_a_timeline_that_holds_more_than_discreet_writes_is_refused(clean: Path, gate: Gate, where: str) -> None:
    def change(document: dict[str, object]) -> None:
        words = document["words"]
        assert isinstance(words, list)
        if where == "key":
            document["remark"] = NAME
        elif where == "note":
            document["provenance"]["notes"] = [NAME]  # type: ignore[index]
        elif where == "word":
            words[0]["text"] = NAME

    change_timeline(clean, change)
    if where == "twice":
        path = clean / "timeline.json"
        path.write_text('{"schema": "discreet/timeline/1", ' + path.read_text()[1:])
    assert [finding.file for finding in gate.check(clean)] == ["timeline.json"]


@pytest.mark.parametrize("encoding", ["plain", "base64"])
def test_a_name_in_a_timeline_as_discreet_writes_it_is_found_by_line(clean: Path, gate: Gate, encoding: str) -> None:
    path = clean / "timeline.json"
    document = json.loads(path.read_text())
    document["provenance"]["notes"] = [ENCODINGS[encoding](NAME).decode()]
    timeline = Timeline.model_validate(document)
    path.write_text(timeline.to_json())
    (found,) = gate.check(clean)
    assert (found.kind, found.file) == ("word", "timeline.json")
    assert NAME.split()[0] not in str(found)
    line = int(found.place.removeprefix("line "))
    assert "notes" in path.read_text().splitlines()[line - 1]


def test_a_name_in_a_file_name_is_refused_and_not_a_reason_to_write_it_elsewhere(clean: Path, gate: Gate) -> None:
    (clean / "gareth_llewellyn.txt").write_text("")
    assert {finding.kind for finding in gate.check(clean)} == {"word", "file"}


def test_a_link_is_refused(clean: Path, gate: Gate) -> None:
    (clean / "safe.mp4").unlink()
    (clean / "safe.mp4").symlink_to("/dev/null")
    assert [finding.reason for finding in gate.check(clean)] == ["a link or device, not a file"]


def test_a_folder_without_a_timeline_is_refused(tmp_path: Path, gate: Gate) -> None:
    assert [finding.file for finding in gate.check(tmp_path)] == ["timeline.json"]


def test_a_cut_recording_is_refused(clean: Path, gate: Gate) -> None:
    path = clean / "safe.mp4"
    path.write_bytes(path.read_bytes()[:-7])
    assert [finding.kind for finding in gate.check(clean)] == ["container"]


def test_what_a_checker_finds_is_reported_and_a_checker_that_fails_is_a_finding(clean: Path, gate: Gate) -> None:
    def sees(path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        return [Finding(kind="face", file=name, place="1.2 s", score=0.8, reason="a bare face")]

    def fails(path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        raise ValueError(NAME)

    found = replace(gate, checkers=(sees, fails)).check(clean)
    assert [finding.kind for finding in found] == ["face", "file"]
    assert NAME not in str(found[1])
