"""All attacks: what cannot be made is grey with its reason, and hides no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from discreet.config import load
from discreet.redteam.known_people import Known
from discreet.redteam.run import attack_all
from discreet.redteam.target import Target, targets_in
from tests.discreet.redteam.conftest import document, write_sound
from timeline import Timeline
from weights import Store


def test_without_a_model_the_attacks_that_need_none_are_made(
    results: Callable[[str, Timeline], Target], tmp_path: Path
) -> None:
    words = [{"start": 0.0, "end": 0.4, "text": "Hello", "person": "p1"}]
    folder = results("r", document([(0.0, 2.0, "p1")], words=words)).folder
    write_sound(folder / "safe.mp4", [], 1.0)
    made = attack_all(targets_in([folder]), Known(), (), Store(tmp_path / "none"), load(None, []))
    lights = {one.name: one.light for one in made}
    assert (lights["metadata"], lights["linkage with the source"], lights["bare faces"]) == ("green", "green", "grey")
    assert all(one.figure.startswith("not attacked: ") for one in made if one.light == "grey")
    assert len(lights) == 12
