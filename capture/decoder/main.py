"""The decoding child, ``python -m capture.decoder.main REQUEST``: a codec that crashes or hangs takes down only this.

It imports PyAV and the standard library (numpy only where rows are padded), reads one file, and writes
:mod:`capture.decoder.protocol` messages to its standard output. It ends with its parent: standard input is a pipe
that the parent holds open, and its end means that nobody listens any more.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from typing import Any

from capture.decoder import protocol
from capture.decoder.pipe import SMALLER, TOO_MUCH, Pipe, RefusedError
from capture.decoder.settings import MEMORY_BYTES

REPORT = "report this line as a bug"


def _guard() -> int:
    """Prepare the process and return the descriptor for messages.

    No core files (they would hold decoded pictures), a limit on memory, no Ctrl-C, and an exit when the parent ends.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not end up between the messages
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.fcntl(out, protocol.F_SETPIPE_SZ, protocol.PIPE_BYTES)

    def watch() -> None:
        while os.read(0, 1):
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    return out


def _fault(error: BaseException) -> str:
    """A description of an exception that no file should cause: its type and place, never its text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else ""
    return f"a fault in the program ({type(error).__name__}{where})"


def main() -> None:
    """Serve one request and exit."""
    request = json.loads(sys.argv[1])
    pipe = Pipe(_guard())
    import av  # after the guard: the READY message tells a broken installation from a broken file

    av.logging.set_level(None)
    pipe.send(protocol.READY)
    from capture.decoder import audio, probe, video

    servers: dict[str, Any] = {
        "probe": probe.serve,
        "video": lambda pipe, **asked: video.serve(pipe, video.PictureRequest(**asked)),
        "audio": lambda pipe, **asked: audio.serve(pipe, audio.SoundRequest(**asked)),
    }
    serve = servers[request.pop("do")]
    try:
        serve(pipe, **request)
    except RefusedError as refused:
        pipe.send_json(protocol.FAILED, {"message": str(refused), "remedy": refused.remedy})
    except BrokenPipeError:
        pass
    except MemoryError:  # FFmpeg's, too
        pipe.send_json(protocol.FAILED, {"message": TOO_MUCH, "remedy": SMALLER})
    except (av.FFmpegError, OSError, ValueError) as error:
        pipe.send_json(
            protocol.FAILED, {"message": f"cannot be decoded ({type(error).__name__}: {error})", "remedy": ""}
        )
    except Exception as error:
        pipe.send_json(protocol.FAILED, {"message": f"cannot be decoded: {_fault(error)}", "remedy": REPORT})
    os._exit(0)  # freeing a codec's state can crash too, and the system frees it anyway


if __name__ == "__main__":
    main()
