"""What people add is taken out of sound and text; what they bring back stands as it was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from discreet.review import Draft, Redact, Span
from discreet.review.decision_kinds import Correct
from discreet.review.decisions_file import DecisionsError
from discreet.review.draft import ReviewScene
from discreet.review.word_decisions import redacted, with_word_corrected, without_redactions


def texts(draft: Draft) -> list[str]:
    return [word.text for word in draft.plan.words]


def test_a_word_goes_with_the_margins_of_private_words(found: Draft, scene: ReviewScene) -> None:
    done = redacted(found, scene, "d1", Redact(spans=(Span(start=2.0, end=2.4),), entity="PLACE"))
    assert texts(done) == ["[PERSON]", "Miller", "[PLACE]", "yes", "Miller's", "ill"]
    (new,) = [each for each in done.plan.redactions if each.id in done.added]
    assert (new.entity, new.operator, new.person) == ("PLACE", "beep", "p1")
    assert new.start < 2.0
    assert new.end > 2.4
    assert [word.text for word in done.plan.said[new.id]] == ["called"]
    assert found.plan.words[2].text == "called"


def test_every_occurrence_goes_whoever_says_it(found: Draft, scene: ReviewScene) -> None:
    done = redacted(found, scene, "d1", Redact(spans=(Span(start=1.5, end=1.9),), every=True, operator="silence"))
    assert texts(done) == ["[PERSON]", "[ADDED]", "called", "yes", "[ADDED]", "ill"]
    assert {each.person for each in done.plan.redactions if each.id in done.added} == {"p1", "p2"}
    assert {each.operator for each in done.plan.redactions if each.id in done.added} == {"silence"}


def test_every_occurrence_of_two_words_is_that_of_both(found: Draft, scene: ReviewScene) -> None:
    done = redacted(found, scene, "d1", Redact(spans=(Span(start=1.5, end=2.4),), every=True))
    assert texts(done) == ["[PERSON]", "[ADDED]", "yes", "Miller's", "ill"]


def test_a_time_goes_exactly_with_the_words_in_it(found: Draft, scene: ReviewScene) -> None:
    done = redacted(found, scene, "d1", Redact(spans=(Span(start=8.9, end=9.8),), words=False))
    (new,) = [each for each in done.plan.redactions if each.id in done.added]
    assert (new.start, new.end) == (8.9, 9.8)
    assert texts(done) == ["[PERSON]", "Miller", "called", "[ADDED]", "ill"]
    assert [word.text for word in done.plan.said[new.id]] == ["yes", "Miller's"]


def test_a_word_that_is_gone_everywhere_may_stand_in_no_text(found: Draft, scene: ReviewScene) -> None:
    once = redacted(found, scene, "d1", Redact(spans=(Span(start=1.5, end=1.9),)))
    assert once.plan.forms.within("Miller") is None  # it still stands elsewhere, as was decided
    every = redacted(found, scene, "d1", Redact(spans=(Span(start=1.5, end=1.9),), every=True, entity="NAME"))
    assert every.plan.forms.within("Miller") == "NAME"


def test_where_no_word_is_known_the_time_goes(found: Draft, scene: ReviewScene) -> None:
    done = redacted(found, scene, "d1", Redact(spans=(Span(start=15, end=16),)))
    (new,) = [each for each in done.plan.redactions if each.id in done.added]
    assert (new.start, new.end) == (15, 16)
    assert texts(done) == texts(found)


def test_what_is_taken_out_already_is_not_taken_out_again(found: Draft, scene: ReviewScene) -> None:
    done = redacted(found, scene, "d1", Redact(spans=(Span(start=1.0, end=1.4),)))
    assert texts(done) == texts(found)


def test_what_was_brought_back_stands_as_it_was_said(found: Draft) -> None:
    done = without_redactions(found, ["w1"])
    assert texts(done) == ["Otto", "Miller", "called", "yes", "Miller's", "ill"]
    assert done.plan.redactions == []
    assert done.plan.said == {}
    assert done.plan.forms.within("Otto") is None


def test_nothing_is_brought_back_of_somebody_who_may_not_be_quoted(found: Draft) -> None:
    people = [person.model_copy(update={"quoted": person.id != "p1"}) for person in found.people.people]
    with pytest.raises(DecisionsError, match="may not be quoted"):
        without_redactions(replace(found, people=replace(found.people, people=people)), ["w1"])


def test_a_word_is_spelled_anew(found: Draft, scene: ReviewScene) -> None:
    done = with_word_corrected(found, scene, Correct(start=9.5, end=9.9, text="Mueller"))
    assert texts(done) == ["[PERSON]", "Miller", "called", "yes", "Mueller", "ill"]


def test_no_correction_writes_a_private_word(found: Draft, scene: ReviewScene) -> None:
    with pytest.raises(DecisionsError, match="private word"):
        with_word_corrected(found, scene, Correct(start=9.5, end=9.9, text="Otto's"))


def test_a_word_that_went_meanwhile_is_not_corrected(found: Draft, scene: ReviewScene) -> None:
    gone = redacted(found, scene, "d1", Redact(spans=(Span(start=9.5, end=9.9),)))
    with pytest.raises(DecisionsError, match="any more"):
        with_word_corrected(gone, scene, Correct(start=9.5, end=9.9, text="Mill"))
