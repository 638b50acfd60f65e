"""The server's process: one socket on 127.0.0.1, one folder, until the review is over."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import uvicorn

from capture import CaptureSettings
from discreet.review.server.access import ADDRESS, Access, new_token
from discreet.review.server.action_routes import Offer
from discreet.review.server.folder import ReviewFolder
from discreet.review.server.lifetime import Lifetime
from discreet.review.server.routes import application
from timeline import OutputError

CHECK = 0.5
"""Seconds between looks whether the review is over."""


@dataclass(frozen=True)
class ReviewRequest:
    """What is asked for.

    Attributes:
        folder: what is reviewed.
        capture: how the safe recording is read.
        port: 0: any that is free.
        idle: seconds without use after which it ends.
        token: the secret part of the address.
        offer: makes what the page offers beside looking.
    """

    folder: ReviewFolder
    capture: CaptureSettings = field(default_factory=CaptureSettings)
    port: int = 0
    idle: float = 1800.0
    token: str = field(default_factory=new_token, repr=False)
    offer: Callable[[Lifetime], Offer] = field(default=lambda lifetime: Offer(), repr=False)


def _stderr(line: str) -> None:
    sys.stderr.write(f"review: {line}\n")
    sys.stderr.flush()


def serve(request: ReviewRequest, ready: Callable[[str, str], None], log: Callable[[str], None] = _stderr) -> str:
    """Serve the page until it is closed or nothing happens any more, and give the reason.

    Args:
        request: what is served.
        ready: once it is answered, is given the address, and one that leads there a single time.
        log: is given one line a request.

    Raises:
        OutputError: the port is taken.
    """
    lifetime = Lifetime(time.monotonic, request.idle)
    with _socket(request.port) as listening:
        access = Access(listening.getsockname()[1], request.token)
        app = application(request.folder, access, lifetime, request.capture, log, request.offer)
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level=logging.CRITICAL + 1,  # its tracebacks may quote what was worked on
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        return asyncio.run(
            _until_over(
                uvicorn.Server(config), listening, lifetime, lambda: ready(access.address, access.entrance_address)
            )
        )


def _socket(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((ADDRESS, port))
    except OSError as error:
        listening.close()
        raise OutputError(f"port {port} cannot be used: {error.strerror}", "choose another with --port") from None
    return listening


async def _until_over(
    server: uvicorn.Server, listening: socket.socket, lifetime: Lifetime, ready: Callable[[], None]
) -> str:
    running = asyncio.ensure_future(server.serve(sockets=[listening]))
    while not server.started and not running.done():
        await asyncio.sleep(0.01)
    ready()
    reason = None
    while not running.done() and (reason := lifetime.over) is None:
        await asyncio.sleep(CHECK)
    await lifetime.ending()
    server.should_exit = True
    await running
    return reason or "it was stopped"
