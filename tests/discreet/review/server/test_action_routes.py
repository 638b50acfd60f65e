"""What does more than decide: only what is offered, one thing at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from capture import CaptureSettings
from discreet.review import ReviewRules
from discreet.review.server import DecisionRoutes, Lifetime, Offer, ReviewFolder
from discreet.review.server.access import Access
from discreet.review.server.routes import application
from timeline import RefusedError

BASE = "http://127.0.0.1:4711"


def page(results: Path, **offered: Any) -> TestClient:
    folder = ReviewFolder.open(results)

    def offer(lifetime: Lifetime) -> Offer:
        return Offer(DecisionRoutes(folder, lambda: ReviewRules(folder.timeline), "Ann", lifetime), **offered)

    life = Lifetime(lambda: 0.0, 60.0)
    app = application(folder, Access(4711, "t"), life, CaptureSettings(), lambda line: None, offer)
    return TestClient(app, base_url=f"{BASE}/t", headers={"sec-fetch-site": "same-origin", "origin": BASE})


@pytest.mark.parametrize("path", ["/render", "/publish", "/enrol", "/original/sound", "/original/picture"])
def test_what_is_not_offered_is_not_there(results: Path, path: str) -> None:
    with page(results) as client:
        assert client.post(path, json={"start": 0, "end": 1}).status_code == 404
        can = client.get("/document").json()["can"]
    assert can.pop("change"), "what is decided can be worked in elsewhere"
    assert can == {"decide": True, "render": False, "publish": False, "enrol": False, "original": False}


def test_results_are_made_once_at_a_time_and_nothing_is_decided_meanwhile(results: Path) -> None:
    begun, go = threading.Event(), threading.Event()

    def render(ui: Any) -> None:
        begun.set()
        go.wait(20)

    with page(results, render=render, publish=lambda: None) as client:
        assert client.post("/render", json={}).status_code == 200
        assert begun.wait(20)
        try:
            assert client.post("/render", json={}).status_code == 422
            assert client.post("/publish", json={}).status_code == 422
            answer = client.post("/decide", json={"decisions": [{"kind": "answer", "person": "p1", "seen": False}]})
            assert "being made again" in answer.json()["error"]
        finally:
            go.set()
    assert not (results / "decisions.json").exists()


def test_enrolling_takes_a_name_a_purpose_and_answers_and_nothing_else(results: Path) -> None:
    asked: list[Any] = []
    facts = {"person": "p2", "name": "  Bo   Ek ", "purpose": "study", "consent": ["seen"]}
    with page(results, enrol=asked.append) as client:
        assert client.post("/enrol", json=facts).status_code == 200
        assert client.post("/enrol", json={**facts, "name": ""}).status_code == 422
        assert client.post("/enrol", json={**facts, "folder": "/etc"}).status_code == 422
    assert [(one.person, one.name, one.consent) for one in asked] == [("p2", "Bo Ek", ("seen",))]


class Refusing:
    """Originals of a project that somebody else owns."""

    def sound(self, start: float, end: float) -> bytes:
        raise RefusedError("this account may not see what lies behind redactions", "ask an owner")

    def picture(self, at: float) -> bytes:
        return b"\xff\xd8" + str(at).encode()


def test_an_original_is_given_or_refused_by_who_holds_it(results: Path) -> None:
    with page(results, originals=Refusing()) as client:
        refused = client.post("/original/sound", json={"start": 0, "end": 1})
        assert refused.status_code == 422
        assert "may not see" in refused.json()["error"]
        assert client.post("/original/picture", json={"start": 1.5, "end": 1.5}).content == b"\xff\xd81.5"
        assert client.get("/original/picture").status_code == 405
        for wrong in ({}, {"start": -1, "end": 1}, {"start": 0, "end": "x"}, {"start": 0, "end": 1, "path": "/etc"}):
            assert client.post("/original/picture", json=wrong).status_code == 422
