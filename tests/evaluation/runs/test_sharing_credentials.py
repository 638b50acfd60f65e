"""The measurement of signed recordings: a few flips are found, and a check that finds nothing fails its mark."""

from __future__ import annotations

import pytest

from evaluation.runs import sharing_credentials

for library in ("c2pa", "cedarpy", "rocrate", "securesystemslib"):
    pytest.importorskip(library)


def test_flips_and_forgeries_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_credentials, "FLIPS", 5)
    monkeypatch.setattr(sharing_credentials, "CLEAN", 1)
    rows = list(sharing_credentials.credentials())
    assert all(met for *_, met in rows), rows
    assert len(rows) == 5
