from __future__ import annotations

import io
import itertools
import sys
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from registered_fakes import Faces, Image, Photos, Voices, clip, face, identity, picture, speech, talk

from registered import (
    NOBODY,
    Answers,
    Consent,
    Enroller,
    EnrolmentError,
    EnrolmentOptions,
    FaceQuality,
    Gallery,
    Registry,
    Settings,
    Video,
    parse_answers,
)
from registered.files import write_private
from timeline import FloatArray, OutputError, PeopleError

COVERS = (
    "registered.video_checks",
    "registered.enrolment_selection",
)

ALL = Consent.granting(parse_answers("all"))


@pytest.fixture
def photo(tmp_path: Path) -> Photos:
    (tmp_path / "photos").mkdir()
    return Photos(tmp_path / "photos")


@pytest.fixture
def enroller(registry: Registry) -> Enroller:
    return Enroller(registry, Faces(), Voices(), speech)


def test_somebody_is_enrolled_with_face_and_voice(registry: Registry, enroller: Enroller, photo: Photos) -> None:
    done = enroller.enrol(
        "Ada", [photo("a.png", picture(1)), photo("b.png", picture(1))], [], [clip("v", talk(14))], ALL
    )
    person = registry.get("Ada")
    assert (done.person.id, done.faces, done.voices, done.problems, done.advice) == (person.id, 2, 1, (), ())
    assert person.faces["fake-face"].shape == (2, 32)
    assert person.voices["fake-voice"].shape == (1, 32)
    assert person.kept == ()
    assert registry.answers(person.id) == Answers(True, True, True, True)
    assert Gallery.for_faces(registry, "fake-face").similarity(identity(1)) == pytest.approx([1.0])


def test_without_consent_somebody_is_enrolled_in_order_to_opt_out(
    registry: Registry, enroller: Enroller, photo: Photos
) -> None:
    done = enroller.enrol("Ada", [photo("a.png", picture(1))])
    assert registry.answers(done.person.id) == NOBODY


def test_all_problems_of_all_files_are_told_at_once_and_nobody_is_enrolled(
    registry: Registry, enroller: Enroller, photo: Photos, tmp_path: Path
) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    photos = [
        photo("dark.png", picture(1, dark=0.15)),
        tmp_path / "text.jpg",
        tmp_path / "gone.jpg",
        photo("good.png", picture(1)),
    ]
    clips = [clip("loud.wav", np.clip(talk(12) * 8, -1, 1)), clip("short.wav", talk(0.8))]
    with pytest.raises(EnrolmentError) as caught:
        enroller.enrol("Ada", photos, [], clips, ALL)
    told = {(Path(p.source).name, p.code) for p in caught.value.problems}
    assert told == {
        ("dark.png", "too-dark"),
        ("text.jpg", "unreadable"),
        ("gone.jpg", "unreadable"),
        ("loud.wav", "clipped"),
        ("short.wav", "no-speech"),
        ("photos", "too-few"),
    }
    assert "\n" not in str(caught.value)
    assert "too dark" in str(caught.value)
    assert caught.value.remedy
    assert registry.people() == []


def test_good_files_are_enough_if_there_are_enough(registry: Registry, enroller: Enroller, photo: Photos) -> None:
    photos = [photo("a.png", picture(1)), photo("b.png", picture(1)), photo("dark.png", picture(1, dark=0.15))]
    done = enroller.enrol("Ada", photos)
    assert done.faces == 2
    assert [p.code for p in done.problems] == ["too-dark"]
    strict = Enroller(registry, Faces(), settings=Settings(face=FaceQuality(min_share=1.0)))
    with pytest.raises(EnrolmentError, match="too dark"):
        strict.enrol("Eve", photos)


def test_photos_of_two_people_are_refused_and_the_odd_one_out_is_named(enroller: Enroller, photo: Photos) -> None:
    a, b, c = (photo(f"{n}.png", picture(k)) for n, k in (("a", 1), ("b", 1), ("c", 2)))
    with pytest.raises(EnrolmentError) as caught:
        enroller.enrol("Ada", [a, c])
    assert [p.code for p in caught.value.problems] == ["another-person"] * 2
    done = enroller.enrol("Ada", [a, b, c])
    assert [(Path(p.source).name, p.code) for p in done.problems] == [("c.png", "another-person")]


def test_clips_of_two_people_are_refused(enroller: Enroller) -> None:
    with pytest.raises(EnrolmentError, match="not the same voice"):
        enroller.enrol("Ada", clips=[clip("a", talk(12, 120)), clip("b", talk(12, 300))])


def test_speech_of_several_clips_adds_up(enroller: Enroller) -> None:
    with pytest.raises(EnrolmentError, match="too little"):
        enroller.enrol("Ada", clips=[clip("a", talk(5))])
    assert enroller.enrol("Ada", clips=[clip("a", talk(5)), clip("b", talk(5, seed=1))]).voices == 2


