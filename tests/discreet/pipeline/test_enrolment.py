"""Enrolment makes templates for every recogniser that is here, so that another profile knows the person, too."""

from pathlib import Path

import pytest

from discreet.config.settings import load
from discreet.pipeline.enrolment import EnrolmentFiles, enroll
from registered import Answers, Consent, EnrolmentOptions, Registry
from timeline import ModelError, PeopleError
from weights import Store

CONSENT = Consent.granting(Answers(seen=True))


class Without:
    """The store as it would be without some models."""

    def __init__(self, store: Store, *ids: str) -> None:
        self._store, self._ids = store, ids

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    def has(self, id: str) -> bool:
        return id not in self._ids and self._store.has(id)


@pytest.fixture
def photos(store, needs) -> list[Path]:
    needs(store, "yunet", "sface", "arcface-mbf", "demo-photos")
    return [store.path("demo-photos") / name for name in ("obama.jpg", "obama2.jpg")]


def test_both_recognisers_have_templates_of_every_photo(store, photos, tmp_path: Path) -> None:
    registry = Registry.open(tmp_path, "file")
    done = enroll(registry, store, load(), "Ann", EnrolmentFiles(photos), consent=CONSENT)
    assert {model: len(rows) for model, rows in done.person.faces.items()} == {"sface": 2, "arcface-mbf": 2}
    assert registry.get("Ann").faces.keys() == done.person.faces.keys()
    assert registry.get("Ann").consent.answers() == Answers(seen=True)


def test_without_the_other_model_it_goes_without_and_can_be_added_later(store, photos, tmp_path: Path) -> None:
    registry = Registry.open(tmp_path, "file")
    settings = load()
    enroll(registry, Without(store, "arcface-mbf"), settings, "Ann", EnrolmentFiles(photos), consent=CONSENT)
    assert set(registry.get("Ann").faces) == {"sface"}
    other = load(options=["vision.recognise.recogniser=arcface-mbf"])
    enroll(
        registry, Without(store, "sface"), other, "Ann", EnrolmentFiles(photos[:1], options=EnrolmentOptions(add=True))
    )
    faces = registry.get("Ann").faces
    assert {model: len(rows) for model, rows in faces.items()} == {"sface": 2, "arcface-mbf": 1}
    assert registry.get("Ann").consent.answers() == Answers(seen=True)


def test_photos_of_two_people_are_refused_by_either(store, photos, tmp_path: Path) -> None:
    registry = Registry.open(tmp_path, "file")
    two = [photos[0], store.path("demo-photos") / "biden.jpg"]
    for options in ([], ["vision.recognise.recogniser=arcface-mbf"]):
        with pytest.raises(PeopleError):
            enroll(registry, store, load(options=options), "Ann", EnrolmentFiles(two), consent=CONSENT)
        assert registry.find("Ann") is None


def test_a_recogniser_that_is_not_here_enrols_nobody(store, photos, tmp_path: Path) -> None:
    registry = Registry.open(tmp_path / "people", "file")
    with pytest.raises(ModelError, match="yunet"):
        enroll(registry, Store(tmp_path / "weights"), load(), "Ann", EnrolmentFiles(photos), consent=CONSENT)
    assert registry.people() == []
