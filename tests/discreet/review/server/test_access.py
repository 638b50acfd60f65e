"""Only this page on this machine is answered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discreet.review.server.access import Access, Guard, new_token, policy

ACCESS = Access(4711, "s3cret-token")
HOST, ORIGIN = "127.0.0.1:4711", "http://127.0.0.1:4711"
PATH = "/s3cret-token/document"
SAME = {"host": HOST, "sec-fetch-site": "same-origin"}


def status(method: str = "GET", path: str = PATH, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    refused = ACCESS.refusal(method, path, {**SAME, **named})
    return 200 if refused is None else refused.status


def test_the_page_itself_is_answered() -> None:
    assert status() == 200
    assert status("POST", origin=ORIGIN) == 200
    assert status(path="/s3cret-token/", sec_fetch_site="none", sec_fetch_mode="navigate") == 200


@pytest.mark.parametrize(
    "host",
    ["localhost:4711", "127.0.0.1", "127.0.0.1:80", "rebound.example:4711", "[::1]:4711", "127.0.0.1:4711.", ""],
)
def test_a_foreign_host_is_misdirected(host: str) -> None:
    assert status(host=host) == 421


def test_a_request_without_a_host_is_misdirected() -> None:
    refused = ACCESS.refusal("GET", PATH, {"sec-fetch-site": "same-origin"})
    assert refused is not None
    assert refused.status == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:4712", "http://localhost:4711"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_a_foreign_origin_is_forbidden(origin: str, method: str) -> None:
    assert status(method, origin=origin) == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_what_could_change_something_names_its_origin(method: str) -> None:
    assert status(method) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "", "SAME-ORIGIN"])
def test_a_get_from_elsewhere_is_forbidden(site: str) -> None:
    assert status(sec_fetch_site=site) == 403
    assert status(path="/s3cret-token/recording", sec_fetch_site=site, sec_fetch_mode="navigate") == 403


def test_a_client_that_does_not_say_where_it_comes_from_is_forbidden() -> None:
    refused = ACCESS.refusal("GET", PATH, {"host": HOST})
    assert refused is not None
    assert refused.status == 403


@pytest.mark.parametrize(
    "path", ["/", "/document", "/s3cret-toke/document", "//s3cret/document", "/S3CRET-TOKEN/x", ""]
)
def test_without_the_secret_there_is_nothing(path: str) -> None:
    assert status(path=path) == 404


@given(st.dictionaries(st.sampled_from(["host", "origin", "sec-fetch-site", "sec-fetch-mode"]), st.text(max_size=30)))
def test_nothing_but_the_exact_values_is_let_through(headers: dict[str, str]) -> None:
    refused = ACCESS.refusal("GET", PATH, headers)
    exact = headers.get("host") == HOST and headers.get("sec-fetch-site") == "same-origin"
    assert (refused is None) == (exact and headers.get("origin") in (None, ORIGIN))


def test_every_session_has_a_secret_of_its_own() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)
    assert "s3cret" not in repr(ACCESS)


def test_the_policy_allows_nothing_inline_and_nothing_from_outside() -> None:
    rules = dict(rule.split(" ", 1) for rule in policy("t").split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy("t")
    assert "http" not in policy("t")
    assert {rules[kind] for kind in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert {rules[kind] for kind in ("img-src", "media-src")} == {"'self' blob:"}


# -- the guard --------------------------------------------------------------------------------------------------------


def ask(app: Any, log: list[str], path: str = PATH, method: str = "GET", headers: Any = None) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    pairs = [(k.encode(), v.encode()) for k, v in (headers or list(SAME.items()))]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": pairs}
    asyncio.run(Guard(app, ACCESS, log.append)(scope, receive, send))
    return sent


async def answers(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"cache-control", b"public, max-age=99"), (b"etag", b"x")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


async def fails(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError("Waldkirchen")


def test_every_answer_carries_the_safety_headers_once() -> None:
    for path in (PATH, "/elsewhere"):
        headers = [(k.decode(), v.decode()) for k, v in ask(answers, [], path)[0]["headers"]]
        assert [v for k, v in headers if k == "cache-control"] == ["no-store"]
        assert dict(headers)["content-security-policy"] == policy("s3cret-token")
        assert dict(headers)["x-content-type-options"] == "nosniff"


def test_the_application_never_sees_the_secret() -> None:
    assert ask(answers, [])[1]["body"] == b"/document"


@pytest.mark.parametrize("twice", [("host", "evil.example"), ("sec-fetch-site", "cross-site"), ("origin", ORIGIN)])
def test_a_header_that_decides_must_not_stand_twice(twice: tuple[str, str]) -> None:
    pairs = [*SAME.items(), ("origin", ORIGIN), twice]
    assert ask(answers, [], headers=pairs)[0]["status"] == 400


def test_a_request_is_one_line_without_private_content() -> None:
    log: list[str] = []
    ask(answers, log, "/s3cret-token/page/Waldkirchen")
    ask(answers, log, "/Waldkirchen\nreview: GET /document 200")
    ask(fails, log)
    assert log == ["GET /page 200", "GET - 404", "GET /document 500"]


def test_the_entrance_leads_to_the_page_once() -> None:
    guard, log = Guard(answers, ACCESS, lambda line: None), list[int]()
    headers = [(b"host", HOST.encode()), (b"sec-fetch-site", b"none"), (b"sec-fetch-mode", b"navigate")]

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            log.append(message["status"])
            assert message["status"] > 400 or (b"location", b"/s3cret-token/") in message["headers"]

    path = f"/{ACCESS.entrance}/"
    for method in ("GET", "GET", "POST"):
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": headers}
        asyncio.run(guard(scope, None, send))  # type: ignore[arg-type]
    assert log == [303, 404, 403]


def test_the_entrance_gives_nothing_else() -> None:
    assert status(path=f"/{ACCESS.entrance}/document") == 404
    assert status(path=f"/{ACCESS.entrance}/") == 404
    assert ACCESS.token not in ACCESS.entrance_address


def test_a_fault_tells_nothing_about_what_was_worked_on() -> None:
    sent = ask(fails, [])
    assert sent[0]["status"] == 500
    assert b"Waldkirchen" not in sent[1]["body"]
