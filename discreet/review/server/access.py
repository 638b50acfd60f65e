"""Who may ask: this machine, this page, this session. Everybody else is refused before any route runs.

A page of another site can make the browser send requests to 127.0.0.1, with cookies, and a name that is bound anew to
127.0.0.1 can even read the answers. So every request is checked: the ``Host`` it names (421), the ``Origin`` and
``Sec-Fetch-Site`` that browsers add and scripts cannot change (403), and the secret first part of the path (404).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timeline import log_error

ADDRESS = "127.0.0.1"
"""The only address that is listened on, and the only host that is answered."""
READING = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""
REPORT = "csp"
"""Where the browser reports what the policy kept out."""


def new_token() -> str:
    """The secret part of the page's address: 256 random bits."""
    return secrets.token_urlsafe(32)


def policy(token: str) -> str:
    """The content security policy: scripts, styles and media of this server alone, nothing inline, no frames."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            f"report-uri /{token}/{REPORT}",
        )
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered: the status, and a line that tells nothing about the recording."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """What a request must look like.

    Attributes:
        port: that is listened on.
        token: the secret first part of the path.
        entrance: leads to the page once: for a command line, which other users of this computer can read.
    """

    port: int
    token: str
    entrance: str = field(default_factory=new_token)

    @property
    def origin(self) -> str:
        """The origin of the page."""
        return f"http://{ADDRESS}:{self.port}"

    @property
    def address(self) -> str:
        """The address of the page. Whoever knows it may review."""
        return f"{self.origin}/{self.token}/"

    @property
    def entrance_address(self) -> str:
        """An address that leads to the page once."""
        return f"{self.origin}/{self.entrance}/"

    def refusal(self, method: str, path: str, headers: Mapping[str, str]) -> Refusal | None:
        """Why a request is not answered; None where it is.

        Args:
            method: of the request, in capitals.
            path: with the secret part.
            headers: names in lower case.
        """
        if headers.get("host") != f"{ADDRESS}:{self.port}":
            return Refusal(421, "this server answers for its own address only")
        origin = headers.get("origin")
        if origin != self.origin and not (origin is None and method in READING):
            return Refusal(403, "the request comes from another page")
        # The address typed or opened by another program: the browser says "none", and only for the page itself.
        entry = path in (f"/{self.token}/", f"/{self.entrance}/") and headers.get("sec-fetch-mode") == "navigate"
        site = headers.get("sec-fetch-site")
        if site != "same-origin" and not (site == "none" and entry and method == "GET"):
            return Refusal(403, "the request comes from another page")
        first = path.lstrip("/").partition("/")[0]
        known = [secrets.compare_digest(first.encode(), one.encode()) for one in (self.token, self.entrance)]
        if not (known[0] or (known[1] and entry)):
            return Refusal(404, "there is nothing here")
        return None


class Guard:
    """Wraps the whole application: refuses, strips the secret part, adds the safety headers, writes a log line.

    Args:
        app: answers what is let through; it sees paths without the secret part.
        access: what a request must look like.
        log: is given one line a request: method, first part of the path, status. No query, no secret, no content.
    """

    def __init__(self, app: ASGIApp, access: Access, log: Callable[[str], None]) -> None:
        self._app, self._access, self._log = app, access, log
        self._entered = False
        self._headers = [
            (name.encode(), value.encode())
            for name, value in {
                "content-security-policy": policy(access.token),
                "cache-control": "no-store",
                "x-content-type-options": "nosniff",
                "referrer-policy": "same-origin",
                "cross-origin-opener-policy": "same-origin",
                "cross-origin-resource-policy": "same-origin",
                "cross-origin-embedder-policy": "require-corp",
                "permissions-policy": "camera=(), microphone=(), geolocation=()",
                "x-frame-options": "DENY",
            }.items()
        ]
        self._ours = {name for name, _ in self._headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            return
        headers = _single(scope)
        refused = (
            Refusal(400, "a header stands twice")
            if headers is None
            else self._access.refusal(scope["method"], scope["path"], headers)
        )
        line = f"{_word(scope['method'])} "

        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in self._ours]
                message = {**message, "headers": [*kept, *self._headers]}
                self._log(f"{line}{message['status']}")
            await send(message)

        if refused is not None:
            line += "- "
            await _answer(refused, guarded)
            return
        if scope["path"] == f"/{self._access.entrance}/":
            line += "- "
            await self._enter(guarded)
            return
        path = scope["path"][len(self._access.token) + 1 :] or "/"
        line += f"/{_word(path.split('/')[1])} "
        try:
            await self._app({**scope, "path": path, "raw_path": path.encode(), "root_path": ""}, receive, guarded)
        except Exception as error:  # a server would print the text of it, which may be private
            log_error("a request of the review page failed", error)
            if not started:
                await _answer(Refusal(500, "a fault in the program"), guarded)

    async def _enter(self, send: Send) -> None:
        """Lead to the page, the first time."""
        if self._entered:
            await _answer(Refusal(404, "this address was used already"), send)
            return
        self._entered = True
        location = f"/{self._access.token}/".encode()
        await send({"type": "http.response.start", "status": 303, "headers": [(b"location", location)]})
        await send({"type": "http.response.body", "body": b""})


def _single(scope: Scope) -> dict[str, str] | None:
    """The headers by name; None where one that decides stands twice, for two readers could take different ones."""
    found: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").lower()
        if name in found and (name in ("host", "origin") or name.startswith("sec-fetch-")):
            return None
        found[name] = value.decode("latin-1")
    return found


def _word(text: str) -> str:
    """At most 20 plain characters: what somebody else chose must not write into the log."""
    return "".join(c for c in text if c.isascii() and (c.isalnum() or c in "-._"))[:20]


async def _answer(refused: Refusal, send: Send) -> None:
    body = f"{refused.reason}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
