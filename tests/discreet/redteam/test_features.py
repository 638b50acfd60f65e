"""Features: shares of turns recognise people who always talk the same share; one table alone is not attacked."""

from __future__ import annotations

from pathlib import Path

from discreet.redteam.features import features
from discreet.redteam.target import Target


def table(folder: Path, sessions: int) -> Target:
    rows = ["session,turn,speaker,before,overlap"]
    for session in range(sessions):
        speakers = "aaaaaaaabbb" if session % 2 else "baaaabaaaab"
        rows += [f"S-{session},{n},P-{who},{speakers[n - 1] if n else ''},0" for n, who in enumerate(speakers)]
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "turns.csv").write_text("\n".join(rows))
    return Target(folder, True, ())


def test_who_always_talks_the_same_share_is_recognised(tmp_path: Path) -> None:
    attacked = features([table(tmp_path, 6)])
    assert (attacked.trials, attacked.value, attacked.light) == (12, 1.0, "red")


def test_one_session_is_not_attacked(tmp_path: Path) -> None:
    assert features([table(tmp_path / "one", 1), Target(tmp_path, True, ())]).light == "grey"
