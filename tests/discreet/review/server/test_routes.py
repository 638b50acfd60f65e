"""The routes: what the page is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from capture import CaptureSettings
from discreet.review.server import Lifetime, ReviewFolder
from discreet.review.server.access import Access
from discreet.review.server.routes import application
from timeline import InputError

PORT, TOKEN = 4711, "t0ken"
BASE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def client(results: Path, log: list[str]) -> Iterator[TestClient]:
    folder = ReviewFolder.open(results)
    app = application(folder, Access(PORT, TOKEN), Lifetime(lambda: 0.0, 60.0), CaptureSettings(), log.append)
    with TestClient(app, base_url=f"{BASE}/{TOKEN}", headers={"sec-fetch-site": "same-origin"}) as made:
        yield made


def test_the_page_loads_only_its_own_files(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script" in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text
    assert " style=" not in page.text
    assert " on" + "click" not in page.text


@pytest.mark.parametrize("name", ["../serve.py", "..%2fserver%2fserve.py", "absent.js", ".", "%2e%2e", "index.html%00"])
def test_nothing_else_can_be_had_from_the_disk(client: TestClient, name: str) -> None:
    assert client.get(f"/page/{name}").status_code == 404


def test_the_document_tells_who_is_there_and_what_was_taken_out(client: TestClient) -> None:
    shown = client.get("/document").json()
    assert [person["label"] for person in shown["people"]] == ["Ann Lee", "Speaker 2"]
    assert [row[2] for row in shown["words"]] == ["I", "Waldkirchen", "[PERSON]", "yes"]
    assert "Waldkirchen" in client.get("/captions").text


def test_the_safe_recording_is_given_in_parts(client: TestClient, results: Path) -> None:
    whole = (results / "safe.mp4").read_bytes()
    part = client.get("/recording", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    assert part.headers["cache-control"] == "no-store"
    assert client.get("/recording").content == whole
    assert client.get("/recording", headers={"range": f"bytes={len(whole)}-"}).status_code == 416


def test_the_outline_of_the_sound_is_loud_where_the_tone_is(client: TestClient) -> None:
    peaks = client.get("/outline").content
    assert len(peaks) >= 3 * 20
    assert max(peaks[2:18]) < 10
    assert min(peaks[22:38]) > 100


def test_watching_a_recording_that_is_loaded_keeps_the_review_open(results: Path) -> None:
    now = [0.0]
    life = Lifetime(lambda: now[0], 60.0)
    app = application(ReviewFolder.open(results), Access(PORT, TOKEN), life, CaptureSettings(), lambda line: None)
    life.opened()
    with TestClient(app, base_url=f"{BASE}/{TOKEN}", headers={"sec-fetch-site": "same-origin", "origin": BASE}) as page:
        now[0] = 59.0
        assert page.post("/used").status_code == 204
        now[0] = 118.0
        assert life.over is None


def test_no_other_method_is_answered(client: TestClient) -> None:
    for path in ("/", "/document", "/recording", "/outline"):
        assert client.post(path, headers={"origin": BASE}).status_code == 405
        assert client.delete(path, headers={"origin": BASE}).status_code == 405


def test_the_log_holds_no_word_name_or_secret(client: TestClient, log: list[str]) -> None:
    for path in ("/", "/document", "/recording", "/outline", "/page/main.js?Waldkirchen", "/Ann%20Lee"):
        client.get(path)
    assert log[:2] == ["GET / 200", "GET /document 200"]
    assert not any(private in line for line in log for private in (TOKEN, "Waldkirchen", "Ann Lee", "safe.mp4"))


def cut(text: bytes) -> bytes:
    return text[: len(text) // 2]


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("timeline.json", None, r"holds no timeline\.json"),
        ("timeline.json", cut, "not a timeline"),
        ("safe.mp4", None, "no safe recording"),
    ],
)
def test_results_that_are_not_whole_are_not_reviewed(
    results: Path, name: str, change: Callable[[bytes], bytes] | None, message: str
) -> None:
    path = results / name
    content = path.read_bytes()
    path.unlink()
    if change is not None:
        path.write_bytes(change(content))
    with pytest.raises(InputError, match=message):
        ReviewFolder.open(results)


def test_the_original_is_never_mistaken_for_the_safe_recording(results: Path, tmp_path: Path) -> None:
    original = tmp_path / "original.mp4"
    (results / "safe.mp4").rename(original)
    (results / "safe.mp4").symlink_to(original)
    with pytest.raises(InputError, match="no safe recording"):
        ReviewFolder.open(results)


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=",
        "bytes=-",
        "bytes=--1",
        "bytes=-0",
        "bytes=9-1",
        "bytes=0-0-0",
        "bytes=a-b",
        "bytes=1e3-",
        "bytes=²-",
        f"bytes=-{'9' * 5000}",
        f"bytes={'9' * 5000}-",
        "bytes=0-99999999999999999999",
        "bytes=" + "0-1," * 3000,
        "bytes=" + ",".join(f"{2 * i}-{2 * i}" for i in range(500)),
        "bytes=" + "-" * 8000,
        "items=0-5",
        "0-5",
        "",
    ],
)
def test_an_odd_range_is_answered_with_a_part_or_refused(client: TestClient, results: Path, asked: str) -> None:
    answer = client.get("/recording", headers={"range": asked.encode("utf-8")})
    assert answer.status_code in (200, 206, 400, 416, 431)
    assert len(answer.content) <= 3 * (results / "safe.mp4").stat().st_size


@pytest.mark.parametrize(
    "path", ["/%00", "/" + "a/" * 3000, "/page/" + "%2e%2e%2f" * 500 + "etc/passwd", "/document%0d%0aX: y", "/é"]
)
def test_an_odd_path_is_not_found(client: TestClient, log: list[str], path: str) -> None:
    assert client.get(path).status_code in (400, 404, 405, 421)
    assert all("\n" not in line and len(line) < 200 for line in log)
