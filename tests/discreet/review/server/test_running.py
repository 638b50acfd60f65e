"""The server's process, with a browser that speaks HTTP only."""

from __future__ import annotations

import http.client
import queue
import socket
import threading
from pathlib import Path

import pytest

from discreet.review.server import ReviewFolder, ReviewRequest, serve
from timeline import OutputError


def ask(address: str, path: str = "", **headers: str) -> tuple[int, bytes]:
    host = address.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(
            "GET", "/" + address.split("/", 3)[3] + path, headers={"Sec-Fetch-Site": "same-origin", **named}
        )
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_it_serves_until_the_page_is_closed(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discreet.review.server.lifetime.GRACE", 0.0)
    monkeypatch.setattr("discreet.review.server.events.PULSE", 0.05)
    log: list[str] = []
    told: queue.Queue[str] = queue.Queue()
    reason: list[str] = []
    request = ReviewRequest(ReviewFolder.open(results))
    thread = threading.Thread(
        target=lambda: reason.append(serve(request, lambda address, once: told.put(address), log.append))
    )
    thread.start()
    address = told.get(timeout=30)
    try:
        assert address.startswith("http://127.0.0.1:")
        assert request.token in address
        assert ask(address)[0] == 200
        assert ask(address, Host="rebound.example")[0] == 421
        assert ask(address, Sec_Fetch_Site="cross-site")[0] == 403
        assert ask(address, Origin="https://evil.example")[0] == 403
    finally:
        page = socket.create_connection(("127.0.0.1", int(address.split(":")[2].split("/")[0])), timeout=20)
        host = address.split("/")[2]
        page.sendall(
            f"GET /{request.token}/events HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\n\r\n".encode()
        )
        assert b"200" in page.recv(64)
        page.close()
        thread.join(30)
    assert reason == ["the page was closed"]
    assert not any(request.token in line for line in log)


def test_a_port_that_is_taken_is_one_clear_line(results: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        request = ReviewRequest(ReviewFolder.open(results), port=taken.getsockname()[1])
        with pytest.raises(OutputError, match="cannot be used"):
            serve(request, lambda address, once: None)


def test_the_secret_is_not_printed_with_the_request(results: Path) -> None:
    request = ReviewRequest(ReviewFolder.open(results))
    assert request.token not in repr(request)
