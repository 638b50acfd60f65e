"""The recorder's parts by their laws: queues, ledger, gate, drift."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capture.clock import VirtualClock
from capture.live.drift import ClockEstimate, DriftCorrector, Stretcher
from capture.live.frame_guard import GREY, FrameGuard, notice
from capture.live.queues import End, Mailbox
from capture.live.recording_time import RecordingTime
from capture.sources import Image
from timeline import OutputError

# -- queues -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 5))
def test_pictures_are_dropped_oldest_first_and_counted_and_sound_never(kinds: list[bool], most: int) -> None:
    lost: list[int] = []
    box: Mailbox[int] = Mailbox(VirtualClock(), "test", most, dropped=lost.append)
    for number, picture in enumerate(kinds):
        box.put(number, droppable=picture)
    box.end()
    got = []
    while not isinstance(item := box.get(0.0), End):
        assert item is not None
        got.append(item)
    pictures = [n for n, picture in enumerate(kinds) if picture]
    assert [n for n in got if not kinds[n]] == [n for n, picture in enumerate(kinds) if not picture]
    assert [n for n in got if kinds[n]] == pictures[-most:]
    assert got == sorted(got)
    assert lost == pictures[:-most]
    assert box.dropped == len(lost)


def test_too_much_sound_is_an_error_and_the_end_still_fits() -> None:
    box: Mailbox[int] = Mailbox(VirtualClock(), "the encoder", 1, others=2)
    box.put(1)
    box.put(2)
    with pytest.raises(OutputError, match="the encoder"):
        box.put(3)
    box.put(4, droppable=True)
    box.end()
    assert [box.get(), box.get(), box.get(), box.get()] == [1, 2, 4, End()]
    assert box.get(0.5) is None


# -- ledger -----------------------------------------------------------------------------------------------------------

stretches = st.lists(st.floats(0.01, 10.0), min_size=2, max_size=8).map(lambda d: np.cumsum([5.0, *d]).tolist())


@example([5.0, 11.0, 11.333333333333334], 0.0, 12.0, 6.0)  # begun again after all was recorded
@given(stretches, st.floats(0.0, 100.0), st.floats(0.0, 50.0), st.floats(1.0, 60.0))
def test_recorded_time_has_no_holes_and_stands_still_in_pauses(
    marks: list[float], start: float, length: float, duration: float
) -> None:
    ledger = RecordingTime(duration)
    assert ledger.recorded(start) is None
    for i, t in enumerate(marks):
        (ledger.pause if i % 2 else ledger.begin)(t)
    parts = ledger.parts(start, start + length)
    assert ledger.elapsed(start + length) - ledger.elapsed(start) == pytest.approx(sum(b - a for a, b, _ in parts))
    for a, b, second in parts:
        assert second == pytest.approx(ledger.elapsed(a))
        middle = (a + b) / 2 if (a + b) / 2 < b else a  # of two neighbouring floats there is none
        assert ledger.recorded(middle) == pytest.approx(ledger.elapsed(middle))
    assert ledger.elapsed(1e9) <= duration


def test_what_falls_into_a_pause_is_not_recorded() -> None:
    ledger = RecordingTime()
    ledger.begin(10.0)
    ledger.pause(12.0)
    ledger.pause(99.0)  # paused already
    assert ledger.paused
    ledger.begin(20.0)
    assert [ledger.recorded(t) for t in (9.9, 10.0, 11.5, 12.0, 15.0, 20.0, 21.0)] == [None, 0, 1.5, None, None, 2, 3]
    assert ledger.parts(11.0, 21.0) == [(11.0, 12.0, 1.0), (20.0, 21.0, 2.0)]


# -- gate -------------------------------------------------------------------------------------------------------------


def image(value: int = 1) -> Image:
    return np.full((8, 16, 3), value, np.uint8)


class Written(list[tuple[float, bool]]):
    """What came through: ``(t, covered)``."""

    def __call__(self, t: float, picture: Image, droppable: bool) -> None:
        covered = bool(picture.max() != 1)
        assert covered != droppable
        self.append((t, covered))


def gate() -> tuple[FrameGuard, Written]:
    out = Written()
    return FrameGuard(16, 8, latency=0.3, limit=0.5, recovery=1.0, sink=out), out


def test_what_the_stage_gives_in_time_goes_through() -> None:
    guard, out = gate()
    for t in (0.0, 0.1, 0.2):
        guard.entered(t)
    guard.accept(0.4, [(0.0, image()), (0.1, image())])
    guard.tick(0.5)
    assert out == [(0.0, False), (0.1, False)]
    assert guard.covering == ""


def test_a_stage_that_owes_pictures_is_covered_and_shown_again_when_it_is_in_time() -> None:
    guard, out = gate()
    times = [n / 10 for n in range(31)]
    for t in times:
        guard.entered(t)
        guard.tick(t)
    assert out
    assert all(covered for _, covered in out)
    assert out[-1][0] == pytest.approx(3.0 - 0.3 - 0.5, abs=0.21)
    assert "keep up" in guard.covering
    guard.accept(3.0, [(t, image()) for t in times[:28]])
    shown = [t for t, covered in out if not covered]
    assert shown == times[times.index(out[len(out) - len(shown) - 1][0]) + 1 : 28]
    assert guard.covering == ""
    assert [t for t, _ in out] == times[:28]


def test_a_camera_that_falters_is_no_fault_of_the_stage() -> None:
    guard, out = gate()
    guard.entered(0.0)
    guard.tick(60.0)
    assert out == []


def test_after_a_fault_nothing_is_shown_until_it_has_worked_for_a_while() -> None:
    guard, out = gate()
    guard.failed(0.0, "it raised")
    for n in range(20):
        guard.entered(n / 10)
        guard.accept(n / 10, [(n / 10, image())])
    assert [covered for _, covered in out] == [True] * 10 + [False] * 10
    assert [(c.start, c.end, c.reason) for c in guard.covered] == [(0.0, 0.9, "it raised")]


@pytest.mark.parametrize(
    "wrong", [np.ones((9, 16, 3), np.uint8), np.ones((8, 16, 3), np.float32), np.ones((8, 16), np.uint8)]
)
def test_a_picture_of_another_shape_is_covered(wrong: Image) -> None:
    guard, out = gate()
    guard.entered(0.0)
    guard.accept(0.0, [(0.0, wrong)])
    assert out == [(0.0, True)]


def test_a_picture_that_was_never_given_to_the_stage_is_not_written() -> None:
    guard, out = gate()
    guard.entered(0.0)
    guard.accept(0.0, [(0.05, image())])
    assert out == []


def test_after_the_end_nothing_goes_through() -> None:
    guard, out = gate()
    guard.entered(0.0)
    guard.entered(0.1)
    guard.drop(0.1)
    guard.end()
    guard.accept(0.2, [(0.0, image()), (0.1, image())])
    assert out == [(0.0, True)]
    assert guard.dropped == 1


@given(st.data())
def test_every_picture_is_shown_covered_or_dropped_once_and_in_order(data: st.DataObject) -> None:
    guard, out = gate()
    line: list[float] = []
    taken = data.draw(st.integers(0, 60))
    for n in range(taken):
        t = n / 30
        guard.entered(t)
        match data.draw(st.sampled_from(["ok", "ok", "ok", "drop", "raise", "keep"])):
            case "ok":
                line.append(t)
                guard.accept(t, [(s, image()) for s in line])
                line = []
            case "drop":
                guard.drop(t)
            case "raise":
                guard.failed(t, "it raised")
            case "keep":
                line.append(t)
        guard.tick(t)
    guard.end()
    assert all(a < b for (a, _), (b, _) in pairwise(out))
    assert guard.shown + guard.hidden == len(out)
    assert len(out) + guard.dropped == taken


def test_a_notice_holds_nothing_of_a_picture_and_can_be_read() -> None:
    picture = notice(640, 360, ("The picture is masked:", "a test"))
    assert picture.shape == (360, 640, 3)
    assert set(np.unique(picture)) <= set(range(GREY, 256))
    assert (picture == 255).any()


# -- drift ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ppm", "jitter", "within"), [(100.0, 0.0, 0.001), (-200.0, 0.02, 0.012), (100.0, 0.05, 0.03)])
def test_an_hour_of_a_fast_clock_stays_in_step(ppm: float, jitter: float, within: float) -> None:
    rate, block = 1000, 100
    device = rate * (1 + ppm * 1e-6)
    correct, random = DriftCorrector(rate), np.random.default_rng(1)
    given = 0
    worst = 0.0
    seconds = 3600 if not jitter else 1800
    for n in range(seconds * 10):
        given += len(correct(50.0 + n * block / device + random.uniform(0, jitter), np.zeros(block, np.float32)))
        heard = correct.origin + given / rate - 50.0  # where on our clock the output ends
        worst = max(worst, abs(heard + 12 / rate - (n + 1) * block / device - jitter / 2))
    assert worst < within + 0.001
    assert correct.clock.ppm == pytest.approx(ppm, abs=1.0 + 500 * jitter)
    assert correct.gaps == 0
    drifted = abs(seconds * ppm * 1e-6)
    assert drifted > 5 * within


def test_sound_that_a_device_left_out_becomes_silence() -> None:
    rate = 1000
    correct = DriftCorrector(rate)
    out = [correct(n / 10, np.ones(100, np.float32)) for n in range(10)]
    out += [correct(3.0 + n / 10, np.ones(100, np.float32)) for n in range(10)]
    out.append(correct.flush())
    sound = np.concatenate(out)
    assert len(sound) == pytest.approx(4000, abs=20)
    assert correct.gaps == 1
    assert np.abs(sound[1050:2950]).max() < 1e-3
    assert sound[3100:3900].min() > 0.99


@pytest.mark.parametrize("ratio", [1.0, 1.0001, 0.998])
def test_stretching_changes_length_and_pitch_and_nothing_else(ratio: float) -> None:
    rate, hertz, n = 48000, 3000.0, np.arange(48000)
    stretch = Stretcher()
    tone = np.sin(2 * np.pi * hertz * n / rate).astype(np.float32)
    out = np.concatenate([*(stretch(tone[i : i + 777], ratio) for i in range(0, len(tone), 777)), stretch.flush(ratio)])
    assert len(out) == pytest.approx(len(tone) * ratio, abs=2)
    k = np.arange(len(out))
    wanted = np.sin(2 * np.pi * hertz * k / ratio / rate)
    assert np.abs(out - wanted)[50:-50].max() < 1e-3


def test_a_clock_estimate_takes_a_jump_as_a_gap() -> None:
    clock = ClockEstimate(1000)
    assert math.isnan(clock.next)
    assert clock.update(1.0, 100) == 0.0
    assert clock.update(2.0, 100) == pytest.approx(0.9)
    assert clock.next == pytest.approx(2.1)
