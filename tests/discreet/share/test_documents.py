"""Facts for documents: models come from the statements about exports."""

from __future__ import annotations

from discreet.results.folder import TIMELINE
from discreet.share.documents import facts_of
from discreet.share.identity_links import keep_links
from tests.discreet.share.conftest import Place, timeline


def test_models_of_what_was_given_away_are_listed_and_no_others(place: Place) -> None:
    assert facts_of(place.reopened()).models == {}
    result = timeline(1)
    provenance = result.provenance.model_copy(update={"models": {"yunet": "ab" * 32}})
    result = result.model_copy(update={"provenance": provenance})
    (place.folders[0] / TIMELINE).write_text(result.to_json())
    keep_links(place.project.registry, result, {f"p{n}": person.id for n, person in enumerate(place.people, 1)})
    place.export("transcript")
    assert facts_of(place.reopened()).models == {"yunet": "ab" * 32}
