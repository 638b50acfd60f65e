"""Decisions from the page: each is on disk before it is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from capture import CaptureSettings
from discreet import review
from discreet.review import Decisions, ReviewRules, read_decisions
from discreet.review.open_items import attention
from discreet.review.server import DecisionRoutes, Lifetime, Offer, ReviewFolder
from discreet.review.server.access import Access
from discreet.review.server.routes import application
from registered import Answers

PORT, TOKEN = 4711, "t0ken"
BASE = f"http://127.0.0.1:{PORT}"
SAME = {"sec-fetch-site": "same-origin", "origin": BASE}


def page(results: Path, reviewer: str = "Ann", *, fixed: bool = False) -> TestClient:
    folder = ReviewFolder.open(results)
    answers = {"e1": Answers(True, True, True, True), "e2": Answers(False, True, True, False)}
    ground = ReviewRules(folder.timeline, {"p1": "e1"}, {"e1": "Ann Lee", "e2": "Bo Ek"}, answers)

    def offer(lifetime: Lifetime) -> Offer:
        return Offer(DecisionRoutes(folder, lambda: ground, reviewer, lifetime, fixed=fixed))

    app = application(
        folder, Access(PORT, TOKEN), Lifetime(lambda: 0.0, 60.0), CaptureSettings(), lambda line: None, offer
    )
    return TestClient(app, base_url=f"{BASE}/{TOKEN}", headers=SAME)


@pytest.fixture
def client(results: Path) -> Iterator[TestClient]:
    with page(results) as made:
        yield made


def decide(client: TestClient, status: int = 200, **decision: Any) -> Any:
    answer = client.post("/decide", json={"decisions": [decision]})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_at_first_everything_is_undecided(client: TestClient, results: Path) -> None:
    state = client.get("/decisions").json()
    items = [item.id for item in attention(ReviewFolder.open(results).timeline)]
    assert state["undecided"] == items == [item["id"] for item in client.get("/document").json()["items"]]
    assert (state["entries"], state["undo"], state["redo"], state["changed"]) == ([], None, None, False)
    assert not (results / "decisions.json").exists()


def test_a_decision_is_on_disk_when_it_is_answered(client: TestClient, results: Path) -> None:
    first = client.get("/decisions").json()["undecided"][0]
    state = decide(client, kind="approve", items=[first])
    (entry,) = read_decisions(results).standing()
    assert (entry.author, entry.decision.kind) == ("Ann", "approve")
    assert first not in state["undecided"]
    assert not state["changed"], "approving changes no result"


def test_undo_and_redo_survive_a_new_page(client: TestClient, results: Path) -> None:
    decide(client, kind="redact", spans=[{"start": 0.5, "end": 0.9}])
    assert client.post("/undo", json={}).json()["entries"] == []
    with page(results) as again:
        state = again.post("/redo", json={}).json()
        assert [entry["decision"]["kind"] for entry in state["entries"]] == ["redact"]
        assert state["changed"]
        assert again.get("/decisions").json() == state


@pytest.mark.parametrize(
    "decision",
    [
        {"kind": "redact", "spans": [{"start": 0, "end": 1}, {"start": 1, "end": 2}], "every": True},
        {"kind": "mask", "track": "t1", "start": 0, "end": 1},
        {"kind": "mask", "box": {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}, "start": 0, "end": 1},
        {"kind": "rename", "person": "p2", "name": "Ann Lee"},
        {"kind": "merge", "person": "p1", "other": "p2"},
        {"kind": "move", "person": "p1", "to": "p2", "start": 0, "end": 1},
        {"kind": "correct", "start": 0.5, "end": 0.9, "text": "Waldkirch"},
        {"kind": "answer", "person": "p1", "seen": False},
        {"kind": "reject", "items": ["r2"], "reason": "no name"},
    ],
)
def test_everything_that_may_be_decided_is_taken(client: TestClient, decision: dict[str, Any]) -> None:
    assert decide(client, **decision)["entries"][0]["decision"]["kind"] == decision["kind"]


@pytest.mark.parametrize(
    "decision",
    [
        {"kind": "show", "track": "t2", "person": "p2"},
        {"kind": "rename", "person": "p2", "name": "Bo Ek"},
        {"kind": "rename", "person": "p2", "name": "Carl"},
        {"kind": "answer", "person": "p2", "seen": True},
        {"kind": "redact", "spans": [{"start": 100, "end": 101}]},
        {"kind": "reject", "items": ["r1"], "reason": "x"},
        {"kind": "mask", "track": "t9", "start": 0, "end": 1},
        {"kind": "undo", "entry": "d1"},
        {"kind": "nothing"},
        {},
    ],
)
def test_what_nobody_may_decide_is_refused_and_not_written(
    client: TestClient, results: Path, decision: dict[str, Any]
) -> None:
    answer = decide(client, 422, **decision)
    assert answer["error"]
    assert not (results / "decisions.json").exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/decide", content=body).status_code == 400


def test_a_body_without_end_is_refused(client: TestClient) -> None:
    assert client.post("/decide", content=b" " * (2 << 20)).status_code == 413


def test_nothing_is_decided_without_the_origin_of_the_page(client: TestClient, results: Path) -> None:
    for origin in ("", "null", "https://evil.example"):
        answer = client.post("/decide", json={"decisions": [{"kind": "confirm"}]}, headers={"origin": origin})
        assert answer.status_code == 403
    assert not (results / "decisions.json").exists()


def test_decisions_of_another_recording_are_refused(client: TestClient, results: Path) -> None:
    decide(client, kind="answer", person="p1", seen=False)
    path = results / "decisions.json"
    text = json.loads(path.read_text())
    path.write_text(json.dumps({**text, "source": "cd" * 32}))
    assert "another recording" in client.get("/decisions").json()["error"]
    before = path.read_bytes()
    decide(client, 422, kind="answer", person="p1", seen=False)
    assert path.read_bytes() == before


def test_the_second_reviewer_is_another_person(client: TestClient, results: Path) -> None:
    review.decide(results, Decisions.with_second_reviewer)
    assert not client.get("/decisions").json()["confirm"], "there is nothing to confirm"
    decide(client, kind="answer", person="p1", seen=False)
    state = client.get("/decisions").json()
    assert (state["confirm"], state["second"]) == (False, True)
    assert "another person" in decide(client, 422, kind="confirm")["error"]
    with page(results, "ANN ") as same:
        assert "another person" in decide(same, 422, kind="confirm")["error"]
    with page(results, "Bo") as other:
        assert other.get("/decisions").json()["confirm"]
        state = decide(other, kind="confirm")
        assert (state["confirm"], state["second"]) == (False, False)


def test_another_person_may_confirm_though_nobody_asked_for_it(client: TestClient, results: Path) -> None:
    decide(client, kind="answer", person="p1", seen=False)
    with page(results, "Bo") as other:
        state = other.get("/decisions").json()
    assert (state["confirm"], state["second"]) == (True, False)


def test_what_cannot_be_made_again_can_be_approved_only(results: Path) -> None:
    with page(results, fixed=True) as client:
        document = client.get("/document").json()
        assert (document["can"]["decide"], document["can"]["change"]) == (True, False)
        first = client.get("/decisions").json()["undecided"][0]
        answer = decide(client, 422, kind="answer", person="p1", seen=False)
        assert "sealed sound" in answer["error"]
        assert "--deny" in answer["remedy"]
        decide(client, 422, kind="reject", items=[first], reason="wrong")
        assert first not in decide(client, kind="approve", items=[first])["undecided"]


def test_several_decisions_are_taken_together_or_not_at_all(client: TestClient, results: Path) -> None:
    fine, wrong = {"kind": "answer", "person": "p1", "seen": False}, {"kind": "rename", "person": "p2", "name": "Carl"}
    assert client.post("/decide", json={"decisions": [fine, wrong, fine]}).status_code == 422
    assert client.post("/decide", json={"decisions": []}).status_code == 422
    assert not (results / "decisions.json").exists()
    assert len(client.post("/decide", json={"decisions": [fine, fine]}).json()["entries"]) == 2
