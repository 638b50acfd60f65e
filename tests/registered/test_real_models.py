"""Enrolment with the models it is used with, on real photos and clips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile

from diarization import SpeechFinder, VoiceEmbedder
from registered import Clip, Enroller, EnrolmentError, Gallery, Registry
from timeline import ArrayAudio
from vision import FaceFinder
from weights import Store

pytestmark = [pytest.mark.media, pytest.mark.models]
Needs = Callable[..., None]


@dataclass
class People:
    """The photos and clips of the labelled people."""

    folder: Path

    def photos(self, name: str) -> list[Path]:
        return sorted((self.folder / name).glob("face*.jpg"))

    def clip(self, name: str) -> Clip:
        samples, rate = soundfile.read(self.folder / name / "voice.wav", dtype="float32")
        return Clip(name, ArrayAudio(samples, rate))


@pytest.fixture
def people(media: Path) -> People:
    return People(media / "meetings" / "people")


@pytest.fixture(scope="module")
def finder(store: Store, needs: Needs) -> FaceFinder:
    needs(store, "yunet", "sface")
    return FaceFinder.from_store(store)


@pytest.fixture(scope="module")
def embedder(store: Store, needs: Needs) -> VoiceEmbedder:
    needs(store, "silero-vad", "ecapa", "campplus")
    return VoiceEmbedder.from_store(store)


def test_everybody_can_be_enrolled_and_is_told_apart(registry: Registry, people: People, finder: FaceFinder) -> None:
    enroller = Enroller(registry, finder)
    names = sorted(path.name for path in people.folder.iterdir())
    for name in names:
        assert enroller.enrol(name, people.photos(name)).faces == 2
    gallery = Gallery.for_faces(registry, finder.model)
    for name in names:
        person = registry.get(name)
        others = np.delete(gallery.similarity(person.faces[finder.model]), gallery.ids.index(person.id), axis=1)
        assert others.max() < finder.same


def test_photos_of_two_people_and_a_person_enrolled_twice_are_refused(
    registry: Registry, people: People, finder: FaceFinder
) -> None:
    enroller = Enroller(registry, finder)
    with pytest.raises(EnrolmentError, match="not show the same person"):
        enroller.enrol("Both", [people.photos("ID12")[0], people.photos("ID5")[0]])
    enroller.enrol("Ada", people.photos("ID12")[:1])
    with pytest.raises(EnrolmentError, match="like that of Ada"):
        enroller.enrol("Eve", people.photos("ID12")[1:])


@pytest.mark.parametrize("fault", ["blurred", "too-dark", "no-face", "too-small"])
def test_spoiled_photos_are_refused(
    registry: Registry, people: People, finder: FaceFinder, tmp_path: Path, fault: str
) -> None:
    image = cv2.imread(str(people.photos("ID9")[1]))
    spoiled = {
        "blurred": lambda: cv2.GaussianBlur(image, (0, 0), 4),
        "too-dark": lambda: (image * 0.15).astype(np.uint8),
        "no-face": lambda: np.ascontiguousarray(image[150:]),
        "too-small": lambda: cv2.resize(image, (100, 100), interpolation=cv2.INTER_AREA),
    }[fault]()
    cv2.imwrite(str(tmp_path / "spoiled.png"), spoiled)
    with pytest.raises(EnrolmentError) as caught:
        Enroller(registry, finder).enrol("Ada", [tmp_path / "spoiled.png"])
    assert fault in {p.code for p in caught.value.problems}


def test_two_faces_are_refused_with_their_boxes(
    registry: Registry, people: People, finder: FaceFinder, tmp_path: Path
) -> None:
    pair = np.hstack([cv2.imread(str(people.photos(name)[0])) for name in ("ID9", "ID12")])
    cv2.imwrite(str(tmp_path / "pair.png"), pair)
    with pytest.raises(EnrolmentError, match=r"2 faces were found \(\d+x\d+ at \d+,\d+, \d+x\d+ at \d+,\d+\)"):
        Enroller(registry, finder).enrol("Ada", [tmp_path / "pair.png"])


def test_voices_can_be_enrolled_and_are_told_apart(
    registry: Registry, people: People, embedder: VoiceEmbedder, store: Store
) -> None:
    enroller = Enroller(registry, None, embedder, SpeechFinder.from_store(store))
    names = ("ID12", "ID19", "ID5")
    for name in names:
        assert enroller.enrol(name, clips=[people.clip(name)]).voices == 1
    gallery = Gallery.for_voices(registry, embedder.model)
    for name in names:
        samples = people.clip(name).audio
        assert isinstance(samples, ArrayAudio)
        scores = gallery.similarity(embedder(samples.samples[: 4 * 16000]))
        assert gallery.ids[int(scores.argmax())] == registry.get(name).id


def test_a_clip_of_two_voices_is_refused(
    registry: Registry, people: People, embedder: VoiceEmbedder, store: Store
) -> None:
    parts = [people.clip(name).audio for name in ("ID12", "ID9")]
    blocks = [next(iter(part.blocks(6.0))) for part in parts]
    both = Clip("both.wav", ArrayAudio(np.concatenate(blocks)))
    with pytest.raises(EnrolmentError) as caught:
        Enroller(registry, None, embedder, SpeechFinder.from_store(store)).enrol("Both", clips=[both])
    assert "two-voices" in {p.code for p in caught.value.problems}