def test_a_look_alike_needs_a_reason(registry: Registry, enroller: Enroller, photo: Photos) -> None:
    enroller.enrol("Ada", [photo("a.png", picture(1))], [], [clip("v", talk(12, 120))], ALL)
    with pytest.raises(EnrolmentError, match="like that of Ada") as caught:
        enroller.enrol("Eve", [photo("b.png", picture(1))])
    assert "--force" in caught.value.remedy
    with pytest.raises(EnrolmentError, match="the voice is like that of Ada"):
        enroller.enrol("Eve", clips=[clip("v", talk(12, 120, seed=2))])
    with pytest.raises(EnrolmentError):
        enroller.enrol("Eve", [photo("b.png", picture(1))], options=EnrolmentOptions(force="  "))
    done = enroller.enrol("Eve", [photo("b.png", picture(1))], options=EnrolmentOptions(force="twins"))
    assert [p.code for p in done.forced] == ["look-alike"]
    assert registry.get("Eve").notes == ("look-alike accepted: twins",)
    # Nothing about Ada may stay in Eve's record when Ada is forgotten.
    assert registry.get("Ada").id not in str(registry.get("Eve").notes)
    assert (
        enroller.enrol("Bob", [photo("c.png", picture(2))], options=EnrolmentOptions(force="twins")).person.notes == ()
    )


def test_voices_must_be_more_alike_than_faces_to_count(registry: Registry, enroller: Enroller) -> None:
    class Fixed(Voices):
        row = identity(1)

        def __call__(self, samples: FloatArray) -> FloatArray:
            return self.row

    embedder = Fixed()
    enroller = Enroller(registry, None, embedder, speech)
    enroller.enrol("Ada", clips=[clip("v", talk(12))])
    for cosine, name in ((0.6, "Eve"), (0.65, "Bob")):
        embedder.row = cosine * identity(1) + np.float32(np.sqrt(1 - cosine**2)) * identity(5 + len(registry.people()))
        if cosine < 1.25 * embedder.same:
            enroller.enrol(name, clips=[clip("v", talk(12))])
        else:
            with pytest.raises(EnrolmentError, match="like that of Ada"):
                enroller.enrol(name, clips=[clip("v", talk(12))])


def test_somebody_who_opted_out_is_a_look_alike_as_well(enroller: Enroller, photo: Photos) -> None:
    enroller.enrol("Ada", [photo("a.png", picture(1))])
    with pytest.raises(EnrolmentError, match="like that of Ada"):
        enroller.enrol("Ada with consent", [photo("a.png", picture(1))], consent=ALL)


def test_a_name_is_taken_once_and_adding_is_asked_for(registry: Registry, enroller: Enroller, photo: Photos) -> None:
    first = enroller.enrol("Ada", [photo("a.png", picture(1))], consent=ALL).person
    with pytest.raises(PeopleError, match="enrolled already") as caught:
        enroller.enrol("ADA", [photo("a.png", picture(1))])
    assert "--add" in caught.value.remedy
    done = enroller.enrol(
        "ada", [photo("b.png", picture(1))], [], [clip("v", talk(12))], options=EnrolmentOptions(add=True)
    )
    assert (done.person.id, len(done.person.faces["fake-face"]), done.person.consent) == (first.id, 2, ALL)
    assert (
        enroller.enrol(
            "Ada", [photo("b.png", picture(1))], consent=Consent(), options=EnrolmentOptions(add=True)
        ).person.consent
        == Consent()
    )
    assert len(registry.get("Ada").history) == 2
    with pytest.raises(PeopleError, match="nobody called"):
        enroller.enrol("Eve", [photo("b.png", picture(1))], options=EnrolmentOptions(add=True))


def test_only_the_same_person_can_be_added(enroller: Enroller, photo: Photos) -> None:
    enroller.enrol("Ada", [photo("a.png", picture(1))], [], [clip("v", talk(12, 120))])
    with pytest.raises(EnrolmentError, match="not like Ada as enrolled"):
        enroller.enrol("Ada", [photo("b.png", picture(2))], options=EnrolmentOptions(add=True))
    with pytest.raises(EnrolmentError, match="not like Ada as enrolled"):
        enroller.enrol("Ada", clips=[clip("w", talk(12, 300))], options=EnrolmentOptions(add=True))


def test_templates_of_another_model_can_be_added(registry: Registry, enroller: Enroller, photo: Photos) -> None:
    path = photo("a.png", picture(1))
    enroller.enrol("Ada", [path])
    Enroller(registry, Faces(model="other-face")).enrol("Ada", [path], options=EnrolmentOptions(add=True))
    assert registry.get("Ada").faces.keys() == {"fake-face", "other-face"}


def test_nothing_to_enrol_from_and_bad_names(enroller: Enroller, photo: Photos) -> None:
    with pytest.raises(EnrolmentError, match="nothing to enrol from"):
        enroller.enrol("Ada")
    with pytest.raises(PeopleError, match="empty"):
        enroller.enrol(" ", [photo("a.png", picture(1))])


