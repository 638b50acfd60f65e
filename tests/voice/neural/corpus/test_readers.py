"""Corpora as their authors lay them out."""

from pathlib import Path

import pytest

from timeline import InputError
from voice.neural.corpus import READERS, Utterance, read_corpus


def put(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return root


def test_librispeech(tmp_path: Path) -> None:
    root = put(tmp_path, {
        "SPEAKERS.TXT": "; ID |SEX| SUBSET | MINUTES | NAME\n61 | M | test-clean | 8.08 | Ann Other\n",
        "test-clean/61/70968/61-70968.trans.txt": "61-70968-0000 HE BEGAN\n61-70968-0001 NOT HERE\n",
        "test-clean/61/70968/61-70968-0000.flac": "",
    })  # fmt: skip
    assert read_corpus("librispeech", root) == [
        Utterance(
            "libri-61-70968-0000", "libri-61", "test-clean/61/70968/61-70968-0000.flac",
            text="HE BEGAN", sex="m", language="en", source="librispeech",
        )
    ]  # fmt: skip


def test_vctk_with_two_microphones(tmp_path: Path) -> None:
    root = put(tmp_path, {
        "speaker-info.txt": "ID  AGE  GENDER  ACCENTS  REGION COMMENTS\np225  23  F    English    Southern  England\n",
        "txt/p225/p225_001.txt": "Please call Stella.\n",
        "wav48_silence_trimmed/p225/p225_001_mic1.flac": "",
        "wav48_silence_trimmed/p225/p225_001_mic2.flac": "",
    })  # fmt: skip
    (found,) = read_corpus("vctk", root)
    assert (found.id, found.speaker, found.text, found.sex, found.accent, found.age) == (
        "vctk-p225_001", "vctk-p225", "Please call Stella.", "f", "English", "23",
    )  # fmt: skip


def test_voxceleb(tmp_path: Path) -> None:
    root = put(tmp_path, {
        "vox1_meta.csv": "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\nid10001\tA._B.\tm\tIreland\tdev\n",
        "wav/id10001/1zcIwhmdeo4/00001.wav": "",
        "wav/id10001/1zcIwhmdeo4/00002.wav": "",
    })  # fmt: skip
    found = read_corpus("voxceleb", root)
    assert [each.id for each in found] == ["vox-id10001-1zcIwhmdeo4-00001", "vox-id10001-1zcIwhmdeo4-00002"]
    assert {(each.speaker, each.sex, each.accent, each.text) for each in found} == {("vox-id10001", "m", "Ireland", "")}


def test_common_voice(tmp_path: Path) -> None:
    root = put(tmp_path, {
        "fr/validated.tsv": "client_id\tpath\tsentence\tage\tgender\taccents\tlocale\n"
        'abcdef\tcommon_voice_fr_1.mp3\tIl dit "oui"\tthirties\tfemale_feminine\tFrance\tfr\n'
        "abcdef\tgone.mp3\tNon\t\t\t\tfr\n",
        "fr/clips/common_voice_fr_1.mp3": "",
    })  # fmt: skip
    (found,) = read_corpus("common-voice", root)
    assert (found.speaker, found.text, found.sex, found.age, found.language) == (
        "cv-abcdef", 'Il dit "oui"', "f", "thirties", "fr",
    )  # fmt: skip


def test_a_folder_for_each_speaker(tmp_path: Path) -> None:
    root = put(tmp_path, {"ann/1.wav": "", "ann/1.txt": "hello\n", "ben/1.FLAC": ""})
    assert [(each.speaker, each.text) for each in read_corpus("folders", root)] == [("ann", "hello"), ("ben", "")]


@pytest.mark.parametrize("name", sorted(READERS))
def test_a_folder_that_holds_no_corpus_is_refused_and_told_its_layout(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_corpus(name, tmp_path)
    assert "`" in error.value.remedy
    with pytest.raises(InputError, match="not a folder"):
        read_corpus(name, tmp_path / "nowhere")
