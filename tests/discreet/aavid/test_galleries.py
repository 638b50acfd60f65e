"""Folders of photos and clips become people, and nobody without an answer."""

from dataclasses import replace
from pathlib import Path

import pytest

from discreet.aavid.galleries import Member, import_people, members, missing, unasked_line
from discreet.config import load
from discreet.pipeline import RunContext
from registered import Answers, Consent, Registry
from timeline import InputError, ModelError
from weights import Store


def laid(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return [folder / name for name in names]


def test_photos_lie_in_folders_of_names_and_clips_beside_them_or_in_folders(tmp_path: Path) -> None:
    ann1, ann2, ben, *_ = laid(
        tmp_path / "registeredFaces", "Ann/1.jpg", "Ann/2.PNG", "Ben/a.jpeg", "Ben/notes.txt", "x.jpg", ".git/y.jpg"
    )
    own, cyd, *_ = laid(tmp_path / "voice_samples", "ANN.wav", "Cyd/one.mp3", "readme.md")
    assert members(tmp_path / "registeredFaces", tmp_path / "voice_samples") == [
        Member("Ann", (ann1, ann2), (own,)),
        Member("Ben", (ben,)),
        Member("Cyd", (), (cyd,)),
    ]
    assert members(None, None) == []


def test_a_gallery_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        members(tmp_path / "none", None)


def context(folder: Path) -> RunContext:
    settings = load()
    return RunContext.of(settings, Store(), Registry.open(folder, "file"))


def test_nobody_is_enrolled_without_an_answer(tmp_path: Path) -> None:
    laid(tmp_path / "faces", "Ann/1.jpg", "Ben/1.jpg")
    gallery, run = members(tmp_path / "faces", None), context(tmp_path / "reg")
    assert import_people(run, gallery, lambda name: None) == []
    assert run.registry.people() == []
    assert missing([], gallery) == gallery
    assert "2 of 2 people" in unasked_line(run.registry, gallery)
    assert unasked_line(run.registry, []) == ""


def test_a_gallery_is_enrolled_with_its_consent_and_again_only_what_is_new(store, needs, tmp_path: Path) -> None:
    needs(store, "yunet", "sface", "demo-photos")
    (tmp_path / "faces" / "Barack").mkdir(parents=True)
    for name in ("obama.jpg", "obama2.jpg"):
        (tmp_path / "faces" / "Barack" / name).write_bytes((store.path("demo-photos") / name).read_bytes())
    laid(tmp_path / "faces", "Nobody/broken.jpg")
    run, gallery = context(tmp_path / "reg"), members(tmp_path / "faces", None)
    consent = Consent.granting(Answers(seen=True, named=True))
    done = {one.name: one for one in import_people(run, gallery, lambda name: consent)}
    assert (done["Barack"].faces, done["Barack"].failed) == (2, False)
    assert done["Nobody"].failed
    assert done["Nobody"].notes
    assert [(p.name, p.consent.answers()) for p in run.registry.people()] == [
        ("Barack", Answers(seen=True, named=True))
    ]
    enrolled = run.registry.get("Barack")
    other = "of-another-model"
    faces, quality = {other: enrolled.faces["sface"]}, {other: enrolled.quality["sface"]}
    run.registry.replace(replace(enrolled, faces=faces, quality=quality))
    assert [one.faces for one in import_people(run, gallery[:1], lambda name: None)] == [2]
    assert {other, "sface"} <= run.registry.get("Barack").faces.keys()
    run.registry.set_consent("Barack", Consent.granting(Answers()))
    again = import_people(run, members(tmp_path / "faces", None)[:1], lambda name: consent)
    assert again == []
    assert run.registry.get("Barack").consent.answers() == Answers()


def test_all_models_that_are_missing_are_named_at_once(tmp_path: Path) -> None:
    laid(tmp_path / "faces", "Ann/1.jpg")
    laid(tmp_path / "voices", "Ann.wav")
    run = replace(context(tmp_path / "reg"), store=Store(tmp_path / "weights", local=[]))
    with pytest.raises(ModelError) as missing:
        import_people(run, members(tmp_path / "faces", tmp_path / "voices"), lambda name: Consent.granting(Answers()))
    for id in ("yunet", "sface", "silero-vad", "ecapa", "campplus"):
        assert id in missing.value.remedy
    assert run.registry.people() == []
