"""The preview's window, in a process of its own: ``python -m discreet.live.preview_window TITLE``.

It reads pictures from standard input, each as width and height (two unsigned 32-bit numbers, network order) and width x
height x 3 bytes RGB. It shows the newest, and ends with its input. It writes ``ready`` to standard output when the
window is open. It imports nothing of Discreet and only the standard library: whatever a window system does to it, the
recording continues.
"""

from __future__ import annotations

import signal
import struct
import sys
import threading
from typing import BinaryIO

HEAD = struct.Struct("!II")
LIMIT = 1 << 13
"""Longest side of a picture, px."""
POLL_MS = 20
NO_WINDOW = 3
"""Exit code if no window can be opened."""


class LatestFrame:
    """The newest picture that was read, as PPM."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._picture: bytes | None = b""
        self._lock = threading.Lock()

    def read(self) -> None:
        """Read until the stream ends."""
        while True:
            head = self._stream.read(HEAD.size)
            size = HEAD.unpack(head) if len(head) == HEAD.size else (0, 0)
            count = size[0] * size[1] * 3
            body = self._stream.read(count) if min(size) > 0 and max(size) <= LIMIT else b""
            with self._lock:
                if not count or len(body) != count:
                    self._picture = None
                    return
                self._picture = b"P6 %d %d 255\n" % size + body

    def take(self) -> bytes | None:
        """The newest picture; empty if none came since the last call, None at the end."""
        with self._lock:
            picture = self._picture
            if picture is not None:
                self._picture = b""
            return picture


def main() -> int:
    """Show what comes until it ends or the window is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the recorder; this process ends with its input
    try:
        import tkinter

        root = tkinter.Tk(className="discreet")
    except ImportError:
        sys.stderr.write("this Python has no tkinter\n")
        return NO_WINDOW
    except tkinter.TclError as error:
        sys.stderr.write(f"{error}\n")
        return NO_WINDOW
    root.title(sys.argv[1] if len(sys.argv) > 1 else "Discreet")
    root.resizable(False, False)
    image = tkinter.PhotoImage(master=root)
    tkinter.Label(root, image=image, borderwidth=0).pack()
    newest = LatestFrame(sys.stdin.buffer)

    def show() -> None:
        picture = newest.take()
        if picture is None:
            root.destroy()
            return
        if picture:
            image.configure(data=picture, format="PPM")
        root.after(POLL_MS, show)

    root.update()
    threading.Thread(target=newest.read, name="pictures", daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    show()
    root.mainloop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
