from collections import Counter
from pathlib import Path

import pytest

from timeline import InputError
from voice.neural.corpus import MANIFEST, Utterance, of_split, read_manifest, split_of, write_manifest


def test_a_manifest_comes_back_sorted(tmp_path: Path) -> None:
    rows = [
        Utterance("b", "ann", "b.wav", 1.5, "hello", "f", "irish", "thirties", "en", "vctk"),
        Utterance("a", "ben", "a.wav"),
    ]
    write_manifest(tmp_path, rows)
    assert read_manifest(tmp_path) == rows[::-1]


@pytest.mark.parametrize("text", ["", "not json\n", '{"id": "a"}\n', "[]\n"])
def test_what_is_no_manifest_is_refused_with_a_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        read_manifest(tmp_path)
    assert "discreet lab data" in error.value.remedy


def test_a_folder_without_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no corpus"):
        read_manifest(tmp_path)


def test_a_speaker_is_in_one_split_whatever_is_added_later() -> None:
    rows = [Utterance(f"{speaker}-{take}", f"s{speaker}", "x.wav") for speaker in range(400) for take in range(2)]
    split = {name: {row.speaker for row in of_split(rows, name)} for name in ("train", "validation", "test")}
    assert not split["train"] & split["validation"]
    assert not split["train"] & split["test"]
    assert not split["validation"] & split["test"]
    assert sum(map(len, split.values())) == 400
    shares = Counter(split_of(f"s{speaker}") for speaker in range(400))
    assert 0.7 < shares["train"] / 400 < 0.9
