"""Who is who in a result: known to the registry, to nobody else, and gone when somebody is forgotten."""

from __future__ import annotations

from discreet.share.identity_links import forget_links, key_of, links
from tests.discreet.share.conftest import Place, timeline


def test_links_come_back_for_their_result_and_no_other(place: Place) -> None:
    registry = place.project.registry
    assert links(registry, timeline(1)) == {f"p{n}": person.id for n, person in enumerate(place.people, 1)}
    other = timeline(1).model_copy(update={"provenance": timeline(1).provenance.model_copy(update={"created": "x"})})
    assert links(registry, other) == {}


def test_no_id_stands_in_the_files(place: Place) -> None:
    folder = place.project.registry.folder / "sharing" / "links"
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not any(person.id.encode() in content for person in place.people)
    assert {path.stem for path in folder.iterdir()} == {key_of(place.project.registry, timeline(n)) for n in (1, 2)}


def test_somebody_named_is_who_bears_the_name(place: Place) -> None:
    result = timeline(1)
    people = [result.people[0].model_copy(update={"name": "Zoe Okonkwo"}), *result.people[1:]]
    renamed = result.model_copy(update={"people": people})
    found = links(place.project.registry, renamed)
    assert "p1" not in found, "the result says one person and the link another: nobody knows"
    fresh = renamed.model_copy(update={"provenance": result.provenance.model_copy(update={"created": "x"})})
    assert links(place.project.registry, fresh) == {"p1": place.people[1].id}


def test_merged_people_are_nobody_known(place: Place) -> None:
    result = timeline(1)
    assert links(place.project.registry, result.model_copy(update={"people": result.people[:2]})) == {}


def test_somebody_forgotten_is_in_no_link(place: Place) -> None:
    registry = place.project.registry
    assert forget_links(registry, place.people[0].id) == 2
    assert "p1" not in links(registry, timeline(1))
    assert len(links(registry, timeline(2))) == 2
    assert forget_links(registry, place.people[0].id) == 0
