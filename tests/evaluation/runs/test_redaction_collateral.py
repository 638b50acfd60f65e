"""Collateral: a private word counts as heard where it sounds again, another as lost where it does not."""

from evaluation.data.read_speech import TEST, TUNE
from evaluation.runs.redaction_collateral import Count, private_words
from timeline import Word


def say(text: str) -> list[Word]:
    return [Word(start=i, end=i + 0.8, text=t, confidence=0.9) for i, t in enumerate(text.split())]


BEFORE = say("we talked about Margaret all evening and nothing else")
MARGARET = BEFORE[3]


def test_what_is_heard_again_and_what_is_lost() -> None:
    count = Count()
    count.add(BEFORE, [MARGARET], [w for w in BEFORE if w.text not in ("Margaret", "all")])
    assert (count.private, count.heard, count.others, count.lost) == (1, 0, 8, 1)
    count.add(BEFORE, [MARGARET], BEFORE)
    assert (count.leak, count.loss) == (0.5, 1 / 16)


def test_a_word_that_a_listener_never_heard_is_no_leak_of_theirs() -> None:
    count = Count()
    other = [w.model_copy(update={"text": "market"}) if w is MARGARET else w for w in BEFORE]
    count.add(other, [MARGARET], BEFORE)
    assert (count.private, count.heard) == (0, 0)


def test_the_private_words_are_always_the_same_and_said_once() -> None:
    words = say(" ".join(f"word{i} the" for i in range(60)) + " again again")
    chosen = private_words(words, "anybody")
    assert chosen == private_words(words, "anybody")
    assert len(chosen) == len(words) // 12
    assert not {words[i].text for i in chosen} & {"the", "again"}


def test_nothing_is_reported_on_what_was_tuned_on() -> None:
    assert not set(TUNE) & set(TEST)


def test_a_number_is_not_lost_where_it_is_written_otherwise() -> None:
    count = Count()
    count.add(say("the dose is ten minutes"), [], say("the dose is 10 minutes"))
    assert count.lost == 0


def test_a_word_that_others_say_there_is_no_private_word_heard_again() -> None:
    words = say("she put it into bags and went")
    count = Count()
    count.add(words, [words[3]], [w for w in words if w is not words[3]])
    assert (count.private, count.heard) == (1, 0)
    elsewhere = words[5].model_copy(update={"start": 3.1, "end": 3.7})
    count.add(words, [words[3]], [*words[:3], elsewhere, *words[4:]])
    assert (count.private, count.heard) == (2, 1)  # who hears "and" in its place may have heard "into"