def test_samples_are_kept_only_when_asked_and_encrypted(registry: Registry, enroller: Enroller, photo: Photos) -> None:
    image, samples = picture(1), talk(12)
    good, bad = photo("a.png", image), photo("b.png", picture(1, dark=0.15))
    person = enroller.enrol("Ada", [good, bad], [], [clip("v", samples)], options=EnrolmentOptions(keep=True)).person
    assert [(k.kind, k.media_type) for k in person.kept] == [("face", "image/png"), ("voice", "audio/wav")]
    kept = registry.read_kept(person.kept[0])
    np.testing.assert_array_equal(cv2.imdecode(np.frombuffer(kept, np.uint8), cv2.IMREAD_COLOR), image)
    with wave.open(io.BytesIO(registry.read_kept(person.kept[1]))) as file:
        assert (file.getframerate(), file.getnframes()) == (16000, len(samples))
    assert all(kept[:8] not in path.read_bytes() for path in registry.folder.iterdir())
    assert registry.forget("Ada").kept == 2


def test_when_samples_cannot_be_kept_nobody_is_enrolled(
    registry: Registry, enroller: Enroller, photo: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        if path.suffix == ".kept":
            raise OutputError("no room", "free some disk space")
        write_private(path, data)

    monkeypatch.setattr("registered.registry.write_private", full)
    with pytest.raises(OutputError):
        enroller.enrol("Ada", [photo("a.png", picture(1))], options=EnrolmentOptions(keep=True))
    assert registry.people() == []
    assert not list(registry.folder.glob("p-*"))


def video(keys: list[int], step: float = 0.5) -> Video:
    # Key 0: nobody in the picture.
    return Video("v.mp4", ((n * step, picture(key, seed=n)) for n, key in enumerate(keys)))


def various() -> Faces:
    rng = np.random.default_rng(0)
    shown = {0: []}
    for key in range(1, 30):
        found = face(1, turned=0.02 * key)
        mixed = identity(1) + 0.15 * rng.normal(size=32).astype(np.float32)
        shown[key] = [type(found)(found.box, found.landmarks, found.score, mixed)]
    return Faces(shown)


def test_the_best_frames_of_a_video_are_chosen(registry: Registry) -> None:
    enroller = Enroller(registry, various(), settings=Settings(face=FaceQuality(templates=4)))
    done = enroller.enrol("Ada", videos=[video([0, 0, 20, 3, 0, 12, 1, 2, 18, 9])])
    assert done.faces == 4
    assert done.problems == ()
    quality = done.person.quality["fake-face"]
    assert (np.diff(quality) <= 0).all()


def test_equal_frames_are_not_kept_twice(enroller: Enroller) -> None:
    assert enroller.enrol("Ada", videos=[video([1] * 20)]).faces == 1


def test_a_video_without_a_good_frame_is_told_in_one_line(registry: Registry) -> None:
    enroller = Enroller(registry, various())
    with pytest.raises(EnrolmentError, match="none of 6 frames is good") as caught:
        enroller.enrol("Ada", videos=[video([0] * 6)])
    assert [p.code for p in caught.value.problems] == ["no-face"]
    with pytest.raises(EnrolmentError, match="no picture"):
        enroller.enrol("Ada", videos=[video([])])


def test_of_an_endless_video_only_a_part_is_looked_at(registry: Registry) -> None:
    finder = various()
    looked = 0

    def endless() -> itertools.count[int]:
        return itertools.count()

    class Counting(Faces):
        def __call__(self, image: Image) -> list:  # type: ignore[type-arg]
            nonlocal looked
            looked += 1
            return list(finder(image))

    settings = Settings(face=FaceQuality(max_frames=5, frame_step=1.0))
    frame = picture(3)
    Enroller(registry, Counting(), settings=settings).enrol(
        "Ada", videos=[Video("v", ((n / 30, frame) for n in endless()))]
    )
    assert looked == 5


def test_a_video_of_two_people_is_refused(enroller: Enroller) -> None:
    with pytest.raises(EnrolmentError, match="more than one person"):
        enroller.enrol("Ada", videos=[video([1, 2, 1, 2])])


def test_advice(registry: Registry, photo: Photos) -> None:
    shown = {1: [face(1, turned=0.6)], 2: [face(1)]}
    little_alike = 0.45 * identity(1) + np.float32(np.sqrt(1 - 0.45**2)) * identity(2)
    side = shown[1][0]
    shown[3] = [type(side)(side.box, side.landmarks, side.score, little_alike)]
    enroller = Enroller(registry, Faces(shown))
    done = enroller.enrol("Ada", [photo("a.png", picture(1)), photo("b.png", picture(3))])
    assert [line.split(":")[0] for line in done.advice] == [
        "all photos show the face from the side",
        "the photos are little alike",
    ]
    registry.forget("Ada")
    assert enroller.enrol("Ada", [photo("a.png", picture(1)), photo("b.png", picture(2))]).advice == ()
