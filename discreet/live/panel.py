"""The status panel of a recording, and the keys and signals that control it."""

from __future__ import annotations

import math
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from capture.live import Recorder, RecordingStatus
from timeline import log_error

BAR = 20
QUIET_DB = -60.0


def clock(seconds: float) -> str:
    """The time as ``1:02:03``."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def meter(level: float) -> str:
    """A bar for a peak of 0..1; -60 dB is empty."""
    decibel = 20 * math.log10(level) if level > 0 else QUIET_DB
    filled = round(BAR * max(0.0, 1 - decibel / QUIET_DB))
    return "#" * filled + "." * (BAR - filled)


def panel(now: RecordingStatus, keys: bool) -> Group:
    """The panel for a status."""
    table = Table.grid(padding=(0, 2))
    state = "[bold yellow]paused[/]" if now.paused else "[bold red]recording[/]" if now.begun else "starting"
    table.add_row(state, f"[bold]{clock(now.elapsed)}[/]")
    table.add_row("pictures", f"{now.fps_in:.1f}/s in, {now.fps_out:.1f}/s out, {now.dropped} dropped")
    shown, masked = now.stage.get("shown", 0), now.stage.get("masked", 0)
    table.add_row("faces", f"{shown} shown, {masked} masked; detection {now.stage.get('detect_fps', 0)}/s")
    table.add_row("sound", f"{meter(now.level)}  clock {now.ppm:+.0f} ppm")
    if "speaking" in now.stage:
        table.add_row("speaking", Text(str(now.stage["speaking"]) or "-"))
    table.add_row("waiting", ", ".join(f"{depth} for {name}" for name, depth in now.queues.items()))
    table.add_row("disk left", f"{now.free_mb / 1000:.1f} GB")
    lines: list[Any] = [table]
    notice = now.covering or now.stage.get("notice")
    if notice:
        lines.append(Text(f"THE WHOLE PICTURE IS MASKED: {notice}", style="bold white on red"))
    if now.overload:
        lines.append(Text(now.overload.upper(), style="bold yellow"))
    if now.every > 1:
        lines.append(Text(pictures_recorded(now.every), style="yellow"))
    if keys:
        lines.append(Text("p pauses and goes on, q ends", style="dim"))
    return Group(*lines)


def pictures_recorded(every: int) -> str:
    """A line that says which pictures of the camera are recorded: one of ``every``."""
    if every == 1:
        return "every picture is recorded again"
    which = "every second picture" if every == 2 else f"one of {every} pictures"
    return f"{which} is recorded, so that the machine keeps up"


@contextmanager
def view(console: Console, keys: bool) -> Iterator[Callable[[RecordingStatus], None]]:
    """A view on ``console``; call it with each status. Without a terminal, it prints a line when something changes."""
    if not console.is_terminal:
        last: list[str] = [""]
        overloaded: list[str] = []  # printed once: its figures change all the time
        every = [1]

        def say(now: RecordingStatus) -> None:
            state = now.covering or str(now.stage.get("notice") or "") or ("paused" if now.paused else "")
            if now.overload and not overloaded:
                overloaded.append(now.overload)
                console.print(f"{clock(now.elapsed)} {now.overload}", markup=False)
            if now.every != every[0]:
                every[0] = now.every
                console.print(f"{clock(now.elapsed)} {pictures_recorded(now.every)}", markup=False)
            if state != last[0]:
                console.print(f"{clock(now.elapsed)} {state or 'recording'}", markup=False)
                last[0] = state

        yield say
        return
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield lambda now: live.update(panel(now, keys), refresh=True)


@contextmanager
def keyboard(press: Callable[[str], None]) -> Iterator[bool]:
    """Call ``press`` with each key while the context lasts; yields whether there is a keyboard."""
    try:
        import termios
        import tty

        fd = sys.stdin.fileno()
        before = termios.tcgetattr(fd)
        ours = os.getpgrp() == os.tcgetpgrp(fd)  # in the background, reading the terminal would stop the process
    except (ImportError, OSError, ValueError, AttributeError):
        ours = False
    except Exception as error:  # termios.error, which is no OSError and cannot be named where termios is missing
        log_error("the keyboard cannot be read", error)
        ours = False
    if not ours:
        yield False
        return
    done_read, done_write = os.pipe()

    def read() -> None:
        while True:
            ready, _, _ = select.select([fd, done_read], [], [])
            if done_read in ready:
                return
            key = os.read(fd, 1)
            if not key:
                return
            press(key.decode(errors="replace"))

    thread = threading.Thread(target=read, name="keys", daemon=True)
    try:
        tty.setcbreak(fd)
        thread.start()
        yield True
    finally:
        os.write(done_write, b".")
        thread.join(1.0)
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
        for end in (done_read, done_write):
            os.close(end)


@contextmanager
def signals(recorder: Recorder) -> Iterator[None]:
    """End the recording on Ctrl-C, SIGTERM or a closed terminal, and pause or continue it on SIGUSR1."""

    def end(number: int, frame: FrameType | None) -> None:
        recorder.stop()

    def pause(number: int, frame: FrameType | None) -> None:
        recorder.pause()

    handlers = {"SIGINT": end, "SIGTERM": end, "SIGHUP": end, "SIGUSR1": pause}
    before: dict[signal.Signals, Any] = {}
    for number in signal.Signals:
        if number.name in handlers and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, handlers[number.name])
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
