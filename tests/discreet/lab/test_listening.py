import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from discreet.lab.listening import ANCHOR, REFERENCE, analyse, anchor, trials, write_kit
from timeline import InputError

SOUNDS = {name: {"a": b"RIFF" + name.encode(), "b": b"RIFF"} for name in ("warp", "again", REFERENCE, ANCHOR)}


def answer(folder: Path, name: str, ratings: dict[str, list[float]]) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"ratings": ratings}))
    return path


@pytest.fixture
def kit(tmp_path: Path):
    page, key = write_kit(tmp_path, SOUNDS, "mushra")
    neutral = {name: hidden for hidden, name in json.loads(key.read_text())["systems"].items()}
    return page, key, neutral


def test_the_page_is_whole_and_tells_nobody_which_system_is_which(kit) -> None:
    page, _, _ = kit
    text = page.read_text()
    assert not any(name in text for name in ("warp", "again", "http", ANCHOR))
    assert text.count("data:audio/wav") == 2 * (1 + 4)


def test_the_anchor_has_nothing_above_where_it_ends() -> None:
    power = np.abs(np.fft.rfft(anchor(np.random.default_rng(0).normal(size=16000).astype(np.float32)))) ** 2
    assert power[4500:].sum() < 1e-3 * power.sum()


def test_every_pair_is_played_once_a_take_and_each_side_is_as_likely() -> None:
    played = trials([f"t{number}" for number in range(200)], ["x", "y", "z"], "ab", 1)
    pairs = Counter(frozenset(trial["played"]) for trial in played)
    assert set(pairs.values()) == {200}
    first = Counter(trial["played"][0] for trial in played)
    assert max(first.values()) - min(first.values()) < 60


def test_the_order_follows_from_the_seed() -> None:
    one, again, other = (trials(list("abcdefgh"), ["x", "y"], "mushra", seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_means_come_with_intervals_over_listeners(kit, tmp_path: Path) -> None:
    _, key, hidden = kit
    files = [
        answer(tmp_path, f"l{n}", {hidden["warp"]: [40 + n, 50 + n], hidden["again"]: [80, 80], hidden[REFERENCE]: [100, 95]})  # noqa: E501
        for n in range(6)
    ]  # fmt: skip
    found, left = analyse(key, files)
    assert left == []
    assert found["warp"].mean.value == pytest.approx(47.5)
    assert found["warp"].mean.low < 47.5 < found["warp"].mean.high
    assert found["again"].mean.low == found["again"].mean.high == 80
    assert found["warp"].count == 12


def test_who_does_not_hear_the_hidden_reference_is_left_out(kit, tmp_path: Path) -> None:
    _, key, hidden = kit
    deaf = answer(tmp_path, "deaf", {hidden["warp"]: [100], hidden[REFERENCE]: [20]})
    good = answer(tmp_path, "good", {hidden["warp"]: [10], hidden[REFERENCE]: [100]})
    found, left = analyse(key, [deaf, good])
    assert found["warp"].mean.value == 10
    assert left[0].startswith("deaf.json")


@pytest.mark.parametrize("text", ["", "[]", '{"ratings": {"nobody": [1]}}', '{"ratings": {"s0": ["x"]}}'])
def test_what_is_no_answer_is_refused(kit, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError, match="not an answer"):
        analyse(kit[1], [tmp_path / "x.json"])


def test_a_test_without_systems_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs a reference"):
        write_kit(tmp_path, {REFERENCE: {"a": b""}}, "mushra")
