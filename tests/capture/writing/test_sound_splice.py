"""Away from what changed, the sound is the same sample for sample; where it changed, it is the new one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from capture import SafeWriter
from capture.settings import CaptureSettings
from capture.writing.sound_splice import FRAME, SoundChanges, SoundMarks, splice_sound, window_of
from capture.writing.splice_encoder import UnspliceableError
from timeline import FloatArray, OutputError

RATE = 16000
SETTINGS = CaptureSettings()
SECONDS = 12


def talk(seed: int = 1) -> FloatArray:
    """Bursts and pauses: windows of every kind are chosen."""
    rng = np.random.default_rng(seed)
    t = np.arange(SECONDS * RATE + 333) / RATE
    tone = sum(np.sin(2 * np.pi * f * t + f) for f in (140, 280, 420, 900, 2300))
    loud = np.repeat(rng.choice([0.0, 0.02, 0.06], len(t) // 700 + 1), 700)[: len(t)]
    return np.asarray(tone * loud + rng.normal(0, 0.003, len(t)), np.float32)


SOUND = talk()


def written(path: Path, sound: FloatArray, channels: int = 1, rate: int = RATE) -> bytes:
    marks = SoundMarks()
    with SafeWriter(path, None, rate, channels, SETTINGS) as writer:
        for block in np.array_split(sound, 17):
            writer.write_audio(np.repeat(block[:, None], channels, axis=1))
            marks.add(block)
    return marks.all()


def samples(path: Path) -> npt.NDArray[np.float32]:
    with av.open(str(path)) as file:
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])


@pytest.fixture(scope="module", params=[1, 2])
def earlier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, int]:
    path = tmp_path_factory.mktemp("sound") / "safe.m4a"
    return path, written(path, SOUND, request.param), request.param


def silenced(*spans: tuple[float, float]) -> FloatArray:
    out = SOUND.copy()
    for start, end in spans:
        out[round(start * RATE) : round(end * RATE)] = 0
    return out


def spliced(earlier: tuple[Path, bytes, int], sound: FloatArray, target: Path) -> bytes:
    path, marks, channels = earlier
    changes = SoundChanges(np.array_split(sound, 23), marks, RATE, channels, SETTINGS)
    return splice_sound(path, target, changes)


SPANS = [[(5.0, 5.6)], [(0.0, 0.3)], [(SECONDS - 0.2, SECONDS + 1)], [(2.0, 2.1), (2.9, 3.4), (9.0, 9.01)]]


@pytest.mark.parametrize("spans", SPANS)
def test_samples_away_from_the_change_are_the_same(
    earlier: tuple[Path, bytes, int], tmp_path: Path, spans: list[tuple[float, float]]
) -> None:
    new = silenced(*spans)
    spliced(earlier, new, tmp_path / "new.m4a")
    before, after = samples(earlier[0]), samples(tmp_path / "new.m4a")
    assert len(before) == len(after)
    near = np.zeros(len(before), bool)
    for start, end in spans:  # a border may move over some frames until windows fit
        near[max(0, round(start * RATE) - 8 * FRAME) : round(end * RATE) + 8 * FRAME] = True
    assert np.array_equal(before[~near], after[~near])
    for start, end in spans:
        inside = after[round(start * RATE) + 200 : round(end * RATE) - 200]
        assert not len(inside) or np.abs(inside).max() < 0.03


@pytest.mark.parametrize("spans", SPANS)
def test_borders_do_not_click(
    earlier: tuple[Path, bytes, int], tmp_path: Path, spans: list[tuple[float, float]]
) -> None:
    """Nowhere is it further from what was to be written than what is written in one go."""
    new = silenced(*spans)
    spliced(earlier, new, tmp_path / "new.m4a")
    written(tmp_path / "whole.m4a", new, earlier[2])
    made, whole = (samples(tmp_path / name)[: len(new)] - new for name in ("new.m4a", "whole.m4a"))
    error, usual = (np.sqrt(np.add.reduceat(each**2, np.arange(0, len(new), 256)) / 256) for each in (made, whole))
    assert error.max() < 1.5 * usual.max()


def test_marks_are_those_of_a_recording_written_in_one_go(earlier: tuple[Path, bytes, int], tmp_path: Path) -> None:
    new = silenced((5.0, 5.6))
    assert spliced(earlier, new, tmp_path / "new.m4a") == written(tmp_path / "whole.m4a", new)
    assert len(earlier[1]) == 8 * -(-len(SOUND) // FRAME)


def test_it_can_be_changed_again(earlier: tuple[Path, bytes, int], tmp_path: Path) -> None:
    marks = spliced(earlier, silenced((5.0, 5.6)), tmp_path / "one.m4a")
    again = (tmp_path / "one.m4a", marks, earlier[2])
    spliced(again, silenced((5.0, 5.6), (9.0, 9.3)), tmp_path / "two.m4a")
    one, two = samples(tmp_path / "one.m4a"), samples(tmp_path / "two.m4a")
    assert np.array_equal(one[: 8 * RATE], two[: 8 * RATE])
    assert np.abs(two[round(9.05 * RATE) : round(9.25 * RATE)]).max() < 0.03


def test_all_of_it_may_change(earlier: tuple[Path, bytes, int], tmp_path: Path) -> None:
    new = talk(seed=5)
    spliced(earlier, new, tmp_path / "new.m4a")
    assert np.abs(samples(tmp_path / "new.m4a")[: len(new)] - new).max() < 0.1


def test_what_does_not_fit_is_refused_and_leaves_nothing(earlier: tuple[Path, bytes, int], tmp_path: Path) -> None:
    for sound in (SOUND[: -3 * FRAME], np.concatenate([SOUND, SOUND])):
        with pytest.raises(UnspliceableError):
            spliced(earlier, sound, tmp_path / "new.m4a")
    path, marks, channels = earlier
    for other in (
        SoundChanges([SOUND * 0], marks, 22000, channels, SETTINGS),
        SoundChanges([SOUND * 0], marks, RATE, 3 - channels, SETTINGS),
    ):
        with pytest.raises(UnspliceableError):
            splice_sound(path, tmp_path / "new.m4a", other)
    with pytest.raises(OutputError):
        spliced((tmp_path / "none.m4a", marks, channels), SOUND, tmp_path / "new.m4a")
    assert list(tmp_path.iterdir()) == []


def test_windows_are_read_from_the_first_bits(earlier: tuple[Path, bytes, int]) -> None:
    with av.open(str(earlier[0])) as file:
        found = [window_of(bytes(packet)) for packet in file.demux(audio=0) if packet.dts is not None]
    kinds = {window[0] for window in found if window is not None}
    assert {0, 1, 2, 3} == kinds  # long, start, short, stop: bursts need all of them
    assert None not in found[2:]
    for one, two in pairwise(found[1:]):
        assert one is not None
        assert two is not None
        assert (one[0] in (1, 2)) == (two[0] in (2, 3))  # short windows follow a start and end with a stop
    assert window_of(b"") is not None or window_of(b"\xff\xff\xff\xff") is None
