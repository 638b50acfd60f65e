"""Templates: each can be read, belongs to its owner, and gives nothing to anybody yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharing.policy import KINDS, OWNER, Kind, load_governance, template


@pytest.mark.parametrize("kind", KINDS)
def test_every_template_is_a_governance_with_an_owner_and_grants(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "governance.toml"
    path.write_text(template(kind, 'The "blue" study\\', "Practice", "a@example.org", "kim"), encoding="utf-8")
    governance = load_governance(path)
    assert governance.project == 'The "blue" study\\'
    assert governance.roles[OWNER].members == ("kim",)
    assert governance.grants
    assert not governance.recipients, "nobody is given anything before somebody writes it down"
