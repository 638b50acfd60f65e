"""Which recordings are attacked: matched by their names, and refused in one line where they cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.voice_evaluation import read_corpus
from timeline import InputError


def laid_out(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return root


OWN = ("ann/1.wav", "ann/2.wav", "ben/1.wav", "ben/2.flac")


def test_takes_are_matched_by_name_whatever_the_suffix(tmp_path: Path) -> None:
    own = laid_out(tmp_path / "own", *OWN)
    made = laid_out(tmp_path / "made", "ann/1.flac", "ann/2.wav", "ben/1.wav", "ben/2.wav", "ben/9.wav")
    corpus = read_corpus(own, made)
    assert corpus.speakers == ["ann", "ben"]
    assert [(t.speaker, t.number, t.key) for t in corpus.originals] == [
        ("ann", 0, 0), ("ann", 1, 0), ("ben", 0, 0), ("ben", 1, 0),
    ]  # fmt: skip
    assert {(t.speaker, t.number) for t in corpus.converted} == {(t.speaker, t.number) for t in corpus.originals}
    assert corpus.keys == [1]
    assert corpus.missing == 0


def test_a_folder_for_each_key(tmp_path: Path) -> None:
    own = laid_out(tmp_path / "own", *OWN)
    made = laid_out(tmp_path / "made", *(f"{key}/{name}" for key in "ab" for name in OWN))
    corpus = read_corpus(own, made)
    assert corpus.keys == [1, 2]
    assert len(corpus.converted) == 2 * len(OWN)


def test_originals_without_a_counterpart_are_left_out_and_counted(tmp_path: Path) -> None:
    own = laid_out(tmp_path / "own", *OWN, "cem/1.wav", "ann/3.wav")
    corpus = read_corpus(own, laid_out(tmp_path / "made", *OWN))
    assert corpus.missing == 2
    assert "cem" not in corpus.speakers


def test_other_speakers_are_allowed_to_learn_from_only(tmp_path: Path) -> None:
    own, made = laid_out(tmp_path / "own", *OWN), laid_out(tmp_path / "made", *OWN)
    more = laid_out(tmp_path / "more", "7/zoe/1.wav", "8/zoe/1.wav")
    corpus = read_corpus(own, made, training=more)
    assert [(t.speaker, t.key) for t in corpus.training] == [("zoe", 1), ("zoe", 2)]
    with pytest.raises(InputError, match="no recordings of these speakers"):
        read_corpus(own, made, undone=laid_out(tmp_path / "back", "zoe/1.wav"))


def test_labels_stand_beside_the_originals(tmp_path: Path) -> None:
    own = laid_out(tmp_path / "own", *OWN)
    (own / "speakers.csv").write_text("speaker,sex,accent\nann,f,indian\nben,m,\n", encoding="utf-8")
    corpus = read_corpus(own, laid_out(tmp_path / "made", *OWN))
    assert corpus.labels == {"sex": {"ann": "f", "ben": "m"}, "accent": {"ann": "indian"}}


@pytest.mark.parametrize(
    ("own", "made", "said"),
    [
        ((), OWN, "is not a folder"),
        (("notes.txt",), OWN, "holds no recordings of speakers"),
        (OWN, ("zoe/1.wav",), "holds no recordings of these speakers"),
        (OWN, ("ann/1.wav", "ben/1.wav"), "less than two speakers with two takes"),
        (OWN, (), "is not a folder"),
    ],
)
def test_what_cannot_be_attacked_is_refused(
    tmp_path: Path, own: tuple[str, ...], made: tuple[str, ...], said: str
) -> None:
    laid_out(tmp_path / "own", *own)
    laid_out(tmp_path / "made", *made)
    with pytest.raises(InputError, match=said):
        read_corpus(tmp_path / "own", tmp_path / "made")


def test_labels_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    own = laid_out(tmp_path / "own", *OWN)
    (own / "speakers.csv").write_bytes(b"speaker,sex\n\xff\xfe,\xff\n")
    with pytest.raises(InputError, match="cannot be read"):
        read_corpus(own, laid_out(tmp_path / "made", *OWN))
